//! One row of each kind: with everything that its kind may have, or with the least.

use bedside_app::ports::{Booking, ChainHead, Location, SeenProof};
use bedside_domain::access::{AccessPolicy, Factor, Preset, Role, VerifiedBy};
use bedside_domain::audit::{ActorRole, Event, EventType, Head, Record, append};
use bedside_domain::challenge::Challenge;
use bedside_domain::delivery::{Deliveries, MessageStatus, Transport};
use bedside_domain::id::*;
use bedside_domain::jose::Thumbprint;
use bedside_domain::link::{Link, LinkStatus, Locator, Owner};
use bedside_domain::message::Template;
use bedside_domain::outbox::{Former, Message};
use bedside_domain::participant::{MediaGrant, Participant, ParticipantStatus, Session};
use bedside_domain::person::{ApiKey, Clinician, Country, KeyKind, Locale, Oidc, Patient, State, Tenant};
use bedside_domain::presence::Presence;
use bedside_domain::secret::{Mac, Salt, Sealed};
use bedside_domain::settings::{Connect, ConnectId, LocationPolicy, QuickAction, UrlTemplate, Webhook, WebhookUrl};
use bedside_domain::text_reply::{SentMessage, TextWish};
use bedside_domain::time::{Duration, SlotTime, Time};
use bedside_domain::visit::*;
use bedside_domain::zone::Zone;

pub(crate) fn at(text: &str) -> Time {
    Time::parse(text).unwrap()
}

/// A moment of the day of the visit.
/// Who came and went; nothing is known of who was never in a call.
fn presence(full: bool) -> Presence {
    let mut presence = Presence::default();
    if full {
        presence.note(now(), true);
        presence.note(now().plus_seconds(60), false);
    }
    presence
}

pub(crate) fn now() -> Time {
    at("2026-12-01T20:00:00.123Z")
}

pub(crate) fn practice() -> TenantId {
    TenantId::parse("practice").unwrap()
}

/// Ids that are told apart by a number.
macro_rules! numbered {
    ($($name:ident: $id:ident),+ $(,)?) => {
        $(pub(crate) fn $name(n: u8) -> $id {
            $id::new(now(), [7, 0, 0, 0, 0, 0, 0, 0, 0, n])
        })+
    };
}
numbered!(visit_id: VisitId, link_id: LinkId, seat: ParticipantId, session_id: SessionId, message_id: MessageId,
    challenge_id: ChallengeId, key_id: KeyId);

pub(crate) fn thumbprint() -> Thumbprint {
    Thumbprint::parse("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs").unwrap()
}

fn sealed() -> Sealed {
    Sealed("c2VhbGVk".into())
}

pub(crate) fn visit(full: bool) -> Visit {
    let policy = AccessPolicy { factors: vec![Factor::SmsOtp], ..AccessPolicy::preset(Preset::Standard) };
    Visit {
        visit_id: visit_id(1),
        tenant: practice(),
        status: VisitStatus::Scheduled,
        scheduled_at: SlotTime::parse("2026-12-01T20:05:00Z").unwrap(),
        duration: Duration::DEFAULT,
        timezone: Zone::parse("America/New_York").unwrap(),
        visit_type: VisitType::FollowUp,
        modality: Modality::Video,
        channel: Channel::Both,
        clinician_id: ClinicianId::parse("dr-1").unwrap(),
        clinician_name: "Ada".into(),
        patient_id: PatientId::parse("pat-1").unwrap(),
        locale: "en-US".into(),
        created_by: "key-1".into(),
        opens_at: at("2026-12-01T19:50:00Z"),
        closes_at: at("2026-12-01T21:05:00Z"),
        access: policy,
        patient_seat: seat(1),
        clinician_seat: seat(2),
        patient_has_phone: true,
        patient_country: Country::us(),
        salt: Salt("c2FsdA".into()),
        patient_name: sealed(),
        meeting_code: full.then(|| Locator::parse("K7QX2MPB").unwrap()),
        chief_complaint: full.then(sealed),
        patient_instructions: full.then(sealed),
        notes: full.then(sealed),
        notes_released: full,
        appointment: full.then(|| "Appointment/1".into()),
        meeting: full.then(|| MeetingRecord {
            provider: MediaProvider::Chime,
            epoch: 1,
            meeting_id: "meeting".into(),
            instance_id: Some(connect_id("instance")),
            join_info: sealed(),
            created_at: now(),
            recording: Recording::Running,
        }),
        started_at: full.then(now),
        ended_at: full.then(now),
        end_reason: full.then_some(EndReason::Completed),
        cancel_reason: full.then(sealed),
        waiting: u32::from(full),
        deliveries: Deliveries::default(),
        owes: if full { vec![Owed::MediaClose] } else { Vec::new() },
        link_dies_at: full.then(now),
        due_at: full.then(now),
        calendar_sequence: 0,
        head: Head::genesis(),
        signed_head: full.then(|| "a.b.c".into()),
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn link(full: bool) -> Link {
    Link {
        link_id: link_id(1),
        tenant: practice(),
        visit_id: visit_id(1),
        role: Role::Patient,
        participant_id: seat(1),
        status: LinkStatus::Active,
        code: Locator::parse("K7QX2MPA").unwrap(),
        secret_mac: Mac("bWFj".into()),
        sealed: full.then(sealed),
        contact: full.then(sealed),
        display_name: full.then(sealed),
        expires_at: at("2026-12-01T21:05:00Z"),
        created_at: now(),
        resent: full,
        owner: full.then(|| Owner::Key { mac: Mac("a2V5".into()), until: now() }),
        session_id: full.then(|| session_id(1)),
        redeemed_at: full.then(now),
        blocked: 0,
        blocked_recorded: 0,
        blocked_recorded_at: full.then(now),
    }
}

pub(crate) fn session(n: u8) -> Session {
    Session {
        session_id: session_id(n),
        thumbprint: Some(thumbprint()),
        opened_at: now(),
        address: "192.0.2.1".into(),
        browser: "Firefox".into(),
        countries: vec![Country::us()],
    }
}

pub(crate) fn participant(full: bool) -> Participant {
    Participant {
        participant_id: seat(1),
        tenant: practice(),
        visit_id: visit_id(1),
        role: Role::Patient,
        status: ParticipantStatus::Waiting,
        since: now(),
        arrived_at: now(),
        last_seen_at: now(),
        owner: full.then(|| Owner::Key { mac: Mac("a2V5".into()), until: now() }),
        session: full.then(|| session(1)),
        display_name: full.then(sealed),
        verified_by: vec![VerifiedBy::Link],
        joined_at: full.then(now),
        presence: presence(full),
        media: full.then(|| MediaGrant {
            epoch: 1,
            attendee_id: "attendee".into(),
            session_id: session_id(1),
            given_at: Some(now()),
            attendee: sealed(),
        }),
    }
}

pub(crate) fn challenge(full: bool) -> Challenge {
    Challenge {
        challenge_id: challenge_id(1),
        tenant: practice(),
        visit_id: visit_id(1),
        participant_id: seat(1),
        role: Role::Patient,
        factor: Factor::SmsOtp,
        thumbprint: full.then(thumbprint),
        answer_mac: Mac("bWFj".into()),
        answer: full.then(sealed),
        tries_left: 5,
        failures: 0,
        created_at: now(),
        sent_at: now(),
        expires_at: now().plus_minutes(5),
        confirms: full,
        passed_at: full.then(now),
    }
}

pub(crate) fn message(full: bool) -> Message {
    Message {
        message_id: message_id(1),
        tenant: practice(),
        visit_id: visit_id(1),
        template: Template::Initial,
        transport: Transport::Sms,
        role: Role::Patient,
        participant_id: seat(1),
        former: full.then(|| Former {
            clinician_id: ClinicianId::parse("dr-2").unwrap(),
            scheduled_at: SlotTime::parse("2026-12-01T20:00:00Z").unwrap(),
            duration: Duration::DEFAULT,
        }),
        link_id: full.then(|| link_id(1)),
        challenge_id: full.then(|| challenge_id(1)),
        to: "***-***-0123".into(),
        status: MessageStatus::Pending,
        at: now(),
        tries: 0,
        provider_id: full.then(|| "provider".into()),
        due_at: full.then(now),
        created_at: now(),
    }
}

pub(crate) fn sent_message() -> SentMessage {
    SentMessage {
        transport: Transport::Sms,
        provider_id: "provider".into(),
        tenant: practice(),
        visit_id: visit_id(1),
        message_id: message_id(1),
        sweep_at: now(),
    }
}

pub(crate) fn wish(said_at: Time, reply: &str, stopped: bool) -> TextWish {
    TextWish { number: Mac("bnVtYmVy".into()), stopped, said_at, reply_id: reply.into() }
}

pub(crate) fn location(full: bool) -> Location {
    Location {
        lookup: Mac("bG9va3Vw".into()),
        tenant: practice(),
        visit_id: visit_id(1),
        link_id: full.then(|| link_id(1)),
        sweep_at: now(),
    }
}

pub(crate) fn booking() -> Booking {
    Booking {
        tenant: practice(),
        clinician_id: ClinicianId::parse("dr-1").unwrap(),
        mark: SlotTime::parse("2026-12-01T20:05:00Z").unwrap(),
        visit_id: visit_id(1),
    }
}

pub(crate) fn clinician(full: bool) -> Clinician {
    Clinician {
        clinician_id: ClinicianId::parse("dr-1").unwrap(),
        tenant: practice(),
        given_name: "Ada".into(),
        licensed_states: vec![State::parse("NY").unwrap()],
        timezone: Zone::parse("America/New_York").unwrap(),
        connect_agent_id: full.then(|| "agent".into()),
        salt: Salt("c2FsdA".into()),
        profile: sealed(),
        updated_at: now(),
    }
}

pub(crate) fn patient(full: bool) -> Patient {
    Patient {
        patient_id: PatientId::parse("pat-1").unwrap(),
        tenant: practice(),
        state: State::parse("NY").unwrap(),
        country: full.then(Country::us),
        timezone: Zone::parse("America/New_York").unwrap(),
        locale: Locale::parse("en-US").unwrap(),
        created_by: "key-1".into(),
        clinicians: vec![],
        salt: Salt("c2FsdA".into()),
        profile: sealed(),
        updated_at: now(),
    }
}

pub(crate) fn tenant(full: bool) -> Tenant {
    Tenant {
        tenant: practice(),
        name: "Practice".into(),
        sms_name: "Practice".into(),
        support_phone: "+12025550100".into(),
        support_phone_written: full.then(|| "+1 202-555-0100".into()),
        support_email: full.then(|| "help@practice.example".into()),
        timezone: Zone::parse("America/New_York").unwrap(),
        locale: Locale::parse("en-US").unwrap(),
        join_base_url: "https://visit.example.com".into(),
        early_minutes: 15,
        late_minutes: 30,
        default_access: AccessPolicy::preset(Preset::Standard),
        allow_open: false,
        media_provider: MediaProvider::Chime,
        media_region: "us-east-1".into(),
        connect: full.then(|| Connect { instance_id: connect_id("instance"), flow_id: connect_id("flow") }),
        quick_actions: if full { vec![quick_action()] } else { Vec::new() },
        webhooks: if full { vec![webhook()] } else { Vec::new() },
        location_policy: LocationPolicy::Verify,
        oidc: Oidc {
            issuer: "https://idp.example".into(),
            client_id: "client".into(),
            roles_claim: "roles".into(),
            subject_claim: "sub".into(),
        },
        wrapped_key: "d3JhcHBlZA==".into(),
        countries: vec![Country::us()],
        updated_at: full.then(now),
    }
}

fn connect_id(text: &str) -> ConnectId {
    ConnectId::parse(text).unwrap()
}

fn quick_action() -> QuickAction {
    let url_template = UrlTemplate::parse("https://practice.example/{patientId}").unwrap();
    QuickAction { label: "Chart".into(), url_template }
}

fn webhook() -> Webhook {
    let url = WebhookUrl::parse("https://practice.example/hook").unwrap();
    Webhook { url, events: vec![EventType::VisitEnded, EventType::VisitScheduled] }
}

pub(crate) fn api_key(full: bool) -> ApiKey {
    ApiKey {
        key_id: key_id(1),
        tenant: practice(),
        kind: KeyKind::Publishable,
        label: "Page".into(),
        mac: Mac("a2V5bWFj".into()),
        prefix: "bpk_abcd".into(),
        origins: if full { vec!["https://practice.example".into()] } else { Vec::new() },
        clinician_ids: if full { vec![ClinicianId::parse("dr-1").unwrap()] } else { Vec::new() },
        created_at: now(),
        last_used_at: full.then(now),
    }
}

pub(crate) fn chain_head(seq: u64) -> ChainHead {
    ChainHead { tenant: practice(), head: Head { seq, ..Head::genesis() } }
}

pub(crate) fn record(after: &Head) -> (Record, Head) {
    let event = Event::new(EventType::VisitScheduled, now().timestamp(), "key-1", ActorRole::Scheduler)
        .of_visit(visit_id(1).to_string())
        .with("channel", "both")
        .with("count", 3_u32)
        .with("big", -(1_i64 << 53) + 1)
        .with("new", true)
        .with("list", vec!["a".to_owned()]);
    append(after, event).unwrap()
}

pub(crate) fn proof(request: &str) -> SeenProof {
    SeenProof { thumbprint: thumbprint(), jti: "jti".into(), request: request.into(), sweep_at: now() }
}
