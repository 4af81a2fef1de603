//! The SDK's configuration, built by hand: the default chain of providers is work at every cold start.

use crate::environment::{Environment, SetupError};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use std::time::Duration;

/// Within a region a connection stands in milliseconds; a second of silence is a fault.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// One try. The slowest call of a healthy service that we make (KMS, SES) takes a few hundred milliseconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// All tries together. API Gateway gives up after 29 s, and a request makes up to five calls one after another.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);
/// The first one included.
const ATTEMPTS: u32 = 3;
/// Somebody is waiting: throttled tries come again after at most this, doubled each time, with full jitter.
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);

/// The configuration from which each service's client is made: `AWS_REGION`, the credentials that Lambda sets in the
/// environment, and `AWS_ENDPOINT_URL` where all services answer at one place (the laptop).
///
/// # Errors
/// When a setting is missing.
pub fn sdk_config(settings: &Environment, http_client: SharedHttpClient) -> Result<SdkConfig, SetupError> {
    let credentials = Credentials::new(
        settings.require("AWS_ACCESS_KEY_ID")?,
        settings.require("AWS_SECRET_ACCESS_KEY")?,
        settings.get("AWS_SESSION_TOKEN").map(str::to_owned),
        None,
        "environment",
    );
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(settings.require("AWS_REGION")?.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client)
        .sleep_impl(TokioSleep::new())
        .time_source(SystemTimeSource::new())
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(INITIAL_BACKOFF)
                .with_max_backoff(Duration::from_secs(1)),
        )
        .timeout_config(timeouts(ATTEMPT_TIMEOUT, OPERATION_TIMEOUT))
        // Bodies are a few kilobytes and under the attempt's timeout: watching their flow is work for nothing.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    // A configuration built by hand does not read this by itself.
    config.set_endpoint_url(settings.get("AWS_ENDPOINT_URL").map(str::to_owned));
    Ok(config.build())
}

/// The same for a call that is throttled by design (Chime makes about ten meetings a second): six tries in all, and
/// still within the function's time.
#[must_use]
pub fn patient(config: &SdkConfig) -> SdkConfig {
    let retry = RetryConfig::standard()
        .with_max_attempts(6)
        .with_initial_backoff(Duration::from_millis(250))
        .with_max_backoff(Duration::from_secs(3));
    let timeouts = timeouts(Duration::from_secs(3), Duration::from_secs(12));
    config.to_builder().retry_config(retry).timeout_config(timeouts).build()
}

/// The same for a service that is in another region than the functions.
#[must_use]
pub fn in_region(config: &SdkConfig, region: &str) -> SdkConfig {
    config.to_builder().region(Region::new(region.to_owned())).build()
}

fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_credential_types::provider::ProvideCredentials as _;

    const SET: [(&str, &str); 5] = [
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
    ];

    #[tokio::test]
    async fn region_credentials_and_endpoint_come_from_the_environment() {
        let config = sdk_config(&Environment::from_pairs(SET), crate::http_client().unwrap()).unwrap();
        assert_eq!(config.region().map(Region::as_ref), Some("us-east-1"));
        assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:4566"));
        let credentials = config.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!((credentials.access_key_id(), credentials.session_token()), ("AKIDEXAMPLE", Some("token")));
    }

    #[test]
    fn each_missing_setting_is_named() {
        for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let settings = Environment::from_pairs(SET.into_iter().filter(|(n, _)| *n != name));
            let error = sdk_config(&settings, crate::http_client().unwrap()).unwrap_err();
            assert_eq!(error, SetupError::Missing(name.to_owned()));
        }
    }

    #[test]
    fn without_an_endpoint_each_service_has_its_own() {
        let settings = Environment::from_pairs(SET.into_iter().filter(|(n, _)| *n != "AWS_ENDPOINT_URL"));
        assert_eq!(sdk_config(&settings, crate::http_client().unwrap()).unwrap().endpoint_url(), None);
    }
}
