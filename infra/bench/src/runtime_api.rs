//! The Lambda Runtime API, for one process: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use crate::failure::{Failure, Outcome};
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

/// A function that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a process said, and when.
struct Said {
    at: Instant,
    words: Result<Value, String>,
}

struct Desk {
    events: Mutex<mpsc::Receiver<Value>>,
    said: mpsc::Sender<Said>,
}

/// An answer of a function.
#[derive(Debug)]
pub struct Invoked {
    /// When it came in.
    pub at: Instant,
    /// The status that API Gateway would give; 200 for what is no HTTP.
    pub status: u16,
    /// The whole answer.
    pub answer: Value,
}

/// The API, for one process. Dropping it closes it.
pub struct RuntimeApi {
    address: String,
    events: mpsc::Sender<Value>,
    said: mpsc::Receiver<Said>,
    _server: JoinSet<()>,
}

impl RuntimeApi {
    /// On a free port of loopback.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open() -> Outcome<Self> {
        let (events, waiting) = mpsc::channel(1);
        let (say, said) = mpsc::channel(1);
        let desk = Arc::new(Desk { events: Mutex::new(waiting), said: say });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(desk);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let mut server = JoinSet::new();
        server.spawn(async move {
            // It ends with the set.
            let _ = axum::serve(NoDelay(listener), router).await;
        });
        Ok(Self { address, events, said, _server: server })
    }

    /// For `AWS_LAMBDA_RUNTIME_API`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Hands the process an event, and waits for its answer.
    ///
    /// # Errors
    /// When it says that it failed, or says nothing.
    pub async fn invoke(&mut self, event: Value) -> Outcome<Invoked> {
        let handed = self.events.send(event).await;
        handed.map_err(|_| Failure::said("the runtime API is closed"))?;
        let said = tokio::time::timeout(PATIENCE, self.said.recv()).await;
        let said = said.map_err(|_| Failure::said("no answer within 30 seconds"))?;
        let Said { at, words } = said.ok_or_else(|| Failure::said("the runtime API is closed"))?;
        let answer = words.map_err(Failure::Said)?;
        let status = answer.get("statusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        Ok(Invoked { at, status: status.unwrap_or(200), answer })
    }
}

/// Small answers must not wait for acknowledgements.
struct NoDelay(TcpListener);

impl axum::serve::Listener for NoDelay {
    type Io = tokio::net::TcpStream;
    type Addr = std::net::SocketAddr;
    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = axum::serve::Listener::accept(&mut self.0).await;
        let _ = stream.set_nodelay(true);
        (stream, address)
    }
    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

async fn next(State(desk): State<Arc<Desk>>) -> Result<([(HeaderName, String); 4], Json<Value>), StatusCode> {
    let event = desk.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    let deadline = jiff::Timestamp::now().as_millisecond() + 29_000;
    let headers = [
        (HeaderName::from_static("lambda-runtime-aws-request-id"), "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        (HeaderName::from_static("lambda-runtime-deadline-ms"), deadline.to_string()),
        (
            HeaderName::from_static("lambda-runtime-invoked-function-arn"),
            "arn:aws:lambda:us-east-1:000000000000:function:bench".to_owned(),
        ),
        (
            HeaderName::from_static("lambda-runtime-trace-id"),
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1".to_owned(),
        ),
    ];
    Ok((headers, Json(event)))
}

async fn response(State(desk): State<Arc<Desk>>, Path(_id): Path<String>, body: String) -> (StatusCode, Json<Value>) {
    let at = Instant::now();
    let words = serde_json::from_str(&body).map_err(|_| "an answer that is no JSON".to_owned());
    say(&desk, Said { at, words }).await
}

async fn error(State(desk): State<Arc<Desk>>, Path(_id): Path<String>, body: String) -> (StatusCode, Json<Value>) {
    say(&desk, Said { at: Instant::now(), words: Err(format!("the function failed: {body}")) }).await
}

async fn init_error(State(desk): State<Arc<Desk>>, body: String) -> (StatusCode, Json<Value>) {
    say(&desk, Said { at: Instant::now(), words: Err(format!("the function did not start: {body}")) }).await
}

async fn say(desk: &Desk, said: Said) -> (StatusCode, Json<Value>) {
    // Nobody listens any more: the measurement is over.
    let _ = desk.said.send(said).await;
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}
