//! The functions, set up as in the cloud, with the laptop's endpoint, clock and secrets.

use std::sync::Arc;

use bedside_app::error::Error;
use bedside_app::practice::App;
use bedside_app::world::Clock;
use bedside_aws::{Environment, SetupError, SharedHttpConnector};
use bedside_dynamodb::Dynamo;
use bedside_http::Runtime;
use bedside_kms::Kms;
use on_contact_event::OnContactEvent;
use on_meeting_event::OnMeetingEvent;
use on_text_reply::OnTextReply;
use serde::Serialize;
use serde_json::Value;
use tick::Tick;

use crate::aws::{AUDIT, LIMITS, VISITS};
use crate::clock::LocalClock;
use crate::gateway::Registry;
use crate::invocation;
use crate::known;
use crate::laptop::SENDER;

/// The function that runs every minute.
pub(crate) const TICK: &str = "tick";
/// The function that is told of contacts.
pub(crate) const ON_CONTACT_EVENT: &str = "on-contact-event";
/// The function that is told of texts that people send.
pub(crate) const ON_TEXT_REPLY: &str = "on-text-reply";

/// The function that is told of meetings.
pub(crate) const ON_MEETING_EVENT: &str = "on-meeting-event";

/// Where the functions are set up.
pub(crate) struct Workshop {
    settings: Environment,
    connector: SharedHttpConnector,
    clock: Clock,
}

/// Sets up each function of the list under its folder's name.
macro_rules! set_up {
    ($registry:ident, $runtime:ident: $($name:literal $service:path,)+) => {
        $($registry.insert($name, $service($runtime).await?);)+
    };
}

impl Workshop {
    /// For the laptop at `origin`, on that port, with that AWS endpoint.
    pub(crate) fn new(
        origin: &str,
        port: u16,
        aws_url: &str,
        messages: bool,
        clock: &LocalClock,
    ) -> Result<Self, SetupError> {
        let mut settings = settings(origin, port, aws_url);
        settings.retain(|(name, _)| messages || !["MAIL_FROM", "SMS_ORIGINATION"].contains(name));
        let settings = Environment::from_pairs(settings);
        let connector = invocation::naming(bedside_aws::connector()?);
        Ok(Self { settings, connector, clock: Clock::moved_by(clock.offset()) })
    }

    fn runtime(&self) -> Result<Runtime, SetupError> {
        Runtime::new(self.settings.clone(), self.connector.clone(), self.clock.clone())
    }

    /// The application, with store and keys.
    ///
    /// # Errors
    /// Where a setting is missing or a service does not answer.
    pub(crate) async fn application(&self) -> Result<App<Dynamo, Kms>, SetupError> {
        let runtime = self.runtime()?;
        let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
        let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
        runtime.app(store, keys)
    }

    /// All functions, each set up anew.
    ///
    /// # Errors
    /// Where a setting is missing or a service does not answer.
    pub(crate) async fn build(&self) -> Result<Registry, SetupError> {
        let runtime = &self.runtime()?;
        let mut registry = Registry::default();
        set_up!(registry, runtime:
            "admit-participant" admit_participant::service,
            "answer-challenge" answer_challenge::service,
            "cancel-visit" cancel_visit::service,
            "check-code" check_code::service,
            "check-link" check_link::service,
            "create-challenge" create_challenge::service,
            "create-key" create_key::service,
            "create-links" create_links::service,
            "create-visit" create_visit::service,
            "delete-key" delete_key::service,
            "end-visit" end_visit::service,
            "get-audit" get_audit::service,
            "get-clinician" get_clinician::service,
            "get-patient" get_patient::service,
            "get-session" get_session::service,
            "get-tenant" get_tenant::service,
            "get-visit" get_visit::service,
            "health" health::service,
            "join-by-code" join_by_code::service,
            "join-session" join_session::service,
            "jwks" jwks::service,
            "leave-session" leave_session::service,
            "list-keys" list_keys::service,
            "list-participants" list_participants::service,
            "list-visits" list_visits::service,
            "notify-visit" notify_visit::service,
            "openapi" openapi::service,
            "put-clinician" put_clinician::service,
            "put-patient" put_patient::service,
            "put-tenant" put_tenant::service,
            "record-consent" record_consent::service,
            "reject-participant" reject_participant::service,
            "remove-participant" remove_participant::service,
            "renew-link" renew_link::service,
            "reschedule-visit" reschedule_visit::service,
            "resend-link" resend_link::service,
            "schedule-visit" schedule_visit::service,
            "start-visit" start_visit::service,
            "start-visit-authenticated" start_visit_authenticated::service,
        );
        let tick = Arc::new(Tick::new(runtime).await?);
        registry.insert_event(TICK, move |_| {
            let tick = Arc::clone(&tick);
            Box::pin(async move { told(tick.run().await) })
        });
        let follow = Arc::new(OnContactEvent::new(runtime).await?);
        registry.insert_event(ON_CONTACT_EVENT, move |event| {
            let follow = Arc::clone(&follow);
            Box::pin(async move {
                let event = serde_json::from_value(event).map_err(|error| error.to_string())?;
                told(follow.run(event).await)
            })
        });
        let meet = Arc::new(OnMeetingEvent::new(runtime).await?);
        registry.insert_event(ON_MEETING_EVENT, move |event| {
            let meet = Arc::clone(&meet);
            Box::pin(async move {
                let event = serde_json::from_value(event).map_err(|error| error.to_string())?;
                told(meet.run(event).await)
            })
        });
        let hear = Arc::new(OnTextReply::new(runtime).await?);
        registry.insert_event(ON_TEXT_REPLY, move |event| {
            let hear = Arc::clone(&hear);
            Box::pin(async move {
                let event = serde_json::from_value(event).map_err(|error| error.to_string())?;
                told(hear.run(event).await)
            })
        });
        Ok(registry)
    }
}

/// What a run did, or the failure as Lambda is told of it.
fn told<T: Serialize>(done: Result<T, Error>) -> Result<Value, String> {
    let did = done.map_err(|error| format!("{error:?}"))?;
    serde_json::to_value(did).map_err(|error| error.to_string())
}

/// The functions' settings on the laptop; `functions.env` has the same, for functions that run beside it.
pub(crate) fn settings(origin: &str, port: u16, aws_url: &str) -> Vec<(&'static str, String)> {
    let settings = [
        ("AWS_ENDPOINT_URL", aws_url),
        ("AWS_REGION", "us-east-1"),
        // The endpoint takes any signature.
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("VISITS_TABLE", VISITS),
        ("AUDIT_TABLE", AUDIT),
        ("LIMITS_TABLE", LIMITS),
        ("SIGNING_KEY", "alias/bedside-signing"),
        ("DATA_KEY", "alias/bedside-data"),
        ("HMAC_KEY", "alias/bedside-hmac"),
        // The first origin is the issuer of our tokens; a page may as well be opened under the other name.
        ("PUBLIC_ORIGIN", &format!("{origin},http://localhost:{port}")),
        ("ORIGIN_SECRET", known::ORIGIN_SECRET),
        ("MAIL_FROM", SENDER),
        ("SMS_ORIGINATION", "+18005550199"),
        ("CHIME_REGION", "us-east-1"),
        ("CONNECT_INSTANCE", "*"),
    ];
    settings.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Laptop, Options};

    /// What the laptop's own functions do not need: there is no stage in their events.
    const BESIDE: [(&str, &str); 1] = [("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "true")];

    /// What a function is built with, but for one setting.
    async fn without(laptop: &Laptop, name: &str, instead: &str) -> String {
        let changed =
            settings(laptop.url(), 1, laptop.aws_url()).into_iter().map(|(known, value)| match known == name {
                true => (known, instead.to_owned()),
                false => (known, value),
            });
        let settings = Environment::from_pairs(changed);
        let connector = invocation::naming(bedside_aws::connector().unwrap());
        let workshop = Workshop { settings, connector, clock: Clock::default() };
        workshop.build().await.err().map_or_else(String::new, |why| why.to_string())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_missing_or_wrong_setting_stops_a_function_with_one_line_that_names_it() {
        let laptop = Laptop::start(Options::default().ports_free()).await.unwrap();
        let needed =
            ["AWS_REGION", "VISITS_TABLE", "AUDIT_TABLE", "LIMITS_TABLE", "SIGNING_KEY", "DATA_KEY", "HMAC_KEY"];
        for name in needed.into_iter().chain(["PUBLIC_ORIGIN"]) {
            assert_eq!(without(&laptop, name, "").await, format!("The setting {name} is missing."));
        }
        for (name, wrong) in
            [("PUBLIC_ORIGIN", "no-scheme.example"), ("ORIGIN_SECRET", "too-few"), ("MAIL_FROM", "nobody")]
        {
            let said = without(&laptop, name, wrong).await;
            assert!(said.starts_with(&format!("The setting {name} cannot be used: ")), "{said}");
            assert!(!said.contains(wrong) && !said.contains('\n'), "no value, one line: {said}");
        }
        let said = without(&laptop, "SIGNING_KEY", "alias/another").await;
        assert!(said.starts_with("KMS did not answer at the start: GetPublicKey"), "{said}");
        for name in ["MAIL_FROM", "SMS_ORIGINATION", "CHIME_REGION", "CONNECT_INSTANCE"] {
            assert_eq!(without(&laptop, name, "").await, "", "{name} may be absent");
        }
    }

    #[test]
    fn functions_beside_the_laptop_have_the_same_settings() {
        let file: Vec<(&str, &str)> =
            include_str!("../functions.env").lines().filter_map(|line| line.split_once('=')).collect();
        let ours = settings("http://127.0.0.1:8787", 8787, "http://127.0.0.1:4566");
        let ours = ours.iter().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(file, ours.chain(BESIDE).collect::<Vec<_>>());
    }
}
