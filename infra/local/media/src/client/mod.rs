//! A client without a browser: it says a tone, sends pictures that nobody could look at, and notes what comes. For
//! quick tests and measurements.

mod rtc;
mod seen;
mod task;

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest as _, http::HeaderValue};

pub use seen::{Person, Seen};

use crate::wire::Frame;

/// Orders that wait.
const ORDERS: usize = 64;

/// How a client takes part.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Part {
    /// The tone that it says; silence without one.
    pub hertz: Option<f64>,
    /// Whether it sends pictures.
    pub camera: bool,
    /// Whether it keeps what it hears.
    pub listens: bool,
}

/// Why a client cannot take part.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The socket cannot be opened.
    #[error("the signalling cannot be reached: {0}")]
    Socket(#[from] Box<tungstenite::Error>),
    /// No UDP port can be had.
    #[error("no UDP port: {0}")]
    Udp(#[from] std::io::Error),
    /// What was awaited did not happen in time.
    #[error("it did not come to pass within {0:?}")]
    Late(Duration),
    /// The client has stopped.
    #[error("the client has stopped")]
    Stopped,
}

#[derive(Debug)]
enum Order {
    Say(Box<Frame>),
    Camera(bool),
    Quit,
}

/// Somebody in a call.
#[derive(Debug)]
pub struct Client {
    orders: mpsc::Sender<Order>,
    seen: watch::Receiver<Seen>,
    task: JoinHandle<()>,
}

/// Opens the socket of the signalling as the Chime client does.
///
/// # Errors
/// Where it cannot be opened.
pub async fn open(
    signaling_url: &str,
    protocols: &str,
) -> Result<tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>, ClientError> {
    let mut request = signaling_url.into_client_request().map_err(Box::new)?;
    if let Ok(protocols) = HeaderValue::from_str(protocols) {
        request.headers_mut().insert("sec-websocket-protocol", protocols);
    }
    let (socket, _) = tokio_tungstenite::connect_async(request).await.map_err(Box::new)?;
    Ok(socket)
}

impl Client {
    /// Joins a meeting.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub async fn join(signaling_url: &str, join_token: &str, part: Part) -> Result<Self, ClientError> {
        let socket = open(signaling_url, &format!("_aws_wt_session, {join_token}")).await?;
        let (orders, waiting) = mpsc::channel(ORDERS);
        let (seen, watched) = watch::channel(Seen::default());
        let task = task::Task::new(socket, part, seen).await?;
        Ok(Self { orders, seen: watched, task: tokio::spawn(task.run(waiting)) })
    }

    /// What it has seen and heard so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Waits until it has seen enough.
    ///
    /// # Errors
    /// Where that takes longer than this, or the client stops before.
    pub async fn until(&mut self, within: Duration, enough: impl Fn(&Seen) -> bool) -> Result<Seen, ClientError> {
        let waiting = self.seen.wait_for(|seen| enough(seen));
        match tokio::time::timeout(within, waiting).await {
            Ok(Ok(seen)) => Ok(seen.clone()),
            Ok(Err(_)) => Err(ClientError::Stopped),
            Err(_) => Err(ClientError::Late(within)),
        }
    }

    /// Says something by the signalling.
    pub async fn say(&self, frame: Frame) {
        // A client that has stopped says nothing.
        let _ = self.orders.send(Order::Say(Box::new(frame))).await;
    }

    /// Starts or stops to send pictures.
    pub async fn camera(&self, on: bool) {
        let _ = self.orders.send(Order::Camera(on)).await;
    }

    /// Goes away without a word.
    pub async fn vanish(self) {
        let _ = self.orders.send(Order::Quit).await;
        let _ = self.task.await;
    }
}
