//! What every AWS adapter shares: settings, the SDK's configuration, one HTTP client, calls of our own, what a failure means.

mod call;
mod environment;
mod failure;
mod fetch;
mod network;
mod sdk;

pub use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector};
pub use aws_types::SdkConfig;
pub use call::{Api, Ask, CallError, Method, segment};
pub use environment::{Environment, SetupError};
pub use failure::{is_passing, what};
pub use fetch::{Fetch, FetchError};
pub use network::{connector, http_client, http_client_over};
pub use sdk::{in_region, patient, sdk_config};
