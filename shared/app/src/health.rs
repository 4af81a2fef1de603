//! Whether the service is well: said at once, or shown by really signing, writing, reading and sealing.

use crate::api;
use crate::caller::Staff;
use crate::error::Error;
use crate::ports::{Drawn, Keys, Store};
use crate::practice::App;
use bedside_domain::time::{Rfc3339, Time};
use bedside_domain::visit::MediaProvider;
use std::time::Instant;

/// What a deployment may do without, and whether it has it.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// A sender of e-mail.
    pub email: bool,
    /// A number or pool that texts come from.
    pub sms: bool,
    /// The instance of Amazon Connect that calls may go by; `*` for any of the account.
    pub connect: Option<String>,
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Well enough to answer.
    #[must_use]
    pub fn health(&self) -> api::Health {
        api::Health {
            status: "ok",
            version: env!("CARGO_PKG_VERSION"),
            server_time: Rfc3339(self.clock.now()),
            checks: None,
        }
    }

    /// Really signs, writes, reads and encrypts; and says what else is, and is not, set up.
    ///
    /// # Errors
    /// 503 when one of the four that nothing works without fails.
    pub async fn deep_health(&self, staff: &Staff, set_up: &SetUp) -> Result<api::Health, Error> {
        let now = self.clock.now();
        let key = format!("health#{}", staff.client().request_id);
        let mut checks = Vec::new();
        let began = Instant::now();
        checks.push(check("sign", began, &self.keys.sign(key.as_bytes()).await.map(|_| ()).map_err(Error::from)));
        let began = Instant::now();
        let written = self.store.draw(&key, Time::from_millis(now.millis()).plus_seconds(60), u32::MAX, 1).await;
        let written = written.map_err(Error::from).and_then(|drawn| match drawn {
            Drawn::All(1..) => Ok(()),
            Drawn::All(0) | Drawn::None => Err(Error::Internal("what was written is not there".to_owned())),
        });
        checks.push(check("write", began, &written));
        let began = Instant::now();
        let read = self.store.tenant(&staff.tenant.tenant).await;
        let read = read.map_err(Error::from).and_then(|tenant| tenant.map(|_| ()).ok_or(Error::NotFound));
        checks.push(check("read", began, &read));
        let began = Instant::now();
        let unwrapped = self.keys.unwrap_data_key(&staff.tenant.tenant, &staff.tenant.wrapped_key).await;
        checks.push(check("encrypt", began, &unwrapped.map(|_| ()).map_err(Error::from)));
        if let Some(broken) = checks.iter().find(|check| !check.ok) {
            return Err(Error::Unavailable(format!("health: {}", broken.name)));
        }
        let by_link = "Not set up. Visits are scheduled and joined by link all the same.";
        for (name, is_set_up) in [("email", set_up.email), ("sms", set_up.sms)] {
            checks.push(found(name, is_set_up, by_link));
        }
        if staff.tenant.media_provider == MediaProvider::Connect {
            let wanted = staff.tenant.connect.as_ref().map(|connect| connect.instance_id.as_str());
            let may = set_up.connect.as_deref().is_some_and(|may| may == "*" || Some(may) == wanted);
            let no_call = "The functions may not use the practice's instance: no call can be made.";
            checks.push(found("connect", may, no_call));
        }
        let complete = checks.iter().all(|check| check.ok);
        let status = if complete { "ok" } else { "incomplete" };
        Ok(api::Health { status, checks: Some(checks), ..self.health() })
    }
}

fn check(name: &'static str, began: Instant, done: &Result<(), Error>) -> api::HealthCheck {
    if let Err(error) = done {
        tracing::error!(name, ?error, "a health check failed");
    }
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    api::HealthCheck { name, ok: done.is_ok(), ms, detail: None }
}

/// What is there, or is not, without asking anybody.
fn found(name: &'static str, ok: bool, otherwise: &str) -> api::HealthCheck {
    api::HealthCheck { name, ok, ms: 0, detail: (!ok).then(|| otherwise.to_owned()) }
}
