//! The HTTP server: finds out which call it is, counts it, lets its fault happen, and answers as the service would.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::calls::KeptCall;
use super::faults::FaultKind;
use super::invocations::INVOCATION_HEADER;
use super::service::{Protocol, Reply, Service, ServiceError};
use super::state::{AwsState, Inner};
use super::{dynamodb, kms};

/// The largest body of any call: SES takes 40 MB, a third more in base64.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// How long a call that times out is held at most.
const HELD: Duration = Duration::from_secs(30);

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("no answer was to be given")]
struct Unanswered;

/// Serves the endpoint on a listener of loopback until dropped, and its connections with it.
pub async fn serve(listener: TcpListener, state: AwsState) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, Arc::clone(&state.0)));
            }
            // Out of file descriptors: those in use will be free again.
            Err(error) => {
                tracing::warn!(%error, "a connection to the AWS endpoint could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, state: Arc<Inner>) {
    // Small answers must not wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| respond(Arc::clone(&state), request));
    // An error here is a caller that went away, or a fault that closed the connection.
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection to the AWS endpoint was closed early");
    }
}

async fn respond(state: Arc<Inner>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Unanswered> {
    let (parts, body) = request.into_parts();
    if !is_loopback(&parts) {
        return Ok(plain(StatusCode::FORBIDDEN));
    }
    let Ok(body) = Limited::new(body, MOST_BYTES).collect().await else {
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE));
    };
    let call = match Call::read(&state, &parts, body.to_bytes()) {
        Ok(call) => call,
        Err((service, error)) => return Ok(response(service, Err(error))),
    };
    state.calls.count(call.service, call.operation);
    let came = Instant::now();
    let outcome = match state.faults.take(call.service, call.operation) {
        Some(fault) => call.failing(&state, fault).await?,
        None => call.apply(&state).await,
    };
    if call.invocation.is_none()
        && let Some(held) = state.calls.held_for()
    {
        tokio::time::sleep(held).await;
        state.calls.keep(call.kept(came));
    }
    Ok(response(call.service, outcome))
}

/// A web page elsewhere can point its own name at loopback: only loopback's names are taken.
fn is_loopback(parts: &Parts) -> bool {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    matches!(name.map_or(host, |(name, _)| name), "127.0.0.1" | "localhost" | "[::1]")
}

/// One call of one operation.
struct Call<'s> {
    service: Service,
    operation: &'s str,
    input: Input,
    invocation: Option<String>,
}

/// What the call hands over.
enum Input {
    /// As it came: the database reads it itself.
    Raw(&'static str, Bytes),
    /// With what path and query hold.
    Json(Result<Value, ServiceError>),
}

impl<'s> Call<'s> {
    fn read(state: &'s Inner, parts: &Parts, body: Bytes) -> Result<Self, (Service, ServiceError)> {
        let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        let found = match target {
            Some(target) => by_target(state, target, body),
            None => by_path(state, parts, &body),
        };
        let (service, operation, input) = found?;
        // A participant of a contact shows a token of their own, and signs nothing.
        if !parts.headers.contains_key(AUTHORIZATION) && operation != "CreateParticipantConnection" {
            return Err((service, service.unsigned()));
        }
        let invocation = parts.headers.get(INVOCATION_HEADER).and_then(|id| id.to_str().ok()).map(str::to_owned);
        Ok(Self { service, operation, input, invocation })
    }

    /// The call as whoever keeps calls has it, answered now.
    fn kept(&self, came: Instant) -> KeptCall {
        let input = match &self.input {
            Input::Raw(_, body) => serde_json::from_slice(body).unwrap_or_default(),
            Input::Json(input) => input.clone().unwrap_or_default(),
        };
        let operation = self.operation.to_owned();
        KeptCall { service: self.service, operation, input, came, answered: Instant::now() }
    }

    /// Does what the service does.
    async fn apply(&self, state: &Inner) -> Result<Reply, ServiceError> {
        let input = match &self.input {
            Input::Raw(operation, body) => return state.database.call(operation, body.clone()).await,
            Input::Json(input) => input.clone()?,
        };
        let model = match self.service {
            Service::Kms => &state.models.kms,
            Service::SesV2 => &state.models.ses,
            Service::Sms => &state.models.sms,
            Service::Chime => &state.models.chime,
            Service::Connect => &state.models.connect,
            Service::DynamoDb => return Err(self.service.unknown_operation()),
        };
        if let Some(refusal) = model.refusal(self.operation, &input) {
            return Err(self.service.invalid(&refusal));
        }
        match self.service {
            Service::Kms => kms::call(&state.keys, self.operation, input),
            Service::SesV2 => state.ses.send(input, &state.mailbox, &state.clock),
            Service::Sms => state.sms.send(input, &state.mailbox, &state.clock),
            Service::Chime => state.chime.call(self.operation, input),
            Service::Connect => state.connect.call(&state.chime, self.operation, input),
            Service::DynamoDb => Err(self.service.unknown_operation()),
        }
    }

    /// Goes wrong as asked.
    async fn failing(&self, state: &Inner, fault: FaultKind) -> Result<Result<Reply, ServiceError>, Unanswered> {
        match fault {
            FaultKind::Error => Ok(Err(self.service.internal_error())),
            FaultKind::Throttle => Ok(Err(self.service.throttled())),
            FaultKind::Conflict => Ok(Err(self.conflict())),
            FaultKind::Twice => {
                // The first answer is the one that got lost.
                let _ = self.apply(state).await;
                Ok(self.apply(state).await)
            }
            FaultKind::LostAnswer => {
                let _ = self.apply(state).await;
                Err(Unanswered)
            }
            FaultKind::Timeout => Err(unanswered_in_time().await),
            FaultKind::Die => Err(self.die(state).await),
            FaultKind::DieAfter => {
                let _ = self.apply(state).await;
                Err(self.die(state).await)
            }
        }
    }

    fn conflict(&self) -> ServiceError {
        match &self.input {
            Input::Raw("TransactWriteItems", body) => dynamodb::conflict(body),
            Input::Raw(..) | Input::Json(_) => self.service.internal_error(),
        }
    }

    /// Kills the invocation that calls. One outside this process only loses its connection.
    async fn die(&self, state: &Inner) -> Unanswered {
        let killed = self.invocation.as_deref().is_some_and(|id| state.invocations.kill(id));
        if killed { unanswered_in_time().await } else { Unanswered }
    }
}

/// Holds the connection; a caller that goes away ends it sooner, as the server then drops the call.
async fn unanswered_in_time() -> Unanswered {
    tokio::time::sleep(HELD).await;
    Unanswered
}

type Found<'s> = Result<(Service, &'s str, Input), (Service, ServiceError)>;

fn by_target<'s>(state: &'s Inner, target: &str, body: Bytes) -> Found<'s> {
    let (prefix, operation) = target.split_once('.').unwrap_or((target, ""));
    let (service, model) = match prefix {
        "DynamoDB_20120810" => {
            let unknown = || (Service::DynamoDb, Service::DynamoDb.unknown_operation());
            let operation = dynamodb::known(operation).ok_or_else(unknown)?;
            return Ok((Service::DynamoDb, operation, Input::Raw(operation, body)));
        }
        "TrentService" => (Service::Kms, &state.models.kms),
        "PinpointSMSVoiceV2" => (Service::Sms, &state.models.sms),
        _ => return Err((Service::DynamoDb, Service::DynamoDb.unknown_operation())),
    };
    let operation = model.operation(operation).ok_or_else(|| (service, service.unknown_operation()))?;
    let input = object(service, &body).map(Value::Object);
    Ok((service, operation, Input::Json(input)))
}

fn by_path<'s>(state: &'s Inner, parts: &Parts, body: &[u8]) -> Found<'s> {
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let models = &state.models;
    for (service, model) in
        [(Service::SesV2, &models.ses), (Service::Chime, &models.chime), (Service::Connect, &models.connect)]
    {
        let Some(route) = model.route(parts.method.as_str(), path) else { continue };
        let input = object(service, body).map(|mut members| {
            model.bind(&route, query, &parts.headers, &mut members);
            Value::Object(members)
        });
        return Ok((service, route.operation, Input::Json(input)));
    }
    Err((Service::Chime, Service::Chime.unknown_operation()))
}

fn object(service: Service, body: &[u8]) -> Result<Map<String, Value>, ServiceError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|error| service.malformed(&error.to_string()))
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn response(service: Service, outcome: Result<Reply, ServiceError>) -> Response<Full<Bytes>> {
    let (content_type, in_body) = match service.protocol() {
        Protocol::Json(content_type) => (content_type, true),
        Protocol::RestJson => ("application/json", false),
    };
    let built = Response::builder()
        .header(CONTENT_TYPE, content_type)
        .header("x-amzn-requestid", uuid::Uuid::now_v7().to_string());
    let built = match outcome {
        Ok(Reply { status, body }) => built.status(status).body(Full::new(body)),
        Err(ServiceError { status, code, mut members }) => {
            if in_body {
                members.insert("__type".to_owned(), Value::from(code.as_str()));
            }
            let body = Full::new(Bytes::from(Value::Object(members).to_string()));
            built.header("x-amzn-errortype", code).status(status).body(body)
        }
    };
    built.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}
