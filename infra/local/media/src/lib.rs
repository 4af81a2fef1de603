//! The media server of the laptop. It speaks the signalling of the Chime client and carries its sound and pictures by
//! WebRTC, so that the unmodified `amazon-chime-sdk-js` makes real calls without a cloud account. For loopback only: it
//! has one address, no relay, and no encryption of its signalling.

pub mod client;
mod crypto;
mod events;
mod hooks;
mod meetings;
pub mod mixer;
mod peer;
mod plane;
pub mod room;
pub mod sdp;
mod signal;
pub mod tone;
pub mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinSet;

pub use events::{CallEvent, ended};
pub use hooks::{Target, Trouble};
pub use meetings::{Attendee, CONTENT, Meetings, Refusal, Told};
pub use room::{Patience, Presence};

use plane::{Command, Plane};
use signal::Desk;

/// Commands that wait for the calls.
const COMMANDS: usize = 1024;
/// Events that a slow listener may lag behind.
const EVENTS: usize = 1024;

/// A running media server. Dropping it stops it.
#[derive(Debug)]
pub struct MediaServer {
    calls: Calls,
    _tasks: JoinSet<()>,
}

/// The calls of a media server; clones share them.
#[derive(Debug, Clone)]
pub struct Calls {
    commands: mpsc::Sender<Command>,
    events: broadcast::Sender<CallEvent>,
}

impl MediaServer {
    /// Starts on this port, and on one of UDP beside it.
    ///
    /// # Errors
    /// Where no UDP port can be had.
    pub async fn start(
        listener: TcpListener,
        meetings: Arc<dyn Meetings>,
        patience: Patience,
    ) -> std::io::Result<Self> {
        crypto::install();
        let address = SocketAddr::new(listener.local_addr()?.ip(), 0);
        let socket = UdpSocket::bind(address).await?;
        let (commands, waiting) = mpsc::channel(COMMANDS);
        let events = broadcast::Sender::new(EVENTS);
        let plane = Plane::new(Arc::clone(&meetings), patience, events.clone(), socket)?;
        let desk = Arc::new(Desk { meetings, commands: commands.clone(), count: AtomicU64::new(1) });
        let mut tasks = JoinSet::new();
        tasks.spawn(plane.run(waiting));
        tasks.spawn(async move {
            if let Err(error) = axum::serve(listener, signal::router(desk)).await {
                tracing::error!(%error, "the signalling has ended");
            }
        });
        Ok(Self { calls: Calls { commands, events }, _tasks: tasks })
    }

    /// Its calls.
    #[must_use]
    pub const fn calls(&self) -> &Calls {
        &self.calls
    }
}

impl Calls {
    /// Looks again who may be in a meeting: it has ended, or somebody was removed.
    pub async fn changed(&self, meeting_id: &str) {
        self.order(Command::Changed(meeting_id.to_owned())).await;
    }

    /// Looks again who may be in any meeting.
    pub async fn all_changed(&self) {
        self.order(Command::AllChanged).await;
    }

    /// Lets something go wrong.
    pub async fn cause(&self, target: Target, trouble: Trouble) {
        self.order(Command::Trouble(target, trouble)).await;
    }

    /// Everybody who is heard in a call.
    pub async fn present(&self) -> Vec<Attendee> {
        let (answer, told) = oneshot::channel();
        self.order(Command::Present(answer)).await;
        told.await.unwrap_or_default()
    }

    /// Who comes and goes.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<CallEvent> {
        self.events.subscribe()
    }

    async fn order(&self, command: Command) {
        // A server that has stopped has no calls.
        let _ = self.commands.send(command).await;
    }
}
