//! Where each row stands: partition and sort key, and the keys of the indexes.

use crate::call::Item;
use crate::expression::text;
use bedside_app::ports::{Chain, SHARDS};
use bedside_domain::audit::Sha256;
use bedside_domain::delivery::Transport;
use bedside_domain::id::{
    ChallengeId, ClinicianId, KeyId, LinkId, MessageId, ParticipantId, PatientId, TenantId, VisitId,
};
use bedside_domain::jose::Thumbprint;
use bedside_domain::secret::Mac;
use bedside_domain::time::{SlotTime, Time};

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Visits,
    Audit,
    Limits,
}

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) table: Table,
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    fn new(table: Table, pk: String, sk: impl Into<String>) -> Self {
        Self { table, pk, sk: sk.into() }
    }
    /// As DynamoDB takes it.
    pub(crate) fn attributes(self) -> Item {
        Item::from([("PK".to_owned(), text(self.pk)), ("SK".to_owned(), text(self.sk))])
    }
}

/// The partition of a visit: all that is changed together.
pub(crate) fn visit_partition(id: VisitId) -> String {
    format!("V#{id}")
}

fn tenant_partition(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// The visit itself. It sorts before all that is changed with it: a Query reads it first, so that whatever it reads after
/// is at least as new, and a write that is guarded by the visit's head never puts back what is old.
pub(crate) const VISIT: &str = "#VISIT";

fn in_visit(id: VisitId, sk: impl Into<String>) -> Key {
    Key::new(Table::Visits, visit_partition(id), sk)
}

fn in_tenant(tenant: &TenantId, sk: impl Into<String>) -> Key {
    Key::new(Table::Visits, tenant_partition(tenant), sk)
}

pub(crate) fn visit(id: VisitId) -> Key {
    in_visit(id, VISIT)
}

pub(crate) fn link(visit: VisitId, id: LinkId) -> Key {
    in_visit(visit, format!("LINK#{id}"))
}

pub(crate) fn participant(visit: VisitId, id: ParticipantId) -> Key {
    in_visit(visit, format!("WHO#{id}"))
}

pub(crate) fn challenge(visit: VisitId, id: ChallengeId) -> Key {
    in_visit(visit, format!("CHALLENGE#{id}"))
}

pub(crate) fn message(visit: VisitId, id: MessageId) -> Key {
    in_visit(visit, format!("MESSAGE#{id}"))
}

pub(crate) fn location(lookup: &Mac) -> Key {
    Key::new(Table::Visits, format!("CODE#{}", lookup.0), "CODE")
}

/// What a carrier's id leads to.
pub(crate) fn sent_message(transport: Transport, provider_id: &str) -> Key {
    Key::new(Table::Visits, format!("SENT#{}#{provider_id}", transport.as_str()), "SENT")
}

/// What a number's owner said of texts.
pub(crate) fn text_wish(number: &Mac) -> Key {
    Key::new(Table::Visits, format!("NUMBER#{}", number.0), "TEXTS")
}

/// A partition holds a clinician's day in UTC: no day grows hot, and a move within it stays there.
pub(crate) fn booking(tenant: &TenantId, clinician: &ClinicianId, mark: SlotTime) -> Key {
    let day = day(mark);
    Key::new(Table::Visits, format!("T#{tenant}#B#{clinician}#{day}"), mark.time().to_string())
}

pub(crate) fn clinician(tenant: &TenantId, id: &ClinicianId) -> Key {
    in_tenant(tenant, format!("C#{id}"))
}

pub(crate) fn patient(tenant: &TenantId, id: &PatientId) -> Key {
    in_tenant(tenant, format!("P#{id}"))
}

pub(crate) fn tenant(id: &TenantId) -> Key {
    in_tenant(id, "TENANT")
}

pub(crate) fn chain_head(tenant: &TenantId) -> Key {
    in_tenant(tenant, "HEAD")
}

/// Leads from where people sign in to their practice. The hash keeps any issuer within a key's 2,048 bytes.
pub(crate) fn issuer(issuer: &str, client_id: &str) -> Key {
    // An issuer is a URL (OpenID Connect Core, 2), in which no line feed can stand.
    let hash = ring::digest::digest(&ring::digest::SHA256, format!("{issuer}\n{client_id}").as_bytes());
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    Key::new(Table::Visits, format!("OIDC#{}", Sha256(bytes)), "OIDC")
}

pub(crate) fn api_key(mac: &Mac) -> Key {
    Key::new(Table::Visits, format!("KEY#{}", mac.0), "KEY")
}

/// The partition of a practice's keys, by their ids: `UUIDv7`s stand in the order of their making.
pub(crate) fn keys_partition(tenant: &TenantId) -> String {
    format!("KEYS#{tenant}")
}

/// A key in the list of its practice.
pub(crate) fn listed_key(tenant: &TenantId, id: KeyId) -> Key {
    Key::new(Table::Visits, keys_partition(tenant), id.to_string())
}

/// The partition of a chain.
pub(crate) fn chain_partition(chain: &Chain) -> String {
    match chain {
        Chain::Visit(id) => visit_partition(*id),
        Chain::Tenant(id) => tenant_partition(id),
    }
}

/// Twelve digits, so that the order of texts is the order of numbers.
pub(crate) fn record(chain: &Chain, seq: u64) -> Key {
    Key::new(Table::Audit, chain_partition(chain), format!("{seq:012}"))
}

pub(crate) fn seen_proof(thumbprint: &Thumbprint, jti: &str) -> Key {
    Key::new(Table::Limits, format!("PROOF#{thumbprint}"), jti)
}

pub(crate) fn counter(key: &str, window_ends: Time) -> Key {
    Key::new(Table::Limits, format!("COUNT#{key}"), broom(window_ends).to_string())
}

/// When the table's broom may take a row, in whole seconds, never too early.
pub(crate) fn broom(at: Time) -> i64 {
    at.millis().saturating_add(999).div_euclid(1000)
}

/// What one has taken stands beside its counters: whatever forgets them forgets it too.
pub(crate) fn hold(key: &str) -> Key {
    Key::new(Table::Limits, format!("COUNT#{key}"), "HOLD")
}

/// The places of sliding limits, beside the counters too.
pub(crate) fn places(key: &str) -> Key {
    Key::new(Table::Limits, format!("COUNT#{key}"), "PLACES")
}

/// A request under its `Idempotency-Key`. No counter: who resets the limits does not forget it.
pub(crate) fn attempt(scope: &Mac) -> Key {
    Key::new(Table::Limits, format!("ONCE#{}", scope.0), "ONCE")
}

/// A clinician's visits, by time.
pub(crate) fn visits_of_clinician(tenant: &TenantId, clinician: &ClinicianId) -> String {
    format!("T#{tenant}#C#{clinician}")
}

/// A patient's visits, by time.
pub(crate) fn visits_of_patient(tenant: &TenantId, patient: &PatientId) -> String {
    format!("T#{tenant}#P#{patient}")
}

/// All of a tenant's visits, by time.
pub(crate) fn visits_of_tenant(tenant: &TenantId) -> String {
    format!("T#{tenant}#V")
}

/// What a key or a person has made, by time.
pub(crate) fn visits_of_creator(tenant: &TenantId, creator: &str) -> String {
    format!("T#{tenant}#M#{creator}")
}

/// The place of a visit in these lists.
pub(crate) fn scheduled(mark: SlotTime, id: VisitId) -> String {
    format!("{}#{id}", mark.time())
}

/// Greater than the place of each visit that is scheduled before then, and of no other. Visits are scheduled to the
/// second, and a fraction of one would sort before its `Z`.
pub(crate) fn scheduled_before(at: Time) -> String {
    Time::from_millis(broom(at).saturating_mul(1000)).to_string()
}

/// Greater than the place of this visit, and of no later one: ids are hexadecimal.
pub(crate) fn after_scheduled(mark: SlotTime, id: VisitId) -> String {
    format!("{}~", scheduled(mark, id))
}

/// The day of a mark, in UTC.
pub(crate) fn day(mark: SlotTime) -> String {
    mark.time().to_string().chars().take_while(|c| *c != 'T').collect()
}

/// The agenda's partition of a visit and of its messages. The last digit of a `UUIDv7` is random.
pub(crate) fn due_partition(id: VisitId) -> String {
    let last = id.to_string().chars().next_back().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
    format!("DUE#{}", last % u32::from(SHARDS))
}

/// The agenda's partition by its number.
pub(crate) fn due_shard(shard: u8) -> String {
    format!("DUE#{shard}")
}

/// Thirteen digits: enough until the year 2286, and the order of texts is the order of times.
pub(crate) fn due_from(at: Time) -> String {
    format!("{:013}", at.millis().clamp(0, 9_999_999_999_999))
}

/// Greater than this place on the agenda, and than no later one: ids are hexadecimal.
pub(crate) fn after_due(place: &str) -> String {
    format!("{place}~")
}

/// The same place, moved on to another time.
pub(crate) fn due_later(place: &str, at: Time) -> String {
    let rest = place.split_once('#').map_or(place, |(_, rest)| rest);
    format!("{}#{rest}", due_from(at))
}

pub(crate) fn due_visit(at: Time, id: VisitId) -> String {
    format!("{}#visit#{id}", due_from(at))
}

pub(crate) fn due_message(at: Time, id: MessageId) -> String {
    format!("{}#message#{id}", due_from(at))
}
