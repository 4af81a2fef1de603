//! What is noted of a request on its way, for the headers of its answer: how its caller stands with the limits, and
//! from which page it came. The notes travel with the request's [`crate::caller::Client`].

use bedside_domain::limit::{Limit, Standing};
use std::sync::{Arc, Mutex, PoisonError};

/// The notes of one request. Copies write on the same sheet.
#[derive(Debug, Clone, Default)]
pub struct Notes(Arc<Mutex<Sheet>>);

#[derive(Debug, Default)]
struct Sheet {
    limits: Vec<Limit>,
    standings: Vec<Standing>,
    origin: Option<String>,
}

impl Notes {
    fn write<R>(&self, write: impl FnOnce(&mut Sheet) -> R) -> R {
        write(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// These limits hold for the request, however the caller stands with them.
    pub fn limited_by(&self, limits: &[Limit]) {
        self.write(|sheet| {
            for limit in limits {
                if sheet.limits.iter().all(|known| known.name != limit.name) {
                    sheet.limits.push(*limit);
                }
            }
        });
    }
    /// So the caller stands with a limit; of two standings with one limit the nearer counts.
    pub fn stands(&self, standing: Standing) {
        self.limited_by(&[standing.limit]);
        self.write(|sheet| sheet.standings.push(standing));
    }
    /// The request is refused by this limit: whatever else was noted does not matter any more.
    pub fn refused_by(&self, standing: Standing) {
        self.limited_by(&[standing.limit]);
        self.write(|sheet| sheet.standings = vec![standing]);
    }
    /// The limits of the request, in the order in which they came up.
    #[must_use]
    pub fn limits(&self) -> Vec<Limit> {
        self.write(|sheet| sheet.limits.clone())
    }
    /// The limit that is nearest.
    #[must_use]
    pub fn nearest(&self) -> Option<Standing> {
        self.write(|sheet| {
            sheet.standings.iter().copied().min_by_key(|s| (s.remaining, std::cmp::Reverse(s.resets_in)))
        })
    }
    /// A page of this origin may read the answer.
    pub fn allow_origin(&self, origin: Option<&str>) {
        self.write(|sheet| sheet.origin = origin.map(str::to_owned));
    }
    /// The page that may read the answer.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        self.write(|sheet| sheet.origin.clone())
    }
}
