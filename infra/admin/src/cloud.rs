//! The application over AWS, with the operator's credentials.

use crate::failure::Failure;
use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use bedside_app::practice::App;
use bedside_app::world::Clock;
use bedside_aws::{Environment, http_client};
use bedside_dynamodb::Dynamo;
use bedside_kms::Kms;
use std::time::Duration;

/// The application, with what it needs for practices, keys and chains.
pub(crate) type Application = App<Dynamo, Kms>;

/// All that is needed, so that what is missing is said before anything is asked.
const SETTINGS: [&str; 6] = ["VISITS_TABLE", "AUDIT_TABLE", "LIMITS_TABLE", "SIGNING_KEY", "DATA_KEY", "HMAC_KEY"];

/// One try, and all of them: a page of a chain has up to 1 MB, and an operator may be on a slow line.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) async fn application() -> Result<Application, Failure> {
    let settings = Environment::from_process();
    for name in SETTINGS {
        settings.require(name)?;
    }
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    // Unlike a function, an operator may have credentials in many places; time at the start does not matter here.
    let defaults = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client()?);
    let config = defaults.timeout_config(timeouts).load().await;
    if config.use_dual_stack() == Some(true) {
        return Err(Failure::new("Dual-stack endpoints are not used here: unset AWS_USE_DUALSTACK_ENDPOINT."));
    }
    if config.region().is_none() {
        return Err(Failure::new("No AWS region is set: set AWS_REGION, or a region in your AWS profile."));
    }
    let store = Dynamo::new(&config, &settings)?;
    let keys = Kms::connect(&config, &settings).await?;
    // No token is made here: whose origin would be theirs does not matter.
    Ok(App::new(store, keys, Clock::default(), Vec::new()))
}
