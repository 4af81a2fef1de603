//! Where somebody comes from, by the edge network's word: another country than expected is recorded, and a practice can
//! ask a patient for a code then. It never refuses anybody: people travel, and networks lead elsewhere.

use crate::caller::{Actor, Client, Seated};
use crate::change::Change;
use crate::error::Error;
use crate::ports::{Guard, Keys, Row, Store};
use crate::practice::App;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::person::Country;
use bedside_domain::settings::LocationPolicy;
use bedside_domain::visit::Visit;

/// What follows from where somebody comes in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Away {
    /// The country to be told of, and the expected one.
    tell: Option<(Country, Country)>,
    /// Whether a patient is asked for a code.
    pub(crate) ask: bool,
}

impl Away {
    /// Tells of it in a change.
    pub(crate) fn record(&self, change: &mut Change, actor: &Actor) -> Result<(), Error> {
        match &self.tell {
            Some((from, expected)) => alert(change, actor, from, Some(expected)),
            None => Ok(()),
        }
    }
}

/// A record for the practice, a line for an alarm.
fn alert(change: &mut Change, actor: &Actor, from: &Country, expected: Option<&Country>) -> Result<(), Error> {
    tracing::warn!(metric = "LocationAlert", country = from.as_str(), "somebody comes from a new country");
    change.record(actor, EventType::LocationAlert, None, |event| {
        let event = event.with("country", from.as_str().to_owned());
        match expected {
            Some(expected) => event.with("expected", expected.as_str().to_owned()),
            None => event,
        }
    })
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// What follows from where somebody comes in: for a patient who is in another country than the one on record. Of
    /// others none is on record.
    pub(crate) async fn away(&self, visit: &Visit, role: Role, client: &Client) -> Result<Away, Error> {
        let Some(country) =
            client.country.as_ref().filter(|here| role == Role::Patient && **here != visit.patient_country)
        else {
            return Ok(Away::default());
        };
        let policy = self.tenant(&visit.tenant).await?.location_policy;
        let tell = Some((country.clone(), visit.patient_country.clone()));
        Ok(match policy {
            LocationPolicy::Off => Away::default(),
            LocationPolicy::Alert => Away { tell, ask: false },
            LocationPolicy::Verify => Away { tell, ask: true },
        })
    }

    /// Notes that a session is used from a country that it was not used from before: told once for each.
    ///
    /// # Errors
    /// When the store is down: what cannot be recorded is not answered.
    pub async fn note_location(&self, seated: &mut Seated) -> Result<(), Error> {
        let Some(here) = seated.client.country.clone() else { return Ok(()) };
        let seat = seated.participant_id;
        let session = seated.file.participant(seat).and_then(|seat| seat.session.as_ref());
        let is_known = session.is_none_or(|session| session.countries.is_empty() || session.countries.contains(&here));
        if is_known || self.tenant(&seated.file.visit.tenant).await?.location_policy == LocationPolicy::Off {
            return Ok(());
        }
        let (actor, id) = (seated.actor(), seated.file.visit.visit_id);
        self.change(seated.file.clone(), |file, change| {
            let Some(mut participant) = file.participant(seat).cloned() else { return Ok(()) };
            let session_id = participant.session.as_ref().map(|session| session.session_id);
            if participant.session.as_mut().is_some_and(|session| session.moves_to(&here)) {
                alert(change, &actor, &here, None)?;
                change.put(Row::Participant(participant), Guard::SessionIs(session_id));
            }
            Ok(())
        })
        .await?;
        seated.file = self.file(id).await?;
        Ok(())
    }
}
