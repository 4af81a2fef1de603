//! Reading a visit's audit chain, and whether it is still what it was.

use crate::api;
use crate::caller::Staff;
use crate::error::Error;
use crate::ports::{Chain, Keys, Store};
use crate::practice::App;
use bedside_domain::audit::{Head, Record, Verdict, Verifier};
use bedside_domain::id::VisitId;
use bedside_domain::jose::{self, AuditHeadClaims};
use bedside_domain::visit::Visit;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// One page of a visit's chain; the verdict speaks of the whole chain.
    ///
    /// # Errors
    /// As the contract says of `GET /api/visits/{visitId}/audit`.
    pub async fn get_audit(
        &self,
        staff: &Staff,
        id: VisitId,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<api::AuditPage, Error> {
        let visit_id = id.to_string();
        let list = ["audit", visit_id.as_str()];
        let after = cursor.map(|cursor| self.after(&list, cursor)).transpose()?;
        let after = after.and_then(|seq| seq.parse::<u64>().ok()).unwrap_or(0);
        // The head first: records that are appended meanwhile lie behind it and are not judged.
        let visit = self.file(id).await?.visit;
        staff.sees(&visit)?;
        let mut rows = self.store.records(&Chain::Visit(id)).await?;
        let is_newer = |row: &Option<Record>| row.as_ref().is_some_and(|record| record.seq > visit.head.seq);
        // What has been appended since the visit was read; a head that was tampered with is not hidden by this.
        if rows.iter().any(is_newer) && self.file(id).await?.visit.head.seq > visit.head.seq {
            rows.retain(|row| !is_newer(row));
        }
        let verdict = judge(&rows, &visit.head);
        let verdict = self.against_signed_head(&rows, &visit, verdict);
        let mut events: Vec<Record> = rows.into_iter().flatten().filter(|record| record.seq > after).collect();
        let more = events.len() > limit;
        events.truncate(limit);
        let last = events.last().filter(|_| more);
        let next_cursor = last.map(|record| self.cursor(&list, &record.seq.to_string())).transpose()?;
        let signature =
            visit.signed_head.clone().filter(|token| self.signed(token).is_some_and(|c| c.seq == visit.head.seq));
        Ok(api::AuditPage {
            events,
            head: api::AuditHead { seq: visit.head.seq, hash: visit.head.hash, signature },
            verified: verdict.verified,
            first_bad_seq: verdict.first_bad_seq,
            next_cursor,
        })
    }

    /// A whole chain, for the operator: as [`App::get_audit`] would answer it on one page.
    ///
    /// # Errors
    /// 404 when there is no such visit; 503 when the store is down.
    pub async fn export_audit(&self, chain: &Chain) -> Result<api::AuditPage, Error> {
        // The head first: see `get_audit`.
        let (head, visit) = self.end_of(chain).await?;
        let mut rows = self.store.records(chain).await?;
        let is_newer = |row: &Option<Record>| row.as_ref().is_some_and(|record| record.seq > head.seq);
        if rows.iter().any(is_newer) && self.end_of(chain).await?.0.seq > head.seq {
            rows.retain(|row| !is_newer(row));
        }
        let mut verdict = judge(&rows, &head);
        if let Some(visit) = &visit {
            verdict = self.against_signed_head(&rows, visit, verdict);
        }
        let signature = visit.and_then(|visit| visit.signed_head);
        Ok(api::AuditPage {
            events: rows.into_iter().flatten().collect(),
            head: api::AuditHead { seq: head.seq, hash: head.hash, signature },
            verified: verdict.verified,
            first_bad_seq: verdict.first_bad_seq,
            next_cursor: None,
        })
    }

    /// Where a chain ends, and the visit on which that stands, for a visit's.
    async fn end_of(&self, chain: &Chain) -> Result<(Head, Option<Visit>), Error> {
        match chain {
            Chain::Visit(id) => {
                let visit = self.file(*id).await?.visit;
                Ok((visit.head, Some(visit)))
            }
            Chain::Tenant(tenant) => Ok((self.store.tenant_head(tenant).await?, None)),
        }
    }

    fn signed(&self, token: &str) -> Option<AuditHeadClaims> {
        jose::verify_signature::<AuditHeadClaims>(token, self.keys.public_keys()).ok()
    }

    /// A head that was signed is evidence against a chain that was cut and given a fitting head.
    fn against_signed_head(&self, rows: &[Option<Record>], visit: &Visit, verdict: Verdict) -> Verdict {
        let Some(token) = visit.signed_head.as_deref().filter(|_| verdict.verified) else { return verdict };
        let claims = match jose::verify_signature::<AuditHeadClaims>(token, self.keys.public_keys()) {
            Ok(claims) => claims,
            // Signed by a key that has been retired since: no evidence any more, and none against the chain.
            Err(jose::TokenError::WrongKey) => return verdict,
            Err(_) => return Verdict { verified: false, first_bad_seq: Some(visit.head.seq) },
        };
        let same = rows.iter().flatten().any(|record| record.seq == claims.seq && record.hash == claims.hash);
        let same = same && claims.visit_id == Some(visit.visit_id.to_string());
        if same { verdict } else { Verdict { verified: false, first_bad_seq: Some(claims.seq) } }
    }
}

fn judge(rows: &[Option<Record>], head: &Head) -> Verdict {
    let mut verifier = Verifier::new();
    for row in rows {
        match row {
            Some(record) => verifier.read(record),
            None => verifier.read_unreadable(),
        }
    }
    verifier.finish(head)
}
