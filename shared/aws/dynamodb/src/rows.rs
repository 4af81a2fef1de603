//! Rows to items and back.

use crate::agenda::TAKEN;
use crate::call::Item;
use crate::expression::{number, text};
use crate::keys::{self, Key};
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Row};
use bedside_domain::id::TenantId;
use bedside_domain::outbox::Message;
use bedside_domain::visit::Visit;
use serde::Serialize;
use serde_dynamo::AttributeValue;

const DUE: [&str; 2] = ["duePk", "dueSk"];
/// All that says when a row is due, and that it was taken.
pub(crate) const ON_THE_AGENDA: [&str; 4] = ["dueAt", DUE[0], DUE[1], TAKEN];

/// Where a row stands.
pub(crate) fn key(row: &Row) -> Key {
    match row {
        Row::Visit(v) => keys::visit(v.visit_id),
        Row::Link(l) => keys::link(l.visit_id, l.link_id),
        Row::Participant(p) => keys::participant(p.visit_id, p.participant_id),
        Row::Challenge(c) => keys::challenge(c.visit_id, c.challenge_id),
        Row::Message(m) => keys::message(m.visit_id, m.message_id),
        Row::SentMessage(s) => keys::sent_message(s.transport, &s.provider_id),
        Row::Location(l) => keys::location(&l.lookup),
        Row::TextWish(w) => keys::text_wish(&w.number),
        Row::Booking(b) => keys::booking(&b.tenant, &b.clinician_id, b.mark),
        Row::Clinician(c) => keys::clinician(&c.tenant, &c.clinician_id),
        Row::Patient(p) => keys::patient(&p.tenant, &p.patient_id),
        Row::Tenant(t) => keys::tenant(&t.tenant),
        Row::ApiKey(k) => keys::api_key(&k.mac),
        Row::ChainHead(h) => keys::chain_head(&h.tenant),
        Row::Audit(chain, record) => keys::record(chain, record.seq),
        Row::SeenProof(p) => keys::seen_proof(&p.thumbprint, &p.jti),
    }
}

/// Where a second copy of a row stands, written with it: a key is found by its hash, and listed by its practice.
pub(crate) fn copy(row: &Row) -> Option<Key> {
    match row {
        Row::ApiKey(k) => Some(keys::listed_key(&k.tenant, k.key_id)),
        Row::Visit(_)
        | Row::Link(_)
        | Row::Participant(_)
        | Row::Challenge(_)
        | Row::Message(_)
        | Row::SentMessage(_)
        | Row::Location(_)
        | Row::TextWish(_)
        | Row::Booking(_)
        | Row::Clinician(_)
        | Row::Patient(_)
        | Row::Tenant(_)
        | Row::ChainHead(_)
        | Row::Audit(..)
        | Row::SeenProof(_) => None,
    }
}

/// Whose a row is, where the row itself says so.
pub(crate) const fn tenant(row: &Row) -> Option<&TenantId> {
    match row {
        Row::Visit(v) => Some(&v.tenant),
        Row::Link(l) => Some(&l.tenant),
        Row::Participant(p) => Some(&p.tenant),
        Row::Challenge(c) => Some(&c.tenant),
        Row::Message(m) => Some(&m.tenant),
        Row::SentMessage(s) => Some(&s.tenant),
        Row::Location(l) => Some(&l.tenant),
        Row::Booking(b) => Some(&b.tenant),
        Row::Clinician(c) => Some(&c.tenant),
        Row::Patient(p) => Some(&p.tenant),
        Row::Tenant(t) => Some(&t.tenant),
        Row::ApiKey(k) => Some(&k.tenant),
        Row::ChainHead(h) => Some(&h.tenant),
        // A record of a visit says which visit; the tenant is on the visit. A number is nobody's alone.
        Row::Audit(..) | Row::SeenProof(_) | Row::TextWish(_) => None,
    }
}

/// The attributes that a row of this kind may lack: an update that does not set them must remove them.
pub(crate) const fn optional(row: &Row) -> &'static [&'static str] {
    match row {
        Row::Visit(_) => &[
            "meetingCode",
            "chiefComplaint",
            "patientInstructions",
            "notes",
            "appointment",
            "meeting",
            "startedAt",
            "endedAt",
            "endReason",
            "cancelReason",
            "owes",
            "linkDiesAt",
            "dueAt",
            "signedHead",
            DUE[0],
            DUE[1],
            TAKEN,
        ],
        Row::Link(_) => &["sealed", "displayName", "contact", "owner", "sessionId", "redeemedAt", "blockedRecordedAt"],
        Row::Participant(_) => &["owner", "session", "displayName", "joinedAt", "presence", "media"],
        Row::Challenge(_) => &["thumbprint", "answer", "passedAt"],
        Row::Message(_) => &["former", "linkId", "challengeId", "providerId", "dueAt", DUE[0], DUE[1], TAKEN],
        Row::Location(_) => &["linkId"],
        Row::Clinician(_) => &["connectAgentId"],
        Row::Patient(_) => &["country"],
        Row::Tenant(_) => &["supportPhoneWritten", "supportEmail", "connect", "quickActions", "webhooks", "updatedAt"],
        Row::ApiKey(_) => &["origins", "clinicianIds", "lastUsedAt"],
        Row::Booking(_)
        | Row::SentMessage(_)
        | Row::TextWish(_)
        | Row::ChainHead(_)
        | Row::SeenProof(_)
        | Row::Audit(..) => &[],
    }
}

/// Everything of a row but its key: its own attributes, those of the indexes, and `ttl` for the broom.
pub(crate) fn attributes(row: &Row) -> Answer<Item> {
    match row {
        Row::Visit(visit) => item(visit, visit_index(visit)),
        Row::Link(link) => item(link, []),
        Row::Participant(participant) => item(participant, []),
        Row::Challenge(challenge) => item(challenge, []),
        Row::Message(message) => item(message, message_index(message)),
        Row::SentMessage(sent) => item(sent, [("ttl", number(&keys::broom(sent.sweep_at)))]),
        Row::TextWish(wish) => item(wish, []),
        Row::Location(location) => item(location, [("ttl", number(&keys::broom(location.sweep_at)))]),
        Row::Booking(booking) => item(booking, []),
        Row::Clinician(clinician) => item(clinician, []),
        Row::Patient(patient) => item(patient, []),
        Row::Tenant(tenant) => item(tenant, []),
        Row::ApiKey(key) => item(key, []),
        Row::ChainHead(head) => item(head, []),
        Row::Audit(_, record) => item(record, []),
        Row::SeenProof(proof) => item(proof, [("ttl", number(&keys::broom(proof.sweep_at)))]),
    }
}

type Attribute = (&'static str, AttributeValue);

fn item<T: Serialize>(row: &T, more: impl IntoIterator<Item = Attribute>) -> Answer<Item> {
    let Ok(AttributeValue::M(mut item)) = serde_dynamo::to_attribute_value(row) else {
        return Err(Outage::new("dynamodb", "a row that has no item"));
    };
    item.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(item)
}

/// Lists go by clinician, by patient, by maker and by tenant, in the order of time.
fn visit_index(visit: &Visit) -> Vec<Attribute> {
    let tenant = &visit.tenant;
    let when = keys::scheduled(visit.scheduled_at, visit.visit_id);
    let mut index = vec![
        ("clinicianPk", text(keys::visits_of_clinician(tenant, &visit.clinician_id))),
        ("clinicianSk", text(when.clone())),
        ("patientPk", text(keys::visits_of_patient(tenant, &visit.patient_id))),
        ("patientSk", text(when.clone())),
        ("tenantPk", text(keys::visits_of_tenant(tenant))),
        ("tenantSk", text(when.clone())),
        ("creatorPk", text(keys::visits_of_creator(tenant, &visit.created_by))),
        ("creatorSk", text(when)),
    ];
    if let Some(at) = visit.due_at {
        index.push((DUE[0], text(keys::due_partition(visit.visit_id))));
        index.push((DUE[1], text(keys::due_visit(at, visit.visit_id))));
    }
    index
}

/// Only what is due stands in the agenda's index.
fn message_index(message: &Message) -> Vec<Attribute> {
    let Some(at) = message.due_at else { return Vec::new() };
    vec![
        (DUE[0], text(keys::due_partition(message.visit_id))),
        (DUE[1], text(keys::due_message(at, message.message_id))),
    ]
}

/// A row of the same kind as `like` out of its item.
pub(crate) fn decode(operation: &str, like: &Row, item: Item) -> Answer<Row> {
    Ok(match like {
        Row::Visit(_) => Row::Visit(crate::read(operation, item)?),
        Row::Link(_) => Row::Link(crate::read(operation, item)?),
        Row::Participant(_) => Row::Participant(crate::read(operation, item)?),
        Row::Challenge(_) => Row::Challenge(crate::read(operation, item)?),
        Row::Message(_) => Row::Message(crate::read(operation, item)?),
        Row::SentMessage(_) => Row::SentMessage(crate::read(operation, item)?),
        Row::Location(_) => Row::Location(crate::read(operation, item)?),
        Row::TextWish(_) => Row::TextWish(crate::read(operation, item)?),
        Row::Booking(_) => Row::Booking(crate::read(operation, item)?),
        Row::Clinician(_) => Row::Clinician(crate::read(operation, item)?),
        Row::Patient(_) => Row::Patient(crate::read(operation, item)?),
        Row::Tenant(_) => Row::Tenant(crate::read(operation, item)?),
        Row::ApiKey(_) => Row::ApiKey(crate::read(operation, item)?),
        Row::ChainHead(_) => Row::ChainHead(crate::read(operation, item)?),
        Row::Audit(chain, _) => Row::Audit(chain.clone(), crate::read(operation, record_only(item))?),
        Row::SeenProof(_) => Row::SeenProof(crate::read(operation, item)?),
    })
}

/// A record is read strictly: what the table adds to it is taken away first.
pub(crate) fn record_only(mut item: Item) -> Item {
    for added in ["PK", "SK", "tenant"] {
        item.remove(added);
    }
    item
}
