//! What a function is built from, once: its settings, the connections, the clock.

use crate::issuers::HttpIssuers;
use bedside_app::ports::{Keys, Store};
use bedside_app::practice::App;
use bedside_app::world::Clock;
use bedside_aws::{Environment, Fetch, SdkConfig, SetupError, SharedHttpConnector};
use bedside_domain::settings::Origin;

/// The shortest `ORIGIN_SECRET`, in bytes: the template says so too.
const SHORTEST_SECRET: usize = 32;

/// What a function is built from.
#[derive(Clone)]
pub struct Runtime {
    /// Its settings.
    pub settings: Environment,
    /// The SDK's configuration: one HTTP client for all.
    pub sdk: SdkConfig,
    /// The time.
    pub clock: Clock,
    pub(crate) issuers: HttpIssuers,
}

impl Runtime {
    /// From these settings, over these connections, by this clock.
    ///
    /// # Errors
    /// When a setting that everyone needs is missing or wrong.
    pub fn new(settings: Environment, connector: SharedHttpConnector, clock: Clock) -> Result<Self, SetupError> {
        // Whoever guesses it can name any address as theirs.
        if settings.get("ORIGIN_SECRET").is_some_and(|secret| secret.len() < SHORTEST_SECRET) {
            let why = "it is shorter than 32 characters";
            return Err(SetupError::Unusable { name: "ORIGIN_SECRET".to_owned(), why });
        }
        let http_client = bedside_aws::http_client_over(connector.clone());
        let sdk = bedside_aws::sdk_config(&settings, http_client)?;
        let fetch = Fetch::new(connector);
        // On the laptop, where the services answer here, the identity provider does too.
        let fetch = if settings.get("AWS_ENDPOINT_URL").is_some() { fetch.here_too() } else { fetch };
        Ok(Self { settings, sdk, clock, issuers: HttpIssuers::new(fetch) })
    }

    /// From the process's environment: what Lambda gives a function.
    ///
    /// # Errors
    /// As [`Runtime::new`].
    pub fn of_process() -> Result<Self, SetupError> {
        Self::new(Environment::from_process(), bedside_aws::connector()?, Clock::default())
    }

    /// An application over store and keys.
    ///
    /// # Errors
    /// When `PUBLIC_ORIGIN` is missing, or holds what is no origin.
    pub fn app<S: Store, K: Keys>(&self, store: S, keys: K) -> Result<App<S, K>, SetupError> {
        self.settings.require("PUBLIC_ORIGIN")?;
        let origins = self.settings.list("PUBLIC_ORIGIN").into_iter().map(|origin| {
            let origin = Origin::parse(origin.trim_end_matches('/'));
            origin.map(|origin| origin.to_string()).map_err(|_| SetupError::Unusable {
                name: "PUBLIC_ORIGIN".to_owned(),
                why: "it is no origin such as https://visit.example.com",
            })
        });
        let origins = origins.collect::<Result<_, _>>()?;
        Ok(App::new(store, keys, self.clock.clone(), origins))
    }
}
