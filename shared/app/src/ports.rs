//! What the use cases need of the world: one small trait per need. The adapters are in `shared/aws`.

use crate::error::Outage;
use bedside_domain::audit::{Head, Record};
use bedside_domain::challenge::Challenge;
use bedside_domain::delivery::Transport;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ClinicianId, KeyId, LinkId, MessageId, ParticipantId, PatientId, TenantId, VisitId};
use bedside_domain::jose::{EcPublicKey, Thumbprint};
use bedside_domain::limit::Limit;
use bedside_domain::link::Link;
use bedside_domain::outbox::Message;
use bedside_domain::participant::Participant;
use bedside_domain::person::{ApiKey, Clinician, Oidc, Patient, Tenant};
use bedside_domain::secret::{Mac, Phi, Salt, Sealed};
use bedside_domain::text_reply::{SentMessage, TextWish};
use bedside_domain::time::{SlotTime, Time};
use bedside_domain::visit::Visit;
use serde::{Deserialize, Serialize};
use std::future::Future;

mod media;
mod messages;

pub use media::*;
pub use messages::*;

/// What a port gives back, in time.
pub type Answer<T> = Result<T, Outage>;

/// Which audit chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// Of a visit; its head is on the visit.
    Visit(VisitId),
    /// Of a tenant, for what belongs to no visit; its head is an item of its own.
    Tenant(TenantId),
}

/// What a locator leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// HMAC of the locator (never the locator itself).
    pub lookup: Mac,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Which link of it; none for a public meeting code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
    /// When nobody can need it any more: the table's broom takes it then.
    pub sweep_at: Time,
}

/// One 5-minute mark of a clinician's day that a visit covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// Whose clinician.
    pub tenant: TenantId,
    /// Who is booked.
    pub clinician_id: ClinicianId,
    /// When.
    pub mark: SlotTime,
    /// For which visit.
    pub visit_id: VisitId,
}

/// A `DPoP` proof that was used. The same `jti` by the same key never counts twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenProof {
    /// Of the device key.
    pub thumbprint: Thumbprint,
    /// The proof's id.
    pub jti: String,
    /// The request that used it: its own retry finds itself.
    pub request: String,
    /// When the proof has grown too old anyway.
    pub sweep_at: Time,
}

/// The head of a tenant's own chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainHead {
    /// Whose chain.
    pub tenant: TenantId,
    /// Its end.
    pub head: Head,
}

/// Anything that stands in a table.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a transaction holds a handful of them")]
#[expect(missing_docs, reason = "each is named by its type")]
pub enum Row {
    Visit(Visit),
    Link(Link),
    Participant(Participant),
    Challenge(Challenge),
    Message(Message),
    SentMessage(SentMessage),
    Location(Location),
    TextWish(TextWish),
    Booking(Booking),
    Clinician(Clinician),
    Patient(Patient),
    Tenant(Tenant),
    ApiKey(ApiKey),
    ChainHead(ChainHead),
    /// A link of an audit chain. Never replaced, never deleted.
    Audit(Chain, Record),
    SeenProof(SeenProof),
}

/// What must hold of a row, or the whole transaction does nothing. The tenant is part of every one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// There is no such row.
    Absent,
    /// The row's chain ends there: nothing audited has happened since it was read. (visit, chain head)
    HeadAt(u64),
    /// The same, and when the row is due stays as it is: whoever has leased it meanwhile keeps it. (visit)
    HeadAtStillDue(u64),
    /// The link is ACTIVE and not expired.
    Spendable(Time),
    /// The link is spent and this session still is the one that its owner opened.
    SpentFor(Option<bedside_domain::id::SessionId>),
    /// The seat is silent: WAITING, and last seen before then.
    SilentSince(Time),
    /// The seat's live session is this one (or there is none).
    SessionIs(Option<bedside_domain::id::SessionId>),
    /// The challenge has so many tries left and was not passed.
    TriesLeft(u32),
    /// The message has had so many tries, and nobody else has taken it since. (tries, due at)
    Untouched(u32, Option<Time>),
    /// The row was written then. (clinician, patient)
    UpdatedAt(Time),
    /// The row was written then, or before that was kept. (tenant)
    WrittenAt(Option<Time>),
    /// What stands there was said before this, or nothing does. (text wish)
    SaidBefore(TextWish),
    /// The row exists.
    Present,
}

/// One entry of a transaction.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a transaction holds a handful of them")]
pub enum Write {
    /// Puts a row where the guard holds. What is seen of a participant by polls (`lastSeenAt`) is only ever moved on.
    Put(Row, Guard),
    /// Deletes a booking that is still this visit's.
    Unbook(Booking),
    /// Deletes a key that is there: it opens nothing any more.
    Revoke(ApiKey),
    /// The tenant's people sign in there no longer. Does nothing where others do.
    LeaveSignIn(TenantId, Oidc),
}

/// Why a transaction did nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum CommitError {
    /// These guards did not hold: the entry's place in the transaction, and the row as it stands (if it is there).
    Refused(Vec<(usize, Option<Row>)>),
    /// Somebody else was writing one of the rows at that moment: try again.
    Conflict,
    /// The store did not answer, or said that it cannot.
    Down(Outage),
}

/// People, keys and settings.
pub trait Directory: Send + Sync {
    /// A practice.
    fn tenant(&self, id: &TenantId) -> impl Future<Output = Answer<Option<Tenant>>> + Send;
    /// The practice whose people sign in there.
    fn tenant_of(&self, issuer: &str, client_id: &str) -> impl Future<Output = Answer<Option<TenantId>>> + Send;
    /// A lander's key by its HMAC.
    fn api_key(&self, mac: &Mac) -> impl Future<Output = Answer<Option<ApiKey>>> + Send;
    /// A practice's key by its id.
    fn key(&self, tenant: &TenantId, id: KeyId) -> impl Future<Output = Answer<Option<ApiKey>>> + Send;
    /// A practice's keys, the newest first, those before `before` alone: at most `limit`.
    fn keys(
        &self,
        tenant: &TenantId,
        before: Option<KeyId>,
        limit: usize,
    ) -> impl Future<Output = Answer<Vec<ApiKey>>> + Send;
    /// How many keys a practice has.
    fn count_keys(&self, tenant: &TenantId) -> impl Future<Output = Answer<usize>> + Send;
    /// Notes that a key was used, if nobody has since it was read. A key that is gone stays gone.
    fn key_used(&self, key: &ApiKey, at: Time) -> impl Future<Output = Answer<()>> + Send;
    /// A clinician of the practice.
    fn clinician(&self, tenant: &TenantId, id: &ClinicianId) -> impl Future<Output = Answer<Option<Clinician>>> + Send;
    /// A patient of the practice.
    fn patient(&self, tenant: &TenantId, id: &PatientId) -> impl Future<Output = Answer<Option<Patient>>> + Send;
}

/// What people say of texts, and which message it is about.
pub trait TextReplies: Send + Sync {
    /// What a number's owner said last; `None` where they never did.
    fn text_wish(&self, number: &Mac) -> impl Future<Output = Answer<Option<TextWish>>> + Send;
    /// Notes it, unless something was said after it. `false`: something was, or this is noted already.
    fn note_text_wish(&self, wish: &TextWish) -> impl Future<Output = Answer<bool>> + Send;
    /// The message that went under a carrier's id.
    fn sent_message(
        &self,
        transport: Transport,
        provider_id: &str,
    ) -> impl Future<Output = Answer<Option<SentMessage>>> + Send;
}

/// A list of visits, in the order of their times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitList {
    /// All of the practice's.
    Tenant,
    /// A clinician's.
    Clinician(ClinicianId),
    /// A patient's.
    Patient(PatientId),
    /// What a key or a person made.
    Creator(String),
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitRange {
    /// Scheduled at or after.
    pub from: Option<Time>,
    /// Scheduled before.
    pub to: Option<Time>,
    /// After this one in the list's order: its time, then its id.
    pub after: Option<(SlotTime, VisitId)>,
}

/// Visits and all that is changed with them.
pub trait Visits: Send + Sync {
    /// What a locator leads to.
    fn locate(&self, lookup: &Mac) -> impl Future<Output = Answer<Option<Location>>> + Send;
    /// A visit's file, strongly consistent: one Query.
    fn file(&self, id: VisitId) -> impl Future<Output = Answer<Option<VisitFile>>> + Send;
    /// All of it, or nothing.
    fn commit(&self, writes: &[Write]) -> impl Future<Output = Result<(), CommitError>> + Send;
    /// Notes a poll: moves `lastSeenAt` on. Outside of the chain; a row that is gone stays gone.
    fn seen(&self, visit: VisitId, participant: ParticipantId, at: Time) -> impl Future<Output = Answer<()>> + Send;
    /// Visits of a clinician that were scheduled before then, the newest first: at most `limit`.
    fn recent(
        &self,
        tenant: &TenantId,
        clinician: &ClinicianId,
        before: Time,
        limit: u32,
    ) -> impl Future<Output = Answer<Vec<Visit>>> + Send;
    /// At most `limit` visits of a list, the soonest first, and whether there may be more. Eventually consistent.
    fn list(
        &self,
        tenant: &TenantId,
        list: &VisitList,
        range: &VisitRange,
        limit: u32,
    ) -> impl Future<Output = Answer<(Vec<Visit>, bool)>> + Send;
    /// Counts one more refused try on a link, and gives the link as it is now.
    fn blocked(&self, visit: VisitId, link: LinkId) -> impl Future<Output = Answer<Link>> + Send;
}

/// Audit chains, to read. (They are written by [`Visits::commit`] alone.)
pub trait AuditLog: Send + Sync {
    /// The whole chain, as it stands, oldest first. A row that is no record any more is `None`: somebody changed it.
    fn records(&self, chain: &Chain) -> impl Future<Output = Answer<Vec<Option<Record>>>> + Send;
    /// The end of a tenant's own chain.
    fn tenant_head(&self, tenant: &TenantId) -> impl Future<Output = Answer<Head>> + Send;
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A message is to be tried.
    Message(VisitId, MessageId),
    /// A visit is to be looked at.
    Visit(VisitId),
    /// The row is none that we know: nobody can do it, and it must not be in the way of the others.
    Unknown,
}

/// A piece of work that is due, as it stands on the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What is to be done.
    pub work: Work,
    /// How often it was taken and not done since its row was written.
    pub taken: u32,
    /// Where its row stands: known to the store alone.
    pub place: DuePlace,
}

/// Where a row stands that is due, as the store names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePlace {
    /// Of the row.
    pub partition: String,
    /// Of the row, in its partition.
    pub row: String,
    /// On the agenda: less is due earlier.
    pub due: String,
    /// Whose it is; none of a row that is none of ours.
    pub tenant: Option<String>,
}

/// Work that is due.
pub trait Agenda: Send + Sync {
    /// What is due by `until` on one of the 16 shards, the most overdue first, after `after` where it is named: at most
    /// `limit`, and whether there may be more.
    fn due(
        &self,
        shard: u8,
        until: Time,
        after: Option<&DuePlace>,
        limit: u32,
    ) -> impl Future<Output = Answer<(Vec<Due>, bool)>> + Send;
    /// Takes a piece of work for oneself until then; `false` when somebody else has, or has done it.
    fn lease(&self, due: &Due, until: Time) -> impl Future<Output = Answer<bool>> + Send;
}

/// How many shards the agenda has.
pub const SHARDS: u8 = 16;

/// Counters of limits: short-lived.
pub trait Limits: Send + Sync {
    /// Takes `key` until then, if nobody has it; else says until when somebody has.
    fn hold(&self, key: &str, now: Time, until: Time) -> impl Future<Output = Answer<Option<Time>>> + Send;
    /// Whether the proof was new; it is noted. A retry of the same request finds itself new.
    fn first_use(&self, proof: &SeenProof) -> impl Future<Output = Answer<bool>> + Send;
    /// Takes a place of `key` now, if each of these sliding limits still has one; in one atomic step.
    fn take(&self, key: &str, limits: &[Limit], now: Time) -> impl Future<Output = Answer<Places>> + Send;
    /// Gives a place back that was taken last, with the same limits; once others came after, it stays taken.
    fn give_back(&self, key: &str, limits: &[Limit], place: &str) -> impl Future<Output = Answer<()>> + Send;
    /// Counts all places of the limits as taken with this one: none is free before this one is.
    fn fill(&self, key: &str, limits: &[Limit], place: &str) -> impl Future<Output = Answer<()>> + Send;
    /// When the places that are known were taken.
    fn taken(&self, key: &str) -> impl Future<Output = Answer<Vec<Time>>> + Send;
    /// Draws so many from a budget of `quota` that ends at `window_ends`: all, or none.
    fn draw(&self, key: &str, window_ends: Time, quota: u32, many: u32) -> impl Future<Output = Answer<Drawn>> + Send;
    /// Puts back what was drawn and not used.
    fn put_back(&self, key: &str, window_ends: Time, many: u32) -> impl Future<Output = Answer<()>> + Send;
}

/// The places of sliding limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The one that was taken now; none where a limit was reached.
    pub mine: Option<String>,
    /// When the places were taken as far as it is known, this one too.
    pub taken: Vec<Time>,
}

/// What came of a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Drawn; so many are drawn in all.
    All(u32),
    /// There were not so many left; nothing was drawn.
    None,
}

/// A request that may come again under its `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// HMAC of tenant, principal, method, path and key: where it stands.
    pub scope: Mac,
    /// HMAC of the body: another body under the same key is another request.
    pub fingerprint: Mac,
    /// Random, of this very try: its own retry finds itself.
    pub by: String,
    /// What ids are made from, on this try if it is the first.
    pub seed: String,
    /// The time of this try.
    pub at: Time,
    /// Until when nobody else tries.
    pub until: Time,
    /// When it is forgotten.
    pub expires: Time,
}

/// An answer that was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredAnswer {
    /// It holds links and clinical text.
    pub sealed: Sealed,
    /// Of the key that it is sealed with.
    pub salt: Salt,
}

/// How it stands with a request that came under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempted {
    /// It is this try's to do.
    Mine {
        /// When it was tried first.
        at: Time,
        /// What was drawn then.
        seed: String,
        /// Whether somebody tried before and left no answer.
        again: bool,
    },
    /// It was answered.
    Answered(StoredAnswer),
    /// Another try is under way until then.
    UnderWay(Time),
    /// The key was used with another body.
    Reused,
}

/// What is kept of requests that may come again.
pub trait Attempts: Send + Sync {
    /// Takes the request for this try, unless it was answered or is under way. A try whose lease is over has died: the
    /// next one takes its place, and is given what the first has drawn.
    fn attempt(&self, attempt: &Attempt) -> impl Future<Output = Answer<Attempted>> + Send;
    /// Keeps the answer, if the request still is this try's.
    fn answered(&self, attempt: &Attempt, answer: &StoredAnswer) -> impl Future<Output = Answer<()>> + Send;
    /// Ends this try without an answer: the next one may begin at once, with what the first has drawn, or (`forget`)
    /// anew.
    fn let_go(&self, attempt: &Attempt, forget: bool) -> impl Future<Output = Answer<()>> + Send;
}

/// All that the store can do.
pub trait Store: Directory + Visits + TextReplies + AuditLog + Agenda + Limits + Attempts + 'static {}
impl<T: Directory + Visits + TextReplies + AuditLog + Agenda + Limits + Attempts + 'static> Store for T {}

/// A data key as KMS made it.
pub struct NewDataKey {
    /// 256 bits.
    pub plain: Phi<[u8; 32]>,
    /// Wrapped, in base64.
    pub wrapped: String,
}

/// Keys in KMS.
pub trait Keys: Send + Sync + 'static {
    /// The key that signs now, and those whose tokens may still be alive: newest first.
    fn public_keys(&self) -> &[EcPublicKey];
    /// Peppers for look-ups and secrets: newest first.
    fn peppers(&self) -> &[Phi<[u8; 32]>];
    /// ES256 over the input by the newest key: r‖s, checked with the public key before it is handed out.
    fn sign(&self, input: &[u8]) -> impl Future<Output = Answer<[u8; 64]>> + Send;
    /// A new data key for a tenant.
    fn new_data_key(&self, tenant: &TenantId) -> impl Future<Output = Answer<NewDataKey>> + Send;
    /// A tenant's data key, unwrapped.
    fn unwrap_data_key(&self, tenant: &TenantId, wrapped: &str) -> impl Future<Output = Answer<Phi<[u8; 32]>>> + Send;
}
