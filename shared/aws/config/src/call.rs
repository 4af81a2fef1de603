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
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, SensitiveOutput};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::SigningRegion;
use aws_types::service_config::ServiceConfigKey;
use aws_types::{SdkConfig, SigningName};
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::{Body, Prepared};

pub use http::Method;
pub use wire::Ask;

/// A service, and how it knows us.
#[derive(Debug, Clone)]
pub struct Api {
    /// Set up once for all calls: to it, requests and answers are bytes.
    call: Operation<Prepared, Body, ErrorMetadata>,
}

/// Why it was not done.
pub type CallError = SdkError<ErrorMetadata, HttpResponse>;

impl Api {
    /// The service at `HOST.REGION.amazonaws.com`, or wherever the configuration says that it is. No call is made. It
    /// is signed for under `signing_name`; under none where a token of the caller's stands in the request.
    #[must_use]
    pub fn new(config: &SdkConfig, host: &'static str, signing_name: Option<&'static str>) -> Self {
        let endpoint = endpoint(config, host);
        let retry = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
        let timeouts = config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled);
        let mut builder = Operation::builder()
            .service_name(host)
            .operation_name("call")
            .endpoint_url(&endpoint)
            .standard_retry(&retry)
            .timeout_config(timeouts)
            .runtime_plugin(every_call(config, host, signing_name));
        if let Some(version) = config.behavior_version() {
            builder = builder.behavior_version(version);
        }
        if let Some(client) = config.http_client() {
            builder = builder.http_client(client);
        }
        if let Some(sleep) = config.sleep_impl() {
            builder = builder.sleep_impl(sleep);
        }
        if let Some(time) = config.time_source() {
            builder = builder.time_source(time);
        }
        let builder = if signing_name.is_none() { builder.no_auth() } else { builder };
        Self { call: builder.serializer(wire::request).deserializer(wire::answer).build() }
    }

    /// Asks, as often as the configuration's retries say.
    ///
    /// # Errors
    /// When it was not done, or its answer cannot be read.
    pub async fn ask<B: Serialize, O: DeserializeOwned>(&self, ask: Ask<'_, B>) -> Result<O, CallError> {
        let request = ask.prepared().map_err(SdkError::construction_failure)?;
        // In a box, whoever waits for several calls is no larger than one of them, and the compiler gets to the bottom.
        let answer = Box::pin(self.call.invoke(request)).await?;
        wire::read(&answer)
            // What could not be read may be a secret: the error does without it.
            .map_err(|error| {
                SdkError::response_error(error, HttpResponse::new(StatusCode::OK.into(), SdkBody::empty()))
            })
    }
}

/// An id as a part of an address.
#[must_use]
pub fn segment(id: &str) -> String {
    fmt_string(id, EncodingStrategy::Default)
}

/// Where a service is: at an endpoint of its own or of all services (`AWS_ENDPOINT_URL_KMS`, `AWS_ENDPOINT_URL`), or in
/// its region, there with validated cryptography where the configuration wants it (`AWS_USE_FIPS_ENDPOINT`). The
/// functions' configuration has `AWS_ENDPOINT_URL` alone; the operator's has what the SDK reads.
fn endpoint(config: &SdkConfig, host: &'static str) -> String {
    let key = ServiceConfigKey::builder().service_id(host).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let of_service = config.service_config().zip(key.ok()).and_then(|(settings, key)| settings.load_config(key));
    if let Some(endpoint) = of_service.or_else(|| config.endpoint_url().map(str::to_owned)) {
        return endpoint;
    }
    let region = config.region().map_or("", AsRef::as_ref);
    let fips = if config.use_fips() == Some(true) { "-fips" } else { "" };
    format!("https://{host}{fips}.{region}.{}", domain(region))
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
/// another try and whose connection is not, and sign. No answer is for a log. (Of what they try again, a conflict of
/// writes in two regions is not tried here: no table is in two.)
fn every_call(config: &SdkConfig, host: &'static str, signing_name: Option<&'static str>) -> StaticRuntimePlugin {
    let mut layer = Layer::new("service");
    layer.store_put(SensitiveOutput);
    layer.store_put(ApiMetadata::new(host, env!("CARGO_PKG_VERSION")));
    let mut components = RuntimeComponentsBuilder::new("service");
    components.push_interceptor(SharedInterceptor::permanent(ConnectionPoisoningInterceptor::new()));
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
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Environment, http_client, sdk_config};
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    /// A service that listens, and how it is called.
    async fn service() -> (TcpListener, Api) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let settings = Environment::from_pairs([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ]);
        (listener, Api::new(&sdk_config(&settings, http_client().unwrap()).unwrap(), "kms", Some("kms")))
    }

    /// Whether there was a request to be answered.
    async fn answer(socket: &mut TcpStream, status: &str, body: &str) -> bool {
        let mut asked = [0; 4096];
        let is_asked = socket.read(&mut asked).await.unwrap() > 0;
        if is_asked {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
        is_asked
    }

    #[tokio::test]
    async fn after_a_fault_the_next_try_goes_over_another_connection() {
        let (listener, api) = service().await;
        let server = tokio::spawn(async move {
            let (mut sick, _) = listener.accept().await.unwrap();
            assert!(answer(&mut sick, "503 Service Unavailable", "{}").await);
            tokio::select! {
                other = listener.accept() => answer(&mut other.unwrap().0, "200 OK", "{}").await,
                true = answer(&mut sick, "200 OK", "{}") => false,
            }
        });
        let asked: Result<serde_json::Value, _> = api.ask(Ask::json_1_1("TrentService", "Sign").body(())).await;
        assert_eq!(asked.unwrap(), serde_json::json!({}));
        assert!(server.await.unwrap(), "the connection of the fault was used again");
    }

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn an_answer_gets_into_no_log_whatever_is_logged() {
        let log = Log::default();
        let kept = log.clone();
        let everything = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        let _logged = tracing::subscriber::set_default(everything.with_writer(move || kept.clone()).finish());
        let (listener, api) = service().await;
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            for body in [r#"{"Plaintext":"a-data-key"}"#, r#"{"Plaintext":"a-data-key"#] {
                answer(&mut socket, "200 OK", body).await;
            }
        });
        let ask = || api.ask::<_, serde_json::Value>(Ask::json_1_1("TrentService", "Decrypt").body(()));
        assert_eq!(ask().await.unwrap(), serde_json::json!({ "Plaintext": "a-data-key" }));
        let unreadable = format!("{:?}", ask().await.unwrap_err());
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(log.contains("TRACE"), "the runtime logs what it does");
        assert!(!log.contains("a-data-key") && !unreadable.contains("a-data-key"), "{unreadable}\n{log}");
    }

    #[test]
    fn each_part_of_aws_has_its_own_domain() {
        assert_eq!(domain("us-east-1"), "amazonaws.com");
        assert_eq!(domain("us-gov-west-1"), "amazonaws.com");
        assert_eq!(domain("cn-north-1"), "amazonaws.com.cn");
        assert_eq!(domain("eusc-de-east-1"), "amazonaws.eu");
    }

    #[test]
    fn a_service_is_where_the_configuration_says() {
        #[derive(Debug)]
        struct Settings;
        impl aws_types::service_config::LoadServiceConfig for Settings {
            fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
                let of_kms =
                    (key.service_id(), key.env(), key.profile()) == ("kms", "AWS_ENDPOINT_URL", "endpoint_url");
                of_kms.then(|| "https://vpce.example".to_owned())
            }
        }
        let region = aws_types::region::Region::new("us-east-1");
        let config = SdkConfig::builder().region(region).build();
        assert_eq!(endpoint(&config, "kms"), "https://kms.us-east-1.amazonaws.com");
        let validated = config.to_builder().use_fips(true).build();
        assert_eq!(endpoint(&validated, "kms"), "https://kms-fips.us-east-1.amazonaws.com");
        let elsewhere = validated.to_builder().endpoint_url("http://127.0.0.1:4566").build();
        assert_eq!(endpoint(&elsewhere, "kms"), "http://127.0.0.1:4566");
        let apart = elsewhere.to_builder().service_config(Settings).build();
        assert_eq!(endpoint(&apart, "kms"), "https://vpce.example");
        assert_eq!(endpoint(&apart, "dynamodb"), "http://127.0.0.1:4566");
    }

    #[test]
    fn an_id_stays_one_part_of_an_address() {
        assert_eq!(segment("0d9a-41"), "0d9a-41");
        assert_eq!(segment("../a?b#c d"), "..%2Fa%3Fb%23c%20d");
    }
}
