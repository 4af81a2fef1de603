//! Links: made, replaced, and recognised when they come back.

use crate::api::{self, CreateLinks, GuestRole, LinkRole};
use crate::booking::location;
use crate::caller::{Actor, Staff};
use crate::change::Change;
use crate::error::{Error, FieldError};
use crate::guests::GuestContact;
use crate::once::Claim;
use crate::ports::{Guard, Keys, Mailer, Row, Store, Texter};
use crate::practice::{AUDIENCE, App, label};
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::visits::{field, seat_row};
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, ParticipantId, VisitId};
use bedside_domain::jose::{self, JoinClaims};
use bedside_domain::link::{Link, LinkSecret, LinkStatus, Locator};
use bedside_domain::name::DisplayName;
use bedside_domain::person::Tenant;
use bedside_domain::time::{Rfc3339, Time};
use bedside_domain::visit::{Channel, Visit};
use serde::{Deserialize, Serialize};

/// How many guests and interpreters a visit may have in all: its end withdraws every link and records that, in one
/// transaction, which may have 100 items:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
const MOST_GUESTS: usize = 32;
/// A JWT outlives the window: a visit that is moved keeps its links, and the table alone says when they die.
const JWT_DAYS_AFTER_CLOSE: i64 = 30;

/// What a link says, kept sealed so that the same can be sent again.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinkText {
    pub(crate) url: String,
    pub(crate) token: String,
}

/// A link that is being made: signed already, not in the table yet.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) link_id: LinkId,
    pub(crate) role: Role,
    pub(crate) participant_id: ParticipantId,
    pub(crate) display_name: Option<DisplayName>,
    /// Where a guest or an interpreter is reached.
    pub(crate) contact: Option<GuestContact>,
    /// When it dies, where that is before the visit closes.
    pub(crate) dies_at: Option<Time>,
    pub(crate) token: String,
}

/// A link that was made: its row, and what its holder gets.
pub(crate) struct Made {
    pub(crate) link: Link,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) display_name: Option<DisplayName>,
}

impl Made {
    fn view(self, visit: &Visit) -> api::Link {
        api::Link {
            token_id: self.link.link_id,
            token: self.token,
            link: self.url,
            code: self.link.code,
            opens_at: Rfc3339(visit.opens_at),
            expires_at: Rfc3339(self.link.expires_at),
        }
    }
    fn guest_view(self, visit: &Visit) -> api::GuestLink {
        let (participant_id, role) = (self.link.participant_id, self.link.role);
        let display_name = self.display_name.as_ref().map_or_else(String::new, |name| name.expose().to_owned());
        let api::Link { token_id, token, link, code, opens_at, expires_at } = self.view(visit);
        api::GuestLink { participant_id, role, display_name, token_id, token, link, code, opens_at, expires_at }
    }
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Makes links; a new one for a role replaces the old one of that role, guests are added. Guests of whom an address is
    /// given are sent theirs.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/links`.
    pub async fn create_links(
        &self,
        staff: &Staff,
        id: VisitId,
        body: CreateLinks,
        claim: Option<&Claim>,
    ) -> Result<api::Links, Error> {
        check_request(&body)?;
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        let asked = self.asked(&file.visit, &body, claim)?;
        if let Some(made) = self.made_earlier(&file, &asked, claim).await? {
            return Ok(links_view(made, &file.visit));
        }
        let now = self.clock.now();
        may_have_links(&file.visit, now)?;
        let reached: Vec<Contact> =
            asked.iter().filter_map(|one| Some(one.contact.as_ref()?.reached(&staff.tenant, &file))).collect();
        if !reached.is_empty() {
            let reached: Vec<_> = reached.iter().map(|contact| (Channel::Both, contact)).collect();
            self.may_send(staff.client(), &staff.actor(), &file, &reached).await?;
        }
        let dies_at = body.ttl_minutes.map(|minutes| now.plus_minutes(i64::from(minutes)));
        let mut drafts = Vec::with_capacity(asked.len());
        for one in asked {
            let draft = self.draft_of(one.link_id, &file.visit, one.role, one.seat, one.display_name, dies_at).await?;
            drafts.push(Draft { contact: one.contact, ..draft });
        }
        let (tenant, sealer) = (staff.tenant.clone(), self.visit_sealer(&file.visit).await?);
        let actor = staff.actor();
        let visit = file.visit.clone();
        let (made, owed) = self
            .change(file, |file, change| {
                may_have_links(&file.visit, change.now)?;
                may_have_guests(file, body.guests.as_ref().map_or(0, Vec::len))?;
                let mut make = |draft: &Draft| self.make_link(file, change, &actor, &tenant, &sealer, draft, false);
                let made = drafts.iter().map(&mut make).collect::<Result<Vec<_>, _>>()?;
                Ok((made, self.owe_guests(file, change, &tenant, &drafts)?))
            })
            .await?;
        self.invite_guests(id, owed, &actor).await;
        Ok(links_view(made, &visit))
    }
}

/// A link that is asked for. Its ids are the same on each try of one request.
struct Asked {
    link_id: LinkId,
    role: Role,
    seat: ParticipantId,
    display_name: Option<DisplayName>,
    contact: Option<GuestContact>,
}

fn links_view(made: Vec<Made>, visit: &Visit) -> api::Links {
    let mut links = api::Links { patient: None, clinician: None, guests: None };
    for one in made {
        match one.link.role {
            Role::Patient => links.patient = Some(one.view(visit)),
            Role::Clinician => links.clinician = Some(one.view(visit)),
            Role::Guest | Role::Interpreter => links.guests.get_or_insert_default().push(one.guest_view(visit)),
        }
    }
    links
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// What a request asks for: patient and clinician on their seats, each guest on a new one.
    fn asked(&self, visit: &Visit, body: &CreateLinks, claim: Option<&Claim>) -> Result<Vec<Asked>, Error> {
        let (now, drawn) = match claim {
            Some(claim) => (claim.at, Some(claim)),
            None => (self.clock.now(), None),
        };
        let bytes = |what: &str, n: usize| match drawn {
            Some(claim) => Ok(claim.bytes(&format!("{what} {n}"))),
            None => self.entropy.bytes(),
        };
        let mut asked = Vec::new();
        for (n, role) in body.roles.0.iter().enumerate() {
            let (role, seat) = seat_of(visit, *role);
            let link_id = LinkId::new(now, bytes("link", n)?);
            asked.push(Asked { link_id, role, seat, display_name: None, contact: None });
        }
        for (n, guest) in body.guests.iter().flatten().enumerate() {
            let role = match guest.role {
                GuestRole::Guest => Role::Guest,
                GuestRole::Interpreter => Role::Interpreter,
            };
            asked.push(Asked {
                link_id: LinkId::new(now, bytes("guest", n)?),
                role,
                seat: ParticipantId::new(now, bytes("seat", n)?),
                display_name: Some(guest.display_name.clone()),
                contact: GuestContact::of(guest),
            });
        }
        Ok(asked)
    }

    /// What an earlier try of this very request has made, before it died and could not say so.
    async fn made_earlier(
        &self,
        file: &VisitFile,
        asked: &[Asked],
        claim: Option<&Claim>,
    ) -> Result<Option<Vec<Made>>, Error> {
        if !claim.is_some_and(|claim| claim.again) {
            return Ok(None);
        }
        let sealer = self.visit_sealer(&file.visit).await?;
        let mut made = Vec::with_capacity(asked.len());
        for one in asked {
            let Some(link) = file.link(one.link_id) else { return Ok(None) };
            // Made, and replaced or withdrawn since: there is nothing to hand out, and nothing to make again.
            let text = self.link_text(&sealer, link)?.ok_or(Error::VisitState(file.visit.status))?;
            let display_name = one.display_name.clone();
            made.push(Made { link: link.clone(), url: text.url, token: text.token, display_name });
        }
        Ok(Some(made))
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Signs a new link's JWT (one KMS call).
    pub(crate) async fn draft(
        &self,
        visit: &Visit,
        role: Role,
        participant_id: ParticipantId,
        display_name: Option<DisplayName>,
        dies_at: Option<Time>,
    ) -> Result<Draft, Error> {
        let link_id = LinkId::new(self.clock.now(), self.entropy.bytes()?);
        self.draft_of(link_id, visit, role, participant_id, display_name, dies_at).await
    }

    /// The same under an id that was drawn before.
    async fn draft_of(
        &self,
        link_id: LinkId,
        visit: &Visit,
        role: Role,
        participant_id: ParticipantId,
        display_name: Option<DisplayName>,
        dies_at: Option<Time>,
    ) -> Result<Draft, Error> {
        let now = self.clock.now();
        let dies_at = dies_at.filter(|at| *at < visit.closes_at);
        let exp = dies_at.unwrap_or_else(|| visit.closes_at.plus_minutes(JWT_DAYS_AFTER_CLOSE * 24 * 60));
        let nonce: String = self.entropy.bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let claims = JoinClaims {
            iss: self.issuer().to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: participant_id.to_string(),
            jti: link_id.to_string(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: exp.seconds(),
            visit_id: visit.visit_id.to_string(),
            tenant: visit.tenant.to_string(),
            role: role.to_string(),
            nonce,
        };
        let token = self.sign(&claims).await?;
        Ok(Draft { link_id, role, participant_id, display_name, contact: None, dies_at, token })
    }

    /// A token of ours over these claims.
    pub(crate) async fn sign<C: jose::Typed>(&self, claims: &C) -> Result<String, Error> {
        let newest = self.keys.public_keys().first();
        let kid = newest.ok_or_else(|| Error::Internal("no signing key".to_owned()))?.thumbprint();
        let input = jose::signing_input(kid, claims).map_err(|why| Error::Internal(why.to_string()))?;
        let signature = self.keys.sign(input.as_bytes()).await?;
        Ok(jose::assemble(&input, &signature))
    }

    /// Puts a link into a change: a fresh locator and secret, the older links of a patient or clinician withdrawn.
    #[expect(clippy::too_many_arguments, reason = "all of them are the change's context")]
    pub(crate) fn make_link(
        &self,
        file: &VisitFile,
        change: &mut Change,
        actor: &Actor,
        tenant: &Tenant,
        sealer: &Sealer,
        draft: &Draft,
        resent: bool,
    ) -> Result<Made, Error> {
        if draft.role == Role::Clinician && draft.participant_id != file.visit.clinician_seat {
            return Err(Error::Unavailable("the visit was handed over meanwhile".to_owned()));
        }
        if matches!(draft.role, Role::Patient | Role::Clinician) {
            revoke_links(file, change, actor, draft.role)?;
        }
        let (code, secret) = (Locator::new(self.entropy.bytes()?), LinkSecret::new(self.entropy.bytes()?));
        let url = format!("{}/j/{}#{}", tenant.join_base_url, code, secret.expose());
        let text = LinkText { url: url.clone(), token: draft.token.clone() };
        let name = draft.display_name.as_ref();
        let link = Link {
            link_id: draft.link_id,
            tenant: tenant.tenant.clone(),
            visit_id: file.visit.visit_id,
            role: draft.role,
            participant_id: draft.participant_id,
            status: LinkStatus::Active,
            secret_mac: self.mac(label::SECRET, &[code.as_str(), secret.expose()])?,
            sealed: Some(sealer.seal_json(&link_row(draft.link_id), field::LINK, &text)?),
            display_name: name
                .map(|name| sealer.seal(&seat_row(draft.participant_id), field::DISPLAY_NAME, name.expose()))
                .transpose()?,
            contact: draft.contact.as_ref().map(|contact| contact.seal(sealer, draft.link_id)).transpose()?,
            code,
            // By the visit as it is now: it may have been moved since the link was signed.
            expires_at: draft.dies_at.unwrap_or(file.visit.closes_at).min(file.visit.closes_at),
            created_at: change.now,
            resent,
            owner: None,
            session_id: None,
            redeemed_at: None,
            blocked: 0,
            blocked_recorded: 0,
            blocked_recorded_at: None,
        };
        change.visit.watch_link(link.expires_at);
        let lookup = self.mac(label::LOOKUP, &[link.code.as_str()])?;
        change.put(Row::Location(location(&file.visit, lookup, Some(link.link_id))), Guard::Absent);
        change.put(Row::Link(link.clone()), Guard::Absent);
        change.record(actor, EventType::TokenIssued, Some(link.link_id), |event| {
            event.with("role", link.role.as_str().to_owned()).with("participantId", link.participant_id.to_string())
        })?;
        Ok(Made { link, url, token: draft.token.clone(), display_name: draft.display_name.clone() })
    }

    /// What a link says, to send it again; `None` once it is dead.
    pub(crate) fn link_text(&self, sealer: &Sealer, link: &Link) -> Result<Option<LinkText>, Error> {
        let Some(sealed) = &link.sealed else { return Ok(None) };
        sealer.open_json(&link_row(link.link_id), field::LINK, sealed).map(Some)
    }
}

pub(crate) fn link_row(id: LinkId) -> String {
    format!("LINK#{id}")
}

/// The seat of a role that has one.
pub(crate) const fn seat_of(visit: &Visit, role: LinkRole) -> (Role, ParticipantId) {
    match role {
        LinkRole::Patient => (Role::Patient, visit.patient_seat),
        LinkRole::Clinician => (Role::Clinician, visit.clinician_seat),
    }
}

/// Whether links of the visit can be made and sent: while people may still come in.
pub(crate) fn may_have_links(visit: &Visit, now: Time) -> Result<(), Error> {
    if visit.status.is_live() && now < visit.closes_at { Ok(()) } else { Err(Error::VisitState(visit.status)) }
}

fn may_have_guests(file: &VisitFile, more: usize) -> Result<(), Error> {
    let guests = file.links.iter().filter(|link| matches!(link.role, Role::Guest | Role::Interpreter)).count();
    if more == 0 || guests + more <= MOST_GUESTS {
        return Ok(());
    }
    let why = format!("A visit can have at most {MOST_GUESTS} guests in all.");
    Err(Error::ValidationFailed(vec![FieldError::new("/guests", why)]))
}

/// Withdraws the links of a role that are not dead yet, in a change: a newer one takes their place.
fn revoke_links(file: &VisitFile, change: &mut Change, actor: &Actor, role: Role) -> Result<(), Error> {
    for link in file.links.iter().filter(|link| link.role == role && link.status != LinkStatus::Revoked) {
        withdraw_or_expire(change, actor, link, "replaced")?;
    }
    Ok(())
}

/// Withdraws a link in a change; of one that has run out, that is what is recorded, once.
pub(crate) fn withdraw_or_expire(change: &mut Change, actor: &Actor, link: &Link, why: &str) -> Result<(), Error> {
    if link.is_expiry_recorded(change.now) {
        return Ok(());
    }
    let expired = link.has_expired(change.now);
    let event_type = if expired { EventType::TokenExpired } else { EventType::TokenRevoked };
    withdraw(change, actor, link, event_type, why)
}

/// Withdraws a link in a change. Tries of others that are not in the chain yet are counted in the same record.
pub(crate) fn withdraw(
    change: &mut Change,
    actor: &Actor,
    link: &Link,
    event_type: EventType,
    why: &str,
) -> Result<(), Error> {
    let mut dead = link.clone();
    dead.revoke();
    dead.blocked_recorded = link.blocked;
    let blocked = link.blocked.saturating_sub(link.blocked_recorded);
    change.record(actor, event_type, Some(link.link_id), |event| {
        let event = event.with("why", why.to_owned());
        if blocked > 0 { event.with("blockedAttempts", i64::from(blocked)) } else { event }
    })?;
    change.put(Row::Link(dead), Guard::Present);
    Ok(())
}

fn check_request(body: &CreateLinks) -> Result<(), Error> {
    let mut errors = Vec::new();
    let guests = body.guests.as_ref().map_or(0, Vec::len);
    if body.roles.0.is_empty() && guests == 0 {
        errors.push(FieldError::new("/roles", "Name a role, or give guests."));
    }
    if body.guests.is_some() && !(1..=8).contains(&guests) {
        errors.push(FieldError::new("/guests", "Must have 1 to 8 entries."));
    }
    if body.ttl_minutes.is_some_and(|minutes| !(15..=30).contains(&minutes)) {
        errors.push(FieldError::new("/ttlMinutes", "Must be from 15 to 30."));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::ValidationFailed(errors)) }
}
