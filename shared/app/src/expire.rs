//! Links with a life of their own (`ttlMinutes`) that have run out: on record, once, and what is sealed of them erased.
//! All others die with the visit's window: see [`crate::end`].

use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::ports::{Guard, Row};
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::link::{Link, LinkStatus};

/// A transaction has 100 items at most, and each link is two of them. The others are due again at once.
const AT_ONCE: usize = 40;

/// Records in a change what has run out. `false`: nothing has. The visit is looked at again when the next link dies.
pub(crate) fn expire_links(file: &VisitFile, change: &mut Change) -> Result<bool, Error> {
    if !file.visit.status.is_live() {
        return Ok(false);
    }
    let watched = |link: &&Link| {
        let lives = link.status == LinkStatus::Active && link.sealed.is_some();
        lives && link.expires_at < file.visit.closes_at
    };
    let (dead, alive): (Vec<&Link>, Vec<&Link>) =
        file.links.iter().filter(watched).partition(|link| link.has_expired(change.now));
    let (now, later) = dead.split_at(dead.len().min(AT_ONCE));
    for link in now {
        change.record(&Actor::system(), EventType::TokenExpired, Some(link.link_id), |event| {
            event.with("role", link.role.as_str().to_owned()).with("expiredAt", link.expires_at.to_string())
        })?;
        let mut dead = (*link).clone();
        dead.expire();
        change.put(Row::Link(dead), Guard::Present);
    }
    change.visit.watch_links(later.iter().chain(&alive).map(|link| link.expires_at).min());
    if change.visit.due_at != file.visit.due_at {
        change.touch();
    }
    Ok(!now.is_empty())
}
