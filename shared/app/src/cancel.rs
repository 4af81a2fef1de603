//! Calling a visit off, and letting go of a slot that nobody confirmed.

use crate::api::{self, CancelVisit};
use crate::caller::{Actor, Staff};
use crate::change::Change;
use crate::end::close;
use crate::error::Error;
use crate::messages::About;
use crate::ports::{Keys, Mailer, Media, Store, Texter};
use crate::practice::{App, visit_row};
use crate::profile::Contact;
use crate::view::Clinical;
use crate::visits::field;
use bedside_domain::access::Role;
use bedside_domain::file::VisitFile;
use bedside_domain::id::VisitId;
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::secret::Sealed;
use bedside_domain::visit::{Channel, EndReason, HOLD_MINUTES, VisitStatus};

impl<S: Store, K: Keys, M: Media, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Calls a visit off: links are withdrawn, the slot is free, both sides are told. Repeated, it changes nothing.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/cancel`.
    pub async fn cancel_visit(&self, staff: &Staff, id: VisitId, body: &CancelVisit) -> Result<api::Visit, Error> {
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        if file.visit.status == VisitStatus::Cancelled {
            return self.visit_view(&file, Clinical::None).await;
        }
        may_cancel(&file)?;
        let sealer = self.visit_sealer(&file.visit).await?;
        let seal = |reason: &api::Text<1, 200>| sealer.seal(&visit_row(id), field::CANCEL_REASON, reason.as_str());
        let reason = body.reason.as_ref().map(seal).transpose()?;
        let (patient, clinician) = self.contacts_of_sides(&staff.tenant, &file).await?;
        let actor = staff.actor();
        let owed = self
            .change(file, |file, change| {
                staff.sees(&file.visit)?;
                if file.visit.status == VisitStatus::Cancelled {
                    return Ok(vec![]);
                }
                may_cancel(file)?;
                // The number of a visit that was never confirmed is anybody's: it hears of it no more.
                let was_asked_for = file.visit.status == VisitStatus::Requested;
                cancel(file, change, &actor, reason.clone())?;
                if was_asked_for {
                    return Ok(vec![]);
                }
                let mut owed = self.owe_news(change, Role::Patient, file.visit.channel, &patient)?;
                owed.extend(self.owe_news(change, Role::Clinician, Channel::Email, &clinician)?);
                Ok(owed)
            })
            .await?;
        let cancelled = self.file(id).await?;
        // It is called off, whatever fails now: the rest stays owed, and `tick` does it.
        if let Err(error) = self.settle(&cancelled).await {
            tracing::warn!(?error, "a cancelled visit still owes something");
        }
        self.deliver_or_owe(self.file(id).await?, owed, &actor).await;
        self.visit_view(&self.file(id).await?, Clinical::None).await
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    fn owe_news(
        &self,
        change: &mut Change,
        role: Role,
        channel: Channel,
        contact: &Contact,
    ) -> Result<Vec<Message>, Error> {
        let seat = if role == Role::Patient { change.visit.patient_seat } else { change.visit.clinician_seat };
        let about = About {
            template: Template::Cancelled,
            role,
            participant_id: seat,
            former: None,
            link_id: None,
            challenge_id: None,
        };
        self.owe(change, channel, contact, &about)
    }
}

fn may_cancel(file: &VisitFile) -> Result<(), Error> {
    if file.visit.status.can_be_cancelled() { Ok(()) } else { Err(Error::VisitState(file.visit.status)) }
}

fn cancel(file: &VisitFile, change: &mut Change, actor: &Actor, reason: Option<Sealed>) -> Result<(), Error> {
    change.visit.cancel_reason = reason;
    change.visit.calendar_sequence = file.visit.calendar_sequence.saturating_add(1);
    close(file, change, actor, (EndReason::Cancelled, VisitStatus::Cancelled), |event| event)
}

/// Lets go, in a change, of the slot of a visit that a page asked for and nobody has confirmed in time. `false`: there is
/// nothing to let go of.
pub(crate) fn release_hold(file: &VisitFile, change: &mut Change) -> Result<bool, Error> {
    let held_until = file.visit.created_at.plus_minutes(HOLD_MINUTES);
    if file.visit.status != VisitStatus::Requested || change.now < held_until {
        return Ok(false);
    }
    close(file, change, &Actor::system(), (EndReason::Cancelled, VisitStatus::Cancelled), |event| {
        event.with("why", "unconfirmed".to_owned())
    })?;
    Ok(true)
}
