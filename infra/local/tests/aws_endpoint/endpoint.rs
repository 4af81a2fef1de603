//! A running endpoint with a client for each service.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use bedside_local::aws::{AwsSetup, AwsState, serve};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A caller waits this long for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Endpoint {
    pub(crate) state: AwsState,
    pub(crate) address: SocketAddr,
    server: JoinHandle<Infallible>,
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Endpoint {
    pub(crate) async fn start() -> Self {
        Self::start_with(AwsSetup::default()).await
    }

    pub(crate) async fn start_with(setup: AwsSetup) -> Self {
        let senders = vec!["care@example.com".to_owned(), "clinic.example".to_owned()];
        let state = AwsState::open(AwsSetup { senders, media_port: 3478, ..setup }).unwrap();
        state.create_tables().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener, state.clone()));
        Self { state, address, server }
    }

    /// A client's configuration without retries: each call is one request.
    pub(crate) fn config(&self, patience: Duration) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::from_keys("laptop", "laptop", None)))
            .endpoint_url(format!("http://{}", self.address))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(patience).build())
            .sleep_impl(TokioSleep::new())
            .http_client(bedside_aws::http_client().unwrap())
            .build()
    }

    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config(PATIENCE))
    }

    pub(crate) fn kms(&self) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.config(PATIENCE))
    }

    pub(crate) fn ses(&self) -> aws_sdk_sesv2::Client {
        aws_sdk_sesv2::Client::new(&self.config(PATIENCE))
    }

    pub(crate) fn sms(&self) -> aws_sdk_pinpointsmsvoicev2::Client {
        aws_sdk_pinpointsmsvoicev2::Client::new(&self.config(PATIENCE))
    }

    pub(crate) fn chime(&self) -> aws_sdk_chimesdkmeetings::Client {
        aws_sdk_chimesdkmeetings::Client::new(&self.config(PATIENCE))
    }

    /// How often an operation was called.
    pub(crate) fn called(&self, operation: &str) -> u64 {
        self.state.calls().iter().filter(|call| call.operation == operation).map(|call| call.count).sum()
    }
}

/// How a call ended for its caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered,
    Refused(String),
    Unanswered,
    TimedOut,
}

pub(crate) fn outcome<T, E: ProvideErrorMetadata, R>(result: Result<T, SdkError<E, R>>) -> Outcome {
    match result {
        Ok(_) => Outcome::Answered,
        Err(SdkError::ServiceError(error)) => Outcome::Refused(error.err().code().unwrap_or("no code").to_owned()),
        Err(SdkError::TimeoutError(_)) => Outcome::TimedOut,
        Err(SdkError::DispatchFailure(failure)) if failure.is_timeout() => Outcome::TimedOut,
        Err(_) => Outcome::Unanswered,
    }
}

pub(crate) fn refused(code: &str) -> Outcome {
    Outcome::Refused(code.to_owned())
}
