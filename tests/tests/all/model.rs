//! The rules of coming in, checked exhaustively: two devices with one link, every interleaving of their requests with
//! crashes between any two steps and answers that are lost. The decision is the product's own (`join::decide`).

use bedside_domain::access::VerifiedBy;
use bedside_domain::file::VisitFile;
use bedside_domain::id::SessionId;
use bedside_domain::join::{self, Arrival, Decision};
use bedside_domain::jose::Thumbprint;
use bedside_domain::link::{Link, LinkStatus, Owner};
use bedside_domain::participant::{Participant, ParticipantStatus, Session};
use bedside_domain::presence::Presence;
use bedside_domain::time::Time;
use serde_json::json;
use stateright::{Checker as _, Model, Property};

/// 2026-12-01T20:00:00Z, in the middle of the visit's window.
const NOW: i64 = 1_796_155_200_000;
const DEVICES: usize = 2;
/// Each device may have two requests under way at once: people press twice.
const REQUESTS: usize = 2 * DEVICES;

const fn device_of(request: usize) -> usize {
    request / 2
}

/// A visit's file in short: what the requests can change of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct File {
    /// Every audited change moves it.
    head: u8,
    /// Who spent the link, and in which session.
    spent: Option<(usize, u8)>,
    /// Who sits on the seat, in which session; whether they were admitted; whether they are silent.
    seat: Option<Seat>,
    /// Whether the meeting stands in our record, and for which session the attendee does.
    meeting: bool,
    attendee: Option<u8>,
    /// TOKEN_REDEEMED and SESSION_REBOUND in the chain.
    redeemed: u8,
    rebound: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Seat {
    device: usize,
    session: u8,
    admitted: bool,
    silent: bool,
}

/// Where a device's request stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Request {
    /// None is under way.
    None,
    /// The function has read the file.
    Read(File),
    /// The link is spent for this session, and the seat admitted: media is next.
    Seated(u8),
    /// The provider has the meeting.
    Met(u8),
    /// The provider has the attendee; the file was read for the record.
    Invited(u8, File),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    file: File,
    requests: [Request; REQUESTS],
    /// How often each device may still press Join.
    presses: [u8; DEVICES],
    /// Who holds media credentials.
    holds_media: [bool; DEVICES],
    /// The provider's live meetings of epoch 1.
    meetings: u8,
    next_session: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Action {
    Press(usize),
    Step(usize),
    Crash(usize),
    Admit,
    Silence,
}

struct Door {
    waiting_room: bool,
}

fn thumbprint(device: usize) -> Thumbprint {
    Thumbprint::parse(&format!("{}{}", ["A", "B"][device], "A".repeat(42))).unwrap()
}

fn session_id(session: u8) -> SessionId {
    SessionId::new(Time::from_millis(NOW), [session; 10])
}

fn id(n: u8) -> String {
    format!("019ac0de-7e10-7c3a-9f00-0000000000{n:02}")
}

impl Door {
    /// The short file as the product's own types.
    fn whole(&self, file: &File) -> (VisitFile, Link) {
        let visit = json!({
            "visitId": id(1), "tenant": "t", "status": "SCHEDULED", "scheduledAt": NOW, "duration": 30, "timezone": "UTC",
            "visitType": "initial", "modality": "video", "channel": "sms", "clinicianId": "c", "clinicianName": "Jane",
            "patientId": "p", "locale": "en", "createdBy": "k", "opensAt": NOW - 900_000, "closesAt": NOW + 3_600_000,
            "access": {"preset": "open", "waitingRoom": self.waiting_room, "factors": [], "publicCode": false, "binding": "preferred"},
            "patientSeat": id(2), "clinicianSeat": id(3), "patientHasPhone": true, "salt": "", "patientName": "",
            "head": {"seq": file.head, "hash": "0".repeat(64)}, "createdAt": NOW, "updatedAt": NOW,
        });
        let link = json!({
            "linkId": id(4), "tenant": "t", "visitId": id(1), "role": "patient", "participantId": id(2),
            "status": if file.spent.is_some() { "REDEEMED" } else { "ACTIVE" }, "code": "K7QX2MPA", "secretMac": "",
            "expiresAt": NOW + 3_600_000, "createdAt": NOW,
        });
        let mut link: Link = serde_json::from_value(link).unwrap();
        if let Some((device, session)) = file.spent {
            link.status = LinkStatus::Redeemed;
            link.owner = Some(Owner::Device { thumbprint: thumbprint(device) });
            link.session_id = Some(session_id(session));
        }
        let participants = file.seat.iter().map(|seat| Participant {
            participant_id: link.participant_id,
            tenant: link.tenant.clone(),
            visit_id: link.visit_id,
            role: link.role,
            status: if seat.admitted { ParticipantStatus::Admitted } else { ParticipantStatus::Waiting },
            since: Time::from_millis(NOW),
            arrived_at: Time::from_millis(NOW),
            last_seen_at: Time::from_millis(if seat.silent { NOW - 60_000 } else { NOW }),
            session: Some(Session {
                session_id: session_id(seat.session),
                thumbprint: Some(thumbprint(seat.device)),
                opened_at: Time::from_millis(NOW),
                address: String::new(),
                browser: String::new(),
                countries: vec![],
            }),
            display_name: None,
            verified_by: vec![VerifiedBy::Link],
            joined_at: None,
            owner: None,
            presence: Presence::default(),
            media: None,
        });
        let file = VisitFile {
            visit: serde_json::from_value(visit).unwrap(),
            links: vec![link.clone()],
            participants: participants.collect(),
            challenges: vec![],
            messages: vec![],
        };
        (file, link)
    }

    fn decide(&self, file: &File, device: usize) -> Decision {
        let (file, link) = self.whole(file);
        let thumbprint = thumbprint(device);
        let owner = Owner::Device { thumbprint: thumbprint.clone() };
        let arrival =
            Arrival { owner, thumbprint: Some(&thumbprint), proofs: &[], is_far: false, now: Time::from_millis(NOW) };
        join::decide(&file, &link, &arrival)
    }

    /// One step of a device's request: what the function does between two calls.
    fn step(&self, state: &mut State, place: usize) {
        let device = device_of(place);
        let request = std::mem::replace(&mut state.requests[place], Request::None);
        state.requests[place] = match request {
            Request::None => Request::None,
            Request::Read(read) => match self.decide(&read, device) {
                Decision::Refuse(_) => Request::None,
                Decision::Resume => self.seated(state, read.seat.unwrap().session),
                Decision::Spend(_) | Decision::SpendAndWait(_) | Decision::Move(_) if read.head != state.file.head => {
                    Request::Read(state.file.clone())
                }
                Decision::Spend(_) | Decision::SpendAndWait(_) => {
                    let session = self.sit(state, device);
                    state.file.redeemed += 1;
                    self.seated(state, session)
                }
                Decision::Move(_) => {
                    let session = self.sit(state, device);
                    state.file.rebound += 1;
                    self.seated(state, session)
                }
            },
            Request::Seated(session) => {
                // The same token gives the same meeting.
                state.meetings = 1;
                Request::Met(session)
            }
            Request::Met(session) => Request::Invited(session, state.file.clone()),
            Request::Invited(session, read) if read.head != state.file.head => {
                Request::Invited(session, state.file.clone())
            }
            Request::Invited(session, _) => {
                let seat = state.file.seat.as_ref().unwrap();
                if seat.session == session && seat.admitted {
                    state.file.meeting = true;
                    state.file.attendee = Some(session);
                    state.file.head += 1;
                    state.holds_media[device] = true;
                }
                Request::None
            }
        };
    }

    fn sit(&self, state: &mut State, device: usize) -> u8 {
        let session = state.next_session;
        state.next_session += 1;
        let admitted = !self.waiting_room || state.file.seat.as_ref().is_some_and(|seat| seat.admitted);
        state.file.spent = Some((device, session));
        state.file.seat = Some(Seat { device, session, admitted, silent: false });
        state.file.head += 1;
        session
    }

    /// Media for who is admitted; the others have their answer.
    fn seated(&self, state: &State, session: u8) -> Request {
        let here = state.file.seat.as_ref().is_some_and(|seat| seat.session == session && seat.admitted);
        if here { Request::Seated(session) } else { Request::None }
    }

    /// Whether a device that presses Join now, alone and without faults, gets media.
    fn can_finish(&self, state: &State, device: usize) -> bool {
        let mut alone = state.clone();
        let place = device * 2;
        alone.requests = [const { Request::None }; REQUESTS];
        alone.holds_media = [false; DEVICES];
        alone.requests[place] = Request::Read(alone.file.clone());
        for _ in 0..8 {
            self.step(&mut alone, place);
        }
        alone.holds_media[device]
    }
}

impl Model for Door {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            file: File::default(),
            requests: [const { Request::None }; REQUESTS],
            presses: [3, 2],
            holds_media: [false; DEVICES],
            meetings: 0,
            next_session: 1,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for place in 0..REQUESTS {
            if state.requests[place] == Request::None {
                if state.presses[device_of(place)] > 0 {
                    actions.push(Action::Press(place));
                }
            } else {
                actions.push(Action::Step(place));
                // A crash and a lost answer are one: the device has nothing, and presses again.
                actions.push(Action::Crash(place));
            }
        }
        if let Some(seat) = state.file.seat.as_ref().filter(|seat| !seat.admitted) {
            actions.push(Action::Admit);
            if !seat.silent {
                actions.push(Action::Silence);
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Press(place) => {
                state.presses[device_of(place)] -= 1;
                state.requests[place] = Request::Read(state.file.clone());
            }
            Action::Step(place) => self.step(&mut state, place),
            Action::Crash(place) => state.requests[place] = Request::None,
            Action::Admit => {
                state.file.seat.as_mut().unwrap().admitted = true;
                state.file.head += 1;
            }
            Action::Silence => state.file.seat.as_mut().unwrap().silent = true,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("a link is spent once, and the chain says so", |_: &Self, s: &State| {
                s.file.redeemed == u8::from(s.file.spent.is_some())
            }),
            Property::always("only the one on the seat holds media", |_: &Self, s: &State| {
                (0..DEVICES).all(|d| !s.holds_media[d] || s.file.seat.as_ref().is_some_and(|seat| seat.device == d))
            }),
            Property::always("nobody holds media before admission", |_: &Self, s: &State| {
                !s.holds_media.contains(&true) || s.file.seat.as_ref().is_some_and(|seat| seat.admitted)
            }),
            Property::always("without a waiting room nobody else ever gets the seat", |door: &Self, s: &State| {
                door.waiting_room || s.file.rebound == 0
            }),
            Property::always("one live meeting for an epoch", |_: &Self, s: &State| s.meetings <= 1),
            Property::always("never spent and not joinable: the owner can always finish", |door: &Self, s: &State| {
                let mut admitted = s.clone();
                if let Some(seat) = &mut admitted.file.seat {
                    seat.admitted = true;
                }
                s.file.spent.is_none_or(|(owner, _)| door.can_finish(&admitted, owner))
            }),
            Property::always("an unspent link admits whoever comes", |door: &Self, s: &State| {
                door.waiting_room || s.file.spent.is_some() || (0..DEVICES).all(|d| door.can_finish(s, d))
            }),
            Property::sometimes("the first device gets in", |_: &Self, s: &State| s.holds_media[0]),
            Property::sometimes("the second device gets in", |_: &Self, s: &State| s.holds_media[1]),
        ]
    }
}

#[test]
fn no_interleaving_crash_or_lost_answer_breaks_the_rules_of_coming_in() {
    for waiting_room in [false, true] {
        let checker = Door { waiting_room }.checker().spawn_bfs().join();
        checker.assert_properties();
        println!("waiting room {waiting_room}: {} states, no counterexample", checker.unique_state_count());
        assert!(checker.unique_state_count() > 1_000);
    }
}

#[test]
fn a_silent_seat_is_given_up_and_an_admitted_one_never() {
    let door = Door { waiting_room: true };
    let seat = |admitted, silent| File {
        head: 1,
        spent: Some((0, 1)),
        seat: Some(Seat { device: 0, session: 1, admitted, silent }),
        redeemed: 1,
        ..File::default()
    };
    assert!(matches!(door.decide(&seat(false, true), 1), Decision::Move(_)));
    assert!(matches!(door.decide(&seat(false, false), 1), Decision::Refuse(_)));
    assert!(matches!(door.decide(&seat(true, true), 1), Decision::Refuse(_)));
    assert_eq!(door.decide(&seat(true, true), 0), Decision::Resume);
}
