//! The whole laptop: starts every part, stops them all when dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use bedside_media::{Calls, MediaServer, Patience};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, RwLock, watch};
use tokio::task::JoinSet;

use crate::aws::{self, AwsSetup, AwsState, OpenError};
use crate::clock::LocalClock;
use crate::functions::{self, Workshop};
use crate::gateway::{self, Gateway, Registry};
use crate::grants::Grants;
use crate::known;
use crate::machine::{Machine, MachineError};
use crate::oidc::{Issuer, IssuerError};
use crate::options::Options;
use crate::practice::{Keys, Practices};
use crate::template::{Template, TemplateError};
use crate::{control, pages};

/// The address that mail comes from.
pub(crate) const SENDER: &str = "visits@example.com";

/// Why the laptop could not start: one plain sentence each.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else has the port.
    #[error("Port {port} is in use by another program; choose another one with {flag}.")]
    Busy {
        /// Which port.
        port: u16,
        /// The flag that sets it.
        flag: &'static str,
    },
    /// The port cannot be had.
    #[error("Port {port} cannot be used ({why}); choose another one with {flag}.")]
    Port {
        /// Which port.
        port: u16,
        /// The flag that sets it.
        flag: &'static str,
        /// What the system says.
        why: std::io::Error,
    },
    /// The template is not as it must be.
    #[error("{0}.")]
    Template(#[from] TemplateError),
    /// The AWS endpoint could not be opened.
    #[error("The AWS endpoint could not be opened: {0}.")]
    Aws(#[from] OpenError),
    /// What is kept beside the data cannot be used.
    #[error("What is kept beside the data cannot be used: {0}.")]
    Practices(std::io::Error),
    /// The identity provider's key cannot be used.
    #[error("{0}.")]
    Issuer(#[from] IssuerError),
    /// The media server has no port for sound and pictures.
    #[error("The media server has no port for sound and pictures: {0}.")]
    Media(std::io::Error),
    /// Functions or demo could not be set up.
    #[error("The laptop could not be set up: {0}.")]
    Machine(#[from] MachineError),
}

/// A running laptop. Dropping it stops it.
pub struct Laptop {
    url: String,
    aws_url: String,
    machine: Arc<Machine>,
    pages: Option<std::path::PathBuf>,
    /// Its end ends the gateway's connections when they are idle.
    _stop: watch::Sender<()>,
    _media: MediaServer,
    _tasks: JoinSet<()>,
}

impl Laptop {
    /// Starts every part, and comes back when all of them answer.
    ///
    /// # Errors
    /// Where a port, a file or a part cannot be used.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let template = Template::load()?;
        let (listener, address) = bind(options.port, "--port").await?;
        let (aws_listener, aws_address) = bind(options.aws_port, "--aws-port").await?;
        let (media_listener, media_address) = bind(options.media_port, "--media-port").await?;
        let (url, aws_url) = (format!("http://{address}"), format!("http://{aws_address}"));
        let clock = LocalClock::default();
        let aws = AwsState::open(AwsSetup {
            data: options.data.clone(),
            senders: vec![SENDER.to_owned()],
            media_port: media_address.port(),
            clock: clock.clone(),
        })?;
        aws.create_tables().await.map_err(MachineError::from)?;
        let patience = Patience {
            with_nobody: Duration::from_secs(options.media_silence),
            with_one: Duration::from_secs(options.media_silence.saturating_mul(6)),
        };
        let media = MediaServer::start(media_listener, Arc::new(aws.clone()), patience).await;
        let media = media.map_err(StartError::Media)?;
        let practices = Practices::open(options.data.as_deref(), options.events).map_err(StartError::Practices)?;
        let machine = Arc::new(Machine {
            issuer: Issuer::new(&url, known::issuer_key().ok_or(IssuerError)?)?,
            workshop: Workshop::new(&url, address.port(), &aws_url, options.messages, &clock)
                .map_err(MachineError::from)?,
            practices,
            grants: Grants::default(),
            origin: url.clone(),
            port: address.port(),
            functions: Arc::new(RwLock::new(Registry::default())),
            with_connect: options.connect,
            ticking: Mutex::new(()),
            aws: aws.clone(),
            calls: media.calls().clone(),
            clock: clock.clone(),
        });
        let gateway = Arc::new(Gateway {
            template,
            functions: Arc::clone(&machine.functions),
            invocations: aws.invocations().clone(),
            clock,
            origin_secret: known::ORIGIN_SECRET.to_owned(),
            port: address.port(),
            verbose: options.verbose,
        });
        let own = control::router(&machine).merge(pages::router(options.web.clone(), media_address.port(), &machine)?);
        let service = gateway::service(&gateway, own);

        let (mut tasks, (stop, stopped)) = (JoinSet::new(), watch::channel(()));
        tasks.spawn(async move { match aws::serve(aws_listener, aws).await {} });
        // Connections wait in the listener's queue until the functions are there.
        machine.furnish().await?;
        tasks.spawn(serve(listener, service, stopped));
        let (following, events) = (Arc::clone(&machine), machine.aws.contact_events());
        tasks.spawn(async move { following.keep_following(events).await });
        let (following, events) = (Arc::clone(&machine), machine.aws.meeting_events());
        tasks.spawn(async move { following.keep_following_calls(events).await });
        if options.ticks {
            let ticking = Arc::clone(&machine);
            tasks.spawn(async move { ticking.keep_ticking().await });
        }
        Ok(Self { url, aws_url, machine, pages: options.web, _stop: stop, _media: media, _tasks: tasks })
    }

    /// The origin of API and pages, such as `http://127.0.0.1:8787`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The AWS endpoint, for `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn aws_url(&self) -> &str {
        &self.aws_url
    }

    /// Where the pages are, where they are wanted.
    #[must_use]
    pub fn pages(&self) -> Option<&std::path::Path> {
        self.pages.as_deref()
    }

    /// The functions' settings, as in `functions.env`: a function beside the laptop works with these.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        functions::settings(&self.url, self.machine.port, &self.aws_url)
    }

    /// The services' state.
    #[must_use]
    pub fn aws(&self) -> &AwsState {
        &self.machine.aws
    }

    /// The calls that go on.
    #[must_use]
    pub fn calls(&self) -> &Calls {
        &self.machine.calls
    }

    /// The clock that everything follows.
    #[must_use]
    pub fn clock(&self) -> &LocalClock {
        &self.machine.clock
    }

    /// Runs a function on an event, as Lambda does; gives its answer as Lambda does.
    ///
    /// # Errors
    /// Why there is none: no such function, an event that it cannot read, a function that died.
    pub async fn invoke(&self, function: &str, event: &serde_json::Value) -> Result<serde_json::Value, String> {
        self.machine.invoke(function, event).await
    }

    /// The identity provider's P-256 key (the number, big-endian), for tokens that it would never sign by itself.
    #[must_use]
    pub fn issuer_key(&self) -> [u8; 32] {
        known::issuer_scalar()
    }

    /// What is needed to use the demo's practice.
    #[must_use]
    pub fn keys(&self) -> Keys {
        self.machine.demo()
    }
}

async fn serve(listener: TcpListener, service: axum::Router, mut stopped: watch::Receiver<()>) {
    // Small answers must not wait for acknowledgements.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let service = service.into_make_service_with_connect_info::<SocketAddr>();
    let ended = async move {
        // The only message is that the sender is gone.
        let _ = stopped.changed().await;
    };
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(ended).await {
        tracing::error!(%error, "the gateway has ended");
    }
}

async fn bind(port: u16, flag: &'static str) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |why: std::io::Error| match why.kind() {
        std::io::ErrorKind::AddrInUse => StartError::Busy { port, flag },
        _ => StartError::Port { port, flag, why },
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
