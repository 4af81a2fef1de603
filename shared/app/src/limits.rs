//! The limits, all of them, and how use cases ask them. What is refused costs nothing: no message, and no place of
//! another limit.
//!
//! Sliding limits are exact: in no window of their length is there ever more than their quota. Budgets of a day are
//! those of the UTC day. See `docs/security.md`.

use crate::caller::{Actor, Client};
use crate::error::Error;
use crate::ports::{Answer, Drawn, Keys, Store};
use crate::practice::{App, label};
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::contact::PhoneNumber;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{KeyId, TenantId, VisitId};
use bedside_domain::limit::{Limit, Standing};
use bedside_domain::time::Time;
use futures_util::future::join_all;
use std::net::IpAddr;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// What everyone's misses are counted under.
const OF_ALL: &str = "misses-of-all";
/// Refusals of one kind, of one visit, are one record a minute.
const REFUSALS_APART_SECONDS: i64 = 60;
/// What the log calls them.
const MESSAGES_WHAT: &str = "messages";

/// Wrong links, codes and answers from one address; the last of them closes the address for the same time.
pub const MISSES: [Limit; 1] = [Limit::new("address", 5, 10 * MINUTE)];
/// Those of everyone: beyond it public codes are not looked up. A setting of the deployment.
pub const MISSES_OF_ALL: Limit = Limit::new("everyone", 60, MINUTE);
/// Codes and proving links to one number or mailbox.
pub const CHALLENGES: [Limit; 3] =
    [Limit::new("number-minute", 1, MINUTE), Limit::new("number-hour", 5, HOUR), Limit::new("number-day", 10, DAY)];
/// And by one practice. A setting of the deployment.
pub const CHALLENGES_OF_TENANT: Limit = Limit::new("tenant", 2_000, DAY);
/// Links of one visit and role that are sent anew.
pub const RESENDS: [Limit; 2] = [Limit::new("role-minute", 1, MINUTE), Limit::new("role-hour", 5, HOUR)];
/// Messages to one number or mailbox. A setting of the deployment, as the next two.
pub const MESSAGES: [Limit; 1] = [Limit::new("number", 20, DAY)];
/// Messages of one visit.
pub const MESSAGES_OF_VISIT: Limit = Limit::new("visit", 40, DAY);
/// Messages of one practice.
pub const MESSAGES_OF_TENANT: Limit = Limit::new("tenant", 5_000, DAY);
/// Requests for visits from one address, by pages.
pub const REQUESTS_OF_ADDRESS: [Limit; 1] = [Limit::new("address", 3, HOUR)];
/// Requests for one number.
pub const REQUESTS_OF_NUMBER: [Limit; 2] = [Limit::new("number-hour", 1, HOUR), Limit::new("number-day", 3, DAY)];
/// Requests by one publishable key. A setting of the deployment.
pub const REQUESTS_OF_KEY: Limit = Limit::new("key", 200, DAY);
/// Requests for new links from one address.
pub const RENEWALS: [Limit; 1] = [Limit::new("address", 5, 10 * MINUTE)];

/// Something of which there may be so much.
enum Asked {
    /// A place of each of these sliding limits.
    Place(String, &'static [Limit]),
    /// So many of a budget.
    Budget(String, Limit, u32),
}

/// What was taken, to be given back when a later limit is reached, or nothing came of it.
pub(crate) enum Taken {
    Place(String, &'static [Limit], String),
    Budget(String, Time, u32),
}

/// A look-up of a public code that was counted as a miss.
pub(crate) struct Guess {
    window_ends: Time,
}

/// The address as it is counted: of IPv6 the network that one household or phone has (RFC 6177).
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Refused by a limit: the answer's headers and its problem say the same.
pub(crate) fn refused(client: &Client, standing: Standing) -> Error {
    let retry_after_seconds = standing.resets_in.clamp(1, DAY);
    let standing = Standing { remaining: 0, resets_in: retry_after_seconds, ..standing };
    client.notes.refused_by(standing);
    Error::RateLimited { retry_after_seconds }
}

/// A cap that nobody should reach by honest use: an alarm looks for this line.
pub(crate) fn alarm(limit: Limit, what: &'static str) {
    tracing::warn!(metric = "LimitReached", limit = limit.name, what, "a limit is reached");
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// What somebody or something is counted under: never in clear.
    fn counted(&self, what: &str, whose: &str) -> Result<String, Error> {
        Ok(format!("{what}#{}", self.mac(label::ADDRESS, &[whose])?.0))
    }

    /// All of these, one after the other, or none: the first that refuses spares the writes of those after it.
    async fn take_all(&self, client: &Client, what: &'static str, asked: &[Asked]) -> Result<Vec<Taken>, Error> {
        let mut taken = Vec::with_capacity(asked.len());
        for one in asked {
            match self.take_at_once(client, what, std::slice::from_ref(one)).await {
                Ok(more) => taken.extend(more),
                Err(error) => {
                    self.give_back(taken).await;
                    return Err(error);
                }
            }
        }
        Ok(taken)
    }

    /// All of these at once, or none.
    async fn take_at_once(&self, client: &Client, what: &'static str, asked: &[Asked]) -> Result<Vec<Taken>, Error> {
        let now = self.clock.now();
        let answers = join_all(asked.iter().map(|one| self.take_one(client, one, now))).await;
        let (mut taken, mut in_the_way, mut failed) = (Vec::with_capacity(asked.len()), None::<Standing>, None);
        for (one, answer) in asked.iter().zip(answers) {
            match answer {
                Ok(Ok(had)) => taken.push(had),
                Ok(Err(standing)) => {
                    // One number is reached by impatience alone; a practice's budget and a number's messages are not.
                    if matches!(one, Asked::Budget(..)) || what == MESSAGES_WHAT {
                        alarm(standing.limit, what);
                    }
                    in_the_way = in_the_way.into_iter().chain([standing]).max_by_key(|standing| standing.resets_in);
                }
                Err(error) => failed = Some(error),
            }
        }
        let refusal = in_the_way.map(|standing| refused(client, standing)).or(failed);
        match refusal {
            None => Ok(taken),
            Some(error) => {
                self.give_back(taken).await;
                Err(error)
            }
        }
    }

    async fn take_one(&self, client: &Client, asked: &Asked, now: Time) -> Result<Result<Taken, Standing>, Error> {
        match asked {
            Asked::Place(key, limits) => {
                let places = self.store.take(key, limits, now).await?;
                let Some(place) = places.mine else {
                    let in_the_way = limits.iter().filter_map(|limit| limit.allows(&places.taken, 1, now).err());
                    let last = in_the_way.max_by_key(|standing| standing.resets_in);
                    let first = limits.first().map(|limit| limit.standing(&places.taken, now));
                    return match last.or(first) {
                        Some(standing) => Ok(Err(standing)),
                        None => Err(Error::Internal("no limit".to_owned())),
                    };
                };
                for limit in *limits {
                    client.notes.stands(limit.standing(&places.taken, now));
                }
                Ok(Ok(Taken::Place(key.clone(), limits, place)))
            }
            Asked::Budget(key, limit, many) => {
                match self.store.draw(key, limit.window_end(now), limit.quota, *many).await? {
                    Drawn::All(count) => {
                        client.notes.stands(limit.counted(count, now));
                        Ok(Ok(Taken::Budget(key.clone(), limit.window_end(now), *many)))
                    }
                    Drawn::None => Ok(Err(limit.counted(limit.quota, now))),
                }
            }
        }
    }

    /// Best effort: a place that could not be given back is free again when its time is over.
    pub(crate) async fn give_back(&self, taken: Vec<Taken>) {
        let given = join_all(taken.iter().map(|one| self.give_one_back(one))).await;
        for why in given.into_iter().filter_map(Result::err) {
            tracing::warn!(%why, "a place could not be given back");
        }
    }

    async fn give_one_back(&self, taken: &Taken) -> Answer<()> {
        match taken {
            Taken::Place(key, limits, place) => self.store.give_back(key, limits, place).await,
            Taken::Budget(key, end, many) => self.store.put_back(key, *end, *many).await,
        }
    }

    /// Counts a miss, and says what the caller is to be told: `error`, or that there were too many.
    pub async fn missed(&self, client: &Client, error: Error) -> Error {
        client.notes.limited_by(&MISSES);
        client.notes.limited_by(&[MISSES_OF_ALL]);
        let counted = tokio::join!(self.miss_of_address(client), self.miss_of_all());
        match counted {
            (Err(refused), _) | (_, Err(refused)) => refused,
            (Ok(()), Ok(_)) => error,
        }
    }

    async fn miss_of_address(&self, client: &Client) -> Result<(), Error> {
        let now = self.clock.now();
        let key = self.counted("misses", &network(&client.address))?;
        let places = self.store.take(&key, &MISSES, now).await?;
        for limit in MISSES {
            let mut standing = limit.standing(&places.taken, now);
            let Some(place) = &places.mine else { return Err(refused(client, standing)) };
            if standing.remaining == 0 {
                // The last of them counts for all: the address is closed for the whole time from now.
                match self.store.fill(&key, &MISSES, place).await {
                    Ok(()) => standing.resets_in = limit.seconds,
                    Err(why) => tracing::warn!(%why, "an address is closed only until its first miss has grown old"),
                }
            }
            client.notes.stands(standing);
        }
        Ok(())
    }

    /// Counts a miss for everyone's budget; none is drawn once it is used up. Its quota bounds the writes to the one item,
    /// and who has seen it used up writes no more: it never grows hot.
    async fn miss_of_all(&self) -> Result<(Drawn, Time), Error> {
        let (now, limit) = (self.clock.now(), MISSES_OF_ALL);
        let (key, end) = (limit.name.to_owned(), limit.window_end(now));
        if self.used_up.get(&key, now).is_some_and(|until| now < until) {
            return Ok((Drawn::None, end));
        }
        let drawn = self.store.draw(OF_ALL, end, limit.quota, 1).await?;
        if drawn == Drawn::None {
            self.used_up.put(key, end, now);
            alarm(limit, "misses");
        }
        Ok((drawn, end))
    }

    /// Whether the caller may have a public code looked up. Short codes can be guessed: the look-up is counted as a miss
    /// before it is made, so that of any number at once no more are made than the budget has; and a right code is
    /// refused too.
    ///
    /// # Errors
    /// 429 after too many misses of the address, or of everyone.
    pub(crate) async fn may_guess(&self, client: &Client) -> Result<Guess, Error> {
        client.notes.limited_by(&MISSES);
        client.notes.limited_by(&[MISSES_OF_ALL]);
        self.may_miss(client).await?;
        let (drawn, window_ends) = self.miss_of_all().await?;
        let (now, limit) = (self.clock.now(), MISSES_OF_ALL);
        match drawn {
            Drawn::All(count) => {
                client.notes.stands(limit.counted(count, now));
                Ok(Guess { window_ends })
            }
            Drawn::None => Err(refused(client, limit.counted(limit.quota, now))),
        }
    }

    /// The code was right: it was no miss.
    pub(crate) async fn guessed_right(&self, guess: Guess) {
        // Best effort: with the minute the place is free again.
        if let Err(why) = self.store.put_back(OF_ALL, guess.window_ends, 1).await {
            tracing::warn!(%why, "a right code counts as a miss of everyone until the minute is over");
        }
    }

    /// The code was wrong: a miss of the address too. What the caller is to be told: `error`, or that there were too
    /// many.
    pub(crate) async fn guessed_wrong(&self, client: &Client, error: Error) -> Error {
        self.miss_of_address(client).await.err().unwrap_or(error)
    }

    /// Whether the caller's address has missed too often to be answered at all.
    ///
    /// # Errors
    /// 429 after too many misses of the address.
    pub(crate) async fn may_miss(&self, client: &Client) -> Result<(), Error> {
        client.notes.limited_by(&MISSES);
        let now = self.clock.now();
        let taken = self.store.taken(&self.counted("misses", &network(&client.address))?).await?;
        for standing in MISSES.map(|limit| limit.standing(&taken, now)) {
            if standing.remaining == 0 {
                return Err(refused(client, standing));
            }
            client.notes.stands(standing);
        }
        Ok(())
    }

    /// One more code or proving link to a registered address of somebody of the practice.
    ///
    /// # Errors
    /// 429: nothing is sent.
    pub(crate) async fn may_send_challenge(
        &self,
        client: &Client,
        tenant: &TenantId,
        address: &str,
    ) -> Result<(), Error> {
        let number = self.counted("challenges", address)?;
        let of_tenant = Asked::Budget(format!("challenges-of#{tenant}"), CHALLENGES_OF_TENANT, 1);
        self.take_all(client, "challenges", &[Asked::Place(number, &CHALLENGES), of_tenant]).await.map(|_| ())
    }

    /// Messages to these addresses, one to each; an address may come twice.
    ///
    /// # Errors
    /// 429: nothing is sent.
    pub(crate) async fn may_send_messages(
        &self,
        client: &Client,
        tenant: &TenantId,
        addresses: &[&str],
    ) -> Result<(), Error> {
        let place = |address: &&str| Ok(Asked::Place(self.counted("messages", address)?, &MESSAGES));
        let places = addresses.iter().map(place).collect::<Result<Vec<_>, Error>>()?;
        let many = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
        let budget = Asked::Budget(format!("messages-of#{tenant}"), MESSAGES_OF_TENANT, many);
        // The practice's one item is written only for what goes to all of the addresses.
        let taken = self.take_at_once(client, MESSAGES_WHAT, &places).await?;
        let done = self.take_at_once(client, MESSAGES_WHAT, &[budget]).await;
        self.or_give_back(taken, done).await.map(|_| ())
    }

    /// A new link for a role of a visit. Of many who ask at once one goes on, before any place of a number is taken: what
    /// nothing comes of must not use up what the patient can be told. What a link's holder asks for is counted apart from
    /// what the practice does: nobody keeps the desk from sending a link by asking for some.
    ///
    /// # Errors
    /// 429.
    pub(crate) async fn may_replace_link(
        &self,
        client: &Client,
        what: &'static str,
        visit: VisitId,
        role: Role,
    ) -> Result<Vec<Taken>, Error> {
        let key = format!("{what}-of#{visit}#{}", role.as_str());
        self.take_all(client, what, &[Asked::Place(key, &RESENDS)]).await
    }

    /// Gives back what was taken for something that came to nothing.
    pub(crate) async fn or_give_back<R>(&self, taken: Vec<Taken>, done: Result<R, Error>) -> Result<R, Error> {
        if done.is_err() {
            self.give_back(taken).await;
        }
        done
    }

    /// A page's request for a visit: from that address, for that number, by that key. What is taken is given back when
    /// nothing comes of it: whoever finds a time taken asks for another one.
    ///
    /// # Errors
    /// 429: nothing is booked and nothing sent.
    pub(crate) async fn may_request_visit(
        &self,
        client: &Client,
        number: &PhoneNumber,
        key: KeyId,
    ) -> Result<Vec<Taken>, Error> {
        let address = self.counted("requests-from", &network(&client.address))?;
        let number = self.counted("requests-for", number.expose())?;
        let of_key = Asked::Budget(format!("requests-by#{key}"), REQUESTS_OF_KEY, 1);
        let asked = [Asked::Place(address, &REQUESTS_OF_ADDRESS), Asked::Place(number, &REQUESTS_OF_NUMBER), of_key];
        self.take_all(client, "requests", &asked).await
    }

    /// Puts on record that a limit refused something of a visit: once a minute for each kind.
    pub(crate) async fn record_refusal(&self, file: &VisitFile, actor: &Actor, of: EventType) -> Result<(), Error> {
        let (now, key) = (self.clock.now(), format!("refusals-of#{}#{}", file.visit.visit_id, of.as_str()));
        if self.store.hold(&key, now, now.plus_seconds(REFUSALS_APART_SECONDS)).await?.is_some() {
            return Ok(());
        }
        self.change(file.clone(), |_, change| change.record(actor, of, None, |event| event.refused("RATE_LIMITED")))
            .await
    }

    /// A request for a new link, whatever it names.
    ///
    /// # Errors
    /// 429.
    pub async fn may_ask_renewal(&self, client: &Client) -> Result<(), Error> {
        let address = self.counted("renewals-from", &network(&client.address))?;
        self.take_all(client, "renewals", &[Asked::Place(address, &RENEWALS)]).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_counted_by_its_household() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn each_route_names_its_limits_apart() {
        let routes: [&[Limit]; 4] = [
            &[MISSES[0], MISSES_OF_ALL, CHALLENGES[0], CHALLENGES[1], CHALLENGES[2], CHALLENGES_OF_TENANT],
            &[MESSAGES[0], MESSAGES_OF_VISIT, MESSAGES_OF_TENANT, RESENDS[0], RESENDS[1]],
            &[REQUESTS_OF_ADDRESS[0], REQUESTS_OF_NUMBER[0], REQUESTS_OF_NUMBER[1], REQUESTS_OF_KEY],
            &[RENEWALS[0]],
        ];
        for limits in routes {
            let names: std::collections::BTreeSet<_> = limits.iter().map(|limit| limit.name).collect();
            assert_eq!(names.len(), limits.len(), "{limits:?}");
            // What the store remembers of each is one item.
            assert!(limits.iter().all(|limit| limit.quota > 0 && limit.seconds > 0));
        }
    }
}
