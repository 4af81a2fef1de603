//! One call of a service of AWS by the SDK's own runtime: its signature, retries, time limits and connections, as the
//! generated clients have them.
//!
//! A generated client brings every operation of its service, and its rules for the addresses of all regions: minutes of
//! compiling and up to half a megabyte in every binary, for the few operations that are called.

mod wire;

use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::recursion_detection::RecursionDetectionInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{ServiceClockSkewClassifier, ServiceClockSkewInterceptor};
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_http::label::{EncodingStrategy, fmt_string};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::{Operation, OperationBuilder};
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin};
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::SigningRegion;
use aws_types::{SdkConfig, SigningName};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use http::Method;
pub use wire::Ask;

/// A service: its host and how it knows us.
#[derive(Debug, Clone)]
pub struct Api {
    host: &'static str,
    /// The name that it is signed for; `None` where a token of the caller's stands in the request.
    signing_name: Option<&'static str>,
    endpoint: String,
    config: SdkConfig,
    every_call: SharedRuntimePlugin,
}

/// Why it was not done.
pub type CallError = SdkError<ErrorMetadata, HttpResponse>;

impl Api {
    /// The service at `HOST.REGION.amazonaws.com`, or wherever the configuration says that all services are. No call
    /// is made.
    #[must_use]
    pub fn new(config: &SdkConfig, host: &'static str, signing_name: Option<&'static str>) -> Self {
        let region = config.region().map_or("", AsRef::as_ref);
        let own = || format!("https://{host}.{region}.{}", domain(region));
        let endpoint = config.endpoint_url().map_or_else(own, str::to_owned);
        let every_call = SharedRuntimePlugin::new(every_call(config, host, signing_name));
        Self { host, signing_name, endpoint, config: config.clone(), every_call }
    }

    /// Asks, as often as the configuration's retries say.
    ///
    /// # Errors
    /// When it was not done.
    pub async fn ask<B, O>(&self, ask: Ask<'_, B>) -> Result<O, CallError>
    where
        B: Serialize,
        O: DeserializeOwned + std::fmt::Debug + Send + Sync + 'static,
    {
        let operation = ask.operation();
        let request = ask.prepared().map_err(SdkError::construction_failure)?;
        let builder = self.builder(operation).serializer(wire::request).deserializer(wire::answer);
        let operation = builder.build();
        // In a box, whoever waits for several calls is no larger than one of them, and the compiler gets to the bottom.
        Box::pin(operation.invoke(request)).await
    }

    fn builder(&self, operation: &'static str) -> OperationBuilder {
        let retry = self.config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
        let timeouts = self.config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled);
        let mut builder = Operation::builder()
            .service_name(self.host)
            .operation_name(operation)
            .endpoint_url(&self.endpoint)
            .standard_retry(&retry)
            .timeout_config(timeouts)
            .runtime_plugin(self.every_call.clone());
        if let Some(version) = self.config.behavior_version() {
            builder = builder.behavior_version(version);
        }
        if let Some(client) = self.config.http_client() {
            builder = builder.http_client(client);
        }
        if let Some(sleep) = self.config.sleep_impl() {
            builder = builder.sleep_impl(sleep);
        }
        if let Some(time) = self.config.time_source() {
            builder = builder.time_source(time);
        }
        if let Some(stalled) = self.config.stalled_stream_protection() {
            builder = builder.stalled_stream_protection(stalled);
        }
        if self.signing_name.is_none() { builder.no_auth() } else { builder }
    }
}

/// An id as a part of an address.
#[must_use]
pub fn segment(id: &str) -> String {
    fmt_string(id, EncodingStrategy::Default)
}

/// Under which the services of a region are: China and the European Sovereign Cloud have names of their own.
fn domain(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "amazonaws.com.cn",
        Some("eusc") => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

/// What generated clients do at every call: say who calls and which try it is, correct the clock, tell what is worth
/// another try, and sign.
fn every_call(config: &SdkConfig, host: &'static str, signing_name: Option<&'static str>) -> StaticRuntimePlugin {
    let mut layer = Layer::new("service");
    layer.store_put(ApiMetadata::new(host, env!("CARGO_PKG_VERSION")));
    let mut components = RuntimeComponentsBuilder::new("service");
    components.push_interceptor(ServiceClockSkewInterceptor::new());
    components.push_interceptor(RequestInfoInterceptor::new());
    components.push_interceptor(UserAgentInterceptor::new());
    components.push_interceptor(InvocationIdInterceptor::new());
    components.push_interceptor(SharedInterceptor::permanent(RecursionDetectionInterceptor::new()));
    components.push_retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new());
    components.push_retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new());
    components.push_retry_classifier(ServiceClockSkewClassifier::<ErrorMetadata>::new());
    components.push_retry_classifier(HttpStatusCodeClassifier::default());
    if let Some(name) = signing_name {
        sign(config, name, &mut layer, &mut components);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

/// Signature Version 4, with the function's credentials.
fn sign(config: &SdkConfig, name: &'static str, layer: &mut Layer, components: &mut RuntimeComponentsBuilder) {
    let name = SigningName::from_static(name);
    let region = config.region().cloned().map(SigningRegion::from);
    layer.store_put(name.clone());
    layer.store_put(SigV4OperationSigningConfig { region, name: Some(name), ..SigV4OperationSigningConfig::default() });
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    components.push_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()));
    components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
        StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
    )));
    components.set_identity_cache(Some(config.identity_cache().unwrap_or_else(|| IdentityCache::lazy().build())));
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_aws_has_its_own_domain() {
        assert_eq!(domain("us-east-1"), "amazonaws.com");
        assert_eq!(domain("us-gov-west-1"), "amazonaws.com");
        assert_eq!(domain("cn-north-1"), "amazonaws.com.cn");
        assert_eq!(domain("eusc-de-east-1"), "amazonaws.eu");
    }

    #[test]
    fn an_id_stays_one_part_of_an_address() {
        assert_eq!(segment("0d9a-41"), "0d9a-41");
        assert_eq!(segment("../a?b#c d"), "..%2Fa%3Fb%23c%20d");
    }
}
