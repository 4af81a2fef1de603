//! One call of a REST API of AWS, by the SDK's own runtime: its signature, retries, time limits and connections.
//!
//! The generated client of Amazon Connect is not used: 205 MB of library, minutes of compiling and 0.5 MB in every
//! binary, for four operations.

use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::{Operation, OperationBuilder};
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::{SharedIdentityCache, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::SigningRegion;
use aws_types::{SdkConfig, SigningName};
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A service: its host and how it knows us.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    /// The name that it is signed for; `None` where a token of the caller's stands in the request.
    signing_name: Option<&'static str>,
    endpoint: String,
    config: SdkConfig,
    identities: SharedIdentityCache,
}

/// What is asked of it.
#[derive(Debug)]
pub(crate) struct Ask<'a, B> {
    /// By its own name, for logs and metrics.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    /// `X-Amz-Bearer`.
    pub(crate) bearer: Option<&'a str>,
    pub(crate) body: Option<B>,
}

/// Why it was not done.
pub(crate) type CallError = SdkError<ErrorMetadata, HttpResponse>;

/// An answer that is not what the service's description says.
#[derive(Debug, thiserror::Error)]
#[error("unreadable answer")]
struct Unreadable;

impl Api {
    /// The service at `PREFIX.REGION.amazonaws.com`, or wherever the configuration says that all services are.
    pub(crate) fn new(config: &SdkConfig, prefix: &str, signing_name: Option<&'static str>) -> Self {
        let region = config.region().map_or_else(String::new, ToString::to_string);
        let endpoint =
            config.endpoint_url().map_or_else(|| format!("https://{prefix}.{region}.amazonaws.com"), str::to_owned);
        let identities = config.identity_cache().unwrap_or_else(|| IdentityCache::lazy().build());
        Self { signing_name, endpoint, config: config.clone(), identities }
    }

    /// Asks, as often as the configuration's retries say.
    pub(crate) async fn ask<B, O>(&self, ask: Ask<'_, B>) -> Result<O, CallError>
    where
        B: Serialize,
        O: DeserializeOwned + std::fmt::Debug + Send + Sync + 'static,
    {
        let request = self.request(&ask).map_err(SdkError::construction_failure)?;
        let operation =
            self.builder(ask.operation).serializer(move |request: Prepared| request.http()).deserializer(answer);
        operation.build().invoke(request).await
    }

    fn request<B: Serialize>(&self, ask: &Ask<'_, B>) -> Result<Prepared, BoxError> {
        let body = ask.body.as_ref().map(serde_json::to_vec).transpose()?;
        Ok(Prepared {
            method: ask.method.clone(),
            // The orchestrator puts the endpoint before it.
            uri: ask.path.to_owned(),
            bearer: ask.bearer.map(str::to_owned),
            body,
        })
    }

    fn builder(&self, operation: &'static str) -> OperationBuilder {
        let retry = self.config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
        let timeouts = self.config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled);
        let mut builder = Operation::builder()
            .service_name(self.signing_name.unwrap_or("participant.connect"))
            .operation_name(operation)
            .endpoint_url(&self.endpoint)
            .standard_retry(&retry)
            .timeout_config(timeouts)
            .retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
            .retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
            .retry_classifier(HttpStatusCodeClassifier::default());
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
        match self.signing_name {
            Some(name) => builder.runtime_plugin(self.signature(name)),
            None => builder.no_auth(),
        }
    }

    /// Signature Version 4, with the function's credentials.
    fn signature(&self, name: &'static str) -> StaticRuntimePlugin {
        let mut layer = Layer::new("signature");
        let name = SigningName::from_static(name);
        let region = self.config.region().cloned().map(SigningRegion::from);
        layer.store_put(name.clone());
        layer.store_put(SigV4OperationSigningConfig {
            region,
            name: Some(name),
            ..SigV4OperationSigningConfig::default()
        });
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        let mut components = RuntimeComponentsBuilder::new("signature");
        components.push_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()));
        components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
            StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
        )));
        components.set_identity_cache(Some(self.identities.clone()));
        if let Some(credentials) = self.config.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}

/// A request but for its host and signature.
struct Prepared {
    method: Method,
    uri: String,
    bearer: Option<String>,
    body: Option<Vec<u8>>,
}

/// Neither the token nor the body is for a log.
impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared").field("method", &self.method).field("uri", &self.uri).finish_non_exhaustive()
    }
}

impl Prepared {
    fn http(self) -> Result<HttpRequest, BoxError> {
        let mut request = http::Request::builder().method(self.method).uri(self.uri);
        if let Some(bearer) = self.bearer {
            request = request.header("X-Amz-Bearer", bearer);
        }
        let body = match self.body {
            Some(body) => {
                request = request.header("Content-Type", "application/json").header("Content-Length", body.len());
                SdkBody::from(body)
            }
            None => SdkBody::empty(),
        };
        Ok(HttpRequest::try_from(request.body(body)?)?)
    }
}

fn answer<O: DeserializeOwned>(response: &HttpResponse) -> Result<O, OrchestratorError<ErrorMetadata>> {
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        let mut error = ErrorMetadata::builder();
        if let Some(code) = error_code(response, body) {
            error = error.code(code);
        }
        return Err(OrchestratorError::operation(error.build()));
    }
    // Some answers have no body at all.
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|_| OrchestratorError::response(Unreadable.into()))
}

/// The error's name: in a header or in the body, with or without a namespace before it and an address behind it
/// (AWS REST JSON 1.1 protocol, "Operation error serialization").
fn error_code(response: &HttpResponse, body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        #[serde(rename = "__type", alias = "code")]
        name: String,
    }
    let in_header = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let named = in_header.or_else(|| serde_json::from_slice::<Named>(body).ok().map(|named| named.name))?;
    let bare = named.split(':').next().unwrap_or_default();
    Some(bare.rsplit('#').next().unwrap_or_default().to_owned())
}
