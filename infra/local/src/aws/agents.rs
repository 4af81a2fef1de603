//! Agents of the Connect stand-in: what each one's panel shows, and what is done there. Flows are not run; the agent that a
//! contact names is the one for whom it rings, as the project's flow would have it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::chime::Chime;
use super::connect::Connect;
use super::contacts::Contact;
use super::held;

/// How an agent stands, of the states that every instance has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgentState {
    /// Contacts may ring.
    #[default]
    Available,
    /// None do.
    Offline,
}

/// Those who have been at the panel, and who is.
#[derive(Default)]
pub(crate) struct Agents {
    known: Vec<Agent>,
    signed_in: Option<String>,
}

struct Agent {
    id: String,
    state: AgentState,
    since: Timestamp,
}

/// How a contact stands at the panel, by the service's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactState {
    /// It rings.
    Connecting,
    /// The agent has taken it.
    Connected,
    /// It is over, and the agent does their after-call work.
    Ended,
}

/// A contact as the panel has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AtPanel {
    contact_id: String,
    state: ContactState,
    since: Timestamp,
    attributes: Value,
    with_video: bool,
}

/// What an agent's panel shows: one contact at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    agent_id: String,
    state: AgentState,
    since: Timestamp,
    contacts: Vec<AtPanel>,
}

/// What an agent does with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentAct {
    /// Takes it.
    Accept,
    /// Hangs up.
    HangUp,
    /// Has done the after-call work.
    Clear,
}

/// What an attendee of an agent's carries: sound goes by the panel, pictures by the page around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carries {
    /// The microphone and the speaker.
    Sound,
    /// The camera and the others' pictures.
    Video,
}

impl Connect {
    /// What an agent's panel shows. Whoever comes for the first time is available.
    pub(crate) fn panel(&self, chime: &Chime, agent: &str) -> Panel {
        let (state, since) = self.agent_state(agent);
        let contacts = self.on(chime);
        let shown = at_panel(&contacts, agent, state).into_iter().collect();
        Panel { agent_id: agent.to_owned(), state, since, contacts: shown }
    }

    /// Who is signed in.
    pub(crate) fn signed_in(&self) -> Option<String> {
        held(&self.agents).signed_in.clone()
    }

    /// Signs somebody in, or whoever is there out.
    pub(crate) fn sign_in(&self, agent: Option<&str>) {
        held(&self.agents).signed_in = agent.map(ToOwned::to_owned);
    }

    /// Changes how an agent stands.
    pub(crate) fn set_agent(&self, id: &str, state: AgentState) {
        let now = self.clock.now();
        let known = &mut held(&self.agents).known;
        match known.iter_mut().find(|agent| agent.id == id) {
            Some(agent) if agent.state == state => {}
            Some(agent) => (agent.state, agent.since) = (state, now),
            None => known.push(Agent { id: id.to_owned(), state, since: now }),
        }
    }

    /// Does something with the contact at an agent's panel. `false`: it is not there, or not in that state.
    pub(crate) fn act(&self, chime: &Chime, agent: &str, contact: &str, act: AgentAct) -> bool {
        let (state, _) = self.agent_state(agent);
        let now = self.clock.now();
        let mut contacts = self.on(chime);
        let Some(stands) = at_panel(&contacts, agent, state).filter(|one| one.contact_id == contact) else {
            return false;
        };
        let Some(contact) = contacts.iter_mut().find(|one| one.id == contact) else { return false };
        match (act, stands.state) {
            (AgentAct::Accept, ContactState::Connecting) => {
                contact.agent = Some(agent.to_owned());
                contact.agent_at = Some(now);
                self.publish(contact, "CONNECTED_TO_AGENT");
            }
            (AgentAct::HangUp, ContactState::Connected) => self.finish(chime, contact, now),
            (AgentAct::Clear, ContactState::Ended) => contact.is_cleared = true,
            (_, _) => return false,
        }
        true
    }

    /// What lets an agent into the meeting of the contact that they have taken, in the words of the panel's API. None:
    /// they have taken no such contact, or it is over.
    pub(crate) fn transport(&self, chime: &Chime, agent: &str, contact: &str, carries: Carries) -> Option<Value> {
        let contacts = self.on(chime);
        let taken = |one: &&Contact| one.id == contact && one.is_on() && one.agent.as_deref() == Some(agent);
        let contact = contacts.iter().find(taken)?;
        let user = match carries {
            Carries::Sound => format!("{agent}-sound"),
            Carries::Video => format!("{agent}-video"),
        };
        let attendee = chime.admit(&contact.meeting_id, &user).ok()?;
        let meeting = chime.shape_of(&contact.meeting_id)?;
        let placement = meeting.get("MediaPlacement")?.as_object()?;
        let placement = placement.iter().map(|(name, value)| (first_small(name), value.clone()));
        Some(json!({
            "attendee": { "attendeeId": attendee.id, "joinToken": attendee.join_token },
            "meeting": {
                "meetingId": contact.meeting_id,
                "mediaRegion": meeting.get("MediaRegion"),
                "meetingFeatures": null,
                "mediaPlacement": placement.collect::<serde_json::Map<_, _>>(),
            },
        }))
    }

    fn agent_state(&self, id: &str) -> (AgentState, Timestamp) {
        let known = &mut held(&self.agents).known;
        if let Some(agent) = known.iter().find(|agent| agent.id == id) {
            return (agent.state, agent.since);
        }
        let agent = Agent { id: id.to_owned(), state: AgentState::default(), since: self.clock.now() };
        let stands = (agent.state, agent.since);
        known.push(agent);
        stands
    }
}

/// The one contact that an agent has, else the one that rings longest for them.
fn at_panel(contacts: &[Contact], agent: &str, state: AgentState) -> Option<AtPanel> {
    let own = contacts.iter().find(|one| one.agent.as_deref() == Some(agent) && !one.is_cleared);
    if let Some(contact) = own {
        let (state, since) = match contact.ended_at {
            Some(at) => (ContactState::Ended, at),
            None => (ContactState::Connected, contact.agent_at.unwrap_or(contact.started_at)),
        };
        return Some(shown(contact, state, since));
    }
    let rings = |one: &&Contact| one.is_on() && one.agent_at.is_none() && one.wanted_agent() == Some(agent);
    let ringing = contacts.iter().find(rings).filter(|_| state == AgentState::Available)?;
    Some(shown(ringing, ContactState::Connecting, ringing.started_at))
}

fn shown(contact: &Contact, state: ContactState, since: Timestamp) -> AtPanel {
    AtPanel {
        contact_id: contact.id.clone(),
        state,
        since,
        attributes: contact.attributes.clone(),
        with_video: contact.request.get("AllowedCapabilities").is_some(),
    }
}

/// Names of the panel's API begin with a small letter, those of the service with a large one.
fn first_small(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::clock::LocalClock;

    /// The service, with contacts for these agents.
    fn service(agents: &[&str]) -> (Connect, Chime, Vec<String>) {
        let (connect, chime) = (Connect::new(LocalClock::default()), Chime::new(8788, LocalClock::default()));
        for (index, agent) in agents.iter().enumerate() {
            let body = json!({
                "InstanceId": "i",
                "ClientToken": index.to_string(),
                "ParticipantDetails": { "DisplayName": "Patient" },
                "Attributes": { "visitId": "v", "agentId": agent },
                "AllowedCapabilities": {},
            });
            connect.call(&chime, "StartWebRTCContact", body).unwrap();
        }
        let ids = connect.contacts().into_iter().map(|contact| contact.id).collect();
        (connect, chime, ids)
    }

    fn seen(connect: &Connect, chime: &Chime, agent: &str) -> Vec<(String, ContactState)> {
        connect.panel(chime, agent).contacts.into_iter().map(|one| (one.contact_id, one.state)).collect()
    }

    #[test]
    fn a_contact_rings_for_its_agent_alone_and_for_nobody_who_is_offline() {
        let (connect, chime, ids) = service(&["a"]);
        assert_eq!(seen(&connect, &chime, "a"), [(ids[0].clone(), ContactState::Connecting)]);
        assert!(seen(&connect, &chime, "b").is_empty());
        assert!(!connect.act(&chime, "b", &ids[0], AgentAct::Accept), "nor can another one take it");
        connect.set_agent("a", AgentState::Offline);
        assert!(seen(&connect, &chime, "a").is_empty());
        assert!(!connect.act(&chime, "a", &ids[0], AgentAct::Accept));
        connect.set_agent("a", AgentState::Available);
        assert_eq!(seen(&connect, &chime, "a").len(), 1);
    }

    #[test]
    fn an_agent_has_one_contact_at_a_time_until_the_work_after_it_is_done() {
        let (connect, chime, ids) = service(&["a", "a"]);
        let mut events = connect.events();
        assert!(!connect.act(&chime, "a", &ids[1], AgentAct::Accept), "the first comes first");
        assert!(connect.act(&chime, "a", &ids[0], AgentAct::Accept));
        assert!(!connect.act(&chime, "a", &ids[0], AgentAct::Accept), "taken once");
        assert!(!connect.act(&chime, "a", &ids[0], AgentAct::Clear), "it is on");
        assert_eq!(seen(&connect, &chime, "a"), [(ids[0].clone(), ContactState::Connected)]);
        assert!(connect.act(&chime, "a", &ids[0], AgentAct::HangUp));
        assert_eq!(seen(&connect, &chime, "a"), [(ids[0].clone(), ContactState::Ended)]);
        assert!(connect.act(&chime, "a", &ids[0], AgentAct::Clear));
        assert_eq!(seen(&connect, &chime, "a"), [(ids[1].clone(), ContactState::Connecting)]);
        let mut told = || events.try_recv().unwrap()["detail"]["eventType"].clone();
        assert_eq!([told(), told()], ["CONNECTED_TO_AGENT", "DISCONNECTED"]);
    }

    #[test]
    fn whoever_has_taken_a_contact_gets_into_its_meeting_and_nobody_else() {
        let (connect, chime, ids) = service(&["a"]);
        assert_eq!(connect.transport(&chime, "a", &ids[0], Carries::Video), None, "it rings");
        connect.act(&chime, "a", &ids[0], AgentAct::Accept);
        let video = connect.transport(&chime, "a", &ids[0], Carries::Video).unwrap();
        let sound = connect.transport(&chime, "a", &ids[0], Carries::Sound).unwrap();
        assert_eq!(video["meeting"], sound["meeting"]);
        assert_ne!(video["attendee"]["attendeeId"], sound["attendee"]["attendeeId"]);
        assert_eq!(connect.transport(&chime, "a", &ids[0], Carries::Video), Some(video.clone()), "the same again");
        assert!(video["meeting"]["mediaPlacement"]["signalingUrl"].is_string());
        assert_eq!(connect.transport(&chime, "b", &ids[0], Carries::Video), None);
        connect.act(&chime, "a", &ids[0], AgentAct::HangUp);
        assert_eq!(connect.transport(&chime, "a", &ids[0], Carries::Video), None, "it is over");
    }
}
