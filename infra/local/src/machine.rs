//! The laptop's inside: what the controls work on.

use std::sync::Arc;
use std::time::Duration;

use bedside_media::Calls;
use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::{Mutex, RwLock, broadcast};

use crate::aws::{AwsState, MeetingEvent, ServiceError};
use crate::clock::LocalClock;
use crate::demo::{self, SeedError};
use crate::functions::{ON_CONTACT_EVENT, ON_MEETING_EVENT, TICK as TICK_FUNCTION, Workshop};
use crate::gateway::{self, LONGEST, Registry};
use crate::grants::Grants;
use crate::invocation;
use crate::oidc::Issuer;
use crate::practice::{Keys, Practice, Practices};
use bedside_aws::SetupError;

/// How often the scheduled function runs, by the laptop's clock: as the template says.
const TICK: SignedDuration = SignedDuration::from_mins(1);
/// How long it may take: likewise.
const LONGEST_TICK: Duration = Duration::from_secs(60);
/// How often what has outlived its time is swept away, by the laptop's clock.
const SWEEP: SignedDuration = SignedDuration::from_hours(1);

/// How often Lambda tries an event: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const EVENT_TRIES: u32 = 3;

/// Why something could not be done to the laptop.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// The database refused.
    #[error("the database refused: {0}")]
    Database(#[from] ServiceError),
    /// A function could not be set up.
    #[error("{0}")]
    Setup(#[from] SetupError),
    /// A practice could not be made.
    #[error("{0}")]
    Seed(#[from] SeedError),
    /// The file of practices could not be written.
    #[error("the practices cannot be kept: {0}")]
    Practices(#[from] std::io::Error),
    /// A function behind events gave up.
    #[error("{0} failed: {1}")]
    Event(String, String),
}

/// The laptop's inside.
pub(crate) struct Machine {
    pub(crate) aws: AwsState,
    pub(crate) calls: Calls,
    pub(crate) clock: LocalClock,
    pub(crate) practices: Practices,
    pub(crate) issuer: Issuer,
    /// Who is on their way through a sign-in.
    pub(crate) grants: Grants,
    /// Origin of API, pages and links.
    pub(crate) origin: String,
    pub(crate) port: u16,
    pub(crate) functions: Arc<RwLock<Registry>>,
    pub(crate) workshop: Workshop,
    /// Whether the practices' calls are to go by Amazon Connect.
    pub(crate) with_connect: bool,
    /// One tick at a time.
    pub(crate) ticking: Mutex<()>,
}

impl Machine {
    /// What is needed to use the demo's practice.
    pub(crate) fn demo(&self) -> Keys {
        self.practices.demo().keys(&self.origin, self.issuer.issuer())
    }

    /// Sets the functions up and sees to it that every practice is there. Nothing of it is counted.
    pub(crate) async fn furnish(&self) -> Result<(), MachineError> {
        self.furnish_at_rest(&mut *self.functions.write().await).await
    }

    async fn furnish_at_rest(&self, functions: &mut Registry) -> Result<(), MachineError> {
        // Anew, since a function keeps in memory what it has read.
        *functions = self.workshop.build().await?;
        demo::seed(self, &self.practices.all()).await?;
        if let Some(practice) = self.practices.events() {
            Box::pin(demo::seed_visits(self, practice)).await?;
        }
        self.aws.reset_calls();
        Ok(())
    }

    /// Makes another practice.
    pub(crate) async fn add_practice(&self) -> Result<Keys, MachineError> {
        let practice = Practice::another()?;
        demo::seed(self, std::slice::from_ref(&practice)).await?;
        self.practices.add(practice.clone())?;
        Ok(practice.keys(&self.origin, self.issuer.issuer()))
    }

    /// Everything as after a fresh start, under the same keys. Waits for the functions that run.
    pub(crate) async fn reset(&self) -> Result<(), MachineError> {
        // A fault could keep a function from coming to its end.
        self.aws.clear_faults();
        let mut functions = self.functions.write().await;
        self.practices.forget_others()?;
        self.clock.reset();
        self.aws.reset().await?;
        self.furnish_at_rest(&mut functions).await
    }

    /// Runs a function on an event, as Lambda does.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, String> {
        if self.functions.read().await.is_behind_events(function) {
            return self.deliver(function, event.clone()).await.map_err(|error| error.to_string());
        }
        let functions = Arc::clone(&self.functions).read_owned().await;
        let service = functions.get(function).ok_or_else(|| format!("there is no function {function}"))?;
        let answer = gateway::answer(function, service, event, self.aws.invocations(), functions).await;
        answer.map_err(|failure| failure.to_string())
    }

    /// Runs the scheduled function once; answers what it did.
    pub(crate) async fn tick(&self) -> Result<Value, MachineError> {
        let _one = self.ticking.lock().await;
        self.deliver(TICK_FUNCTION, Value::Null).await
    }

    /// Hands an event to the function behind it; answers what it did.
    async fn deliver(&self, name: &str, event: Value) -> Result<Value, MachineError> {
        let failed = |why: &str| MachineError::Event(name.to_owned(), why.to_owned());
        let functions = Arc::clone(&self.functions).read_owned().await;
        let run = functions.run(name, event).ok_or_else(|| failed("there is no such function"))?;
        let id: Arc<str> = uuid::Uuid::now_v7().to_string().into();
        let busy = async move {
            let _functions = functions;
            run.await
        };
        let mut task = self.aws.invocations().spawn(&id, invocation::within(Arc::clone(&id), busy));
        let longest = if name == TICK_FUNCTION { LONGEST_TICK } else { LONGEST };
        match tokio::time::timeout(longest, &mut task).await {
            Ok(Ok(did)) => did.map_err(|why| failed(&why)),
            Ok(Err(_)) => Err(failed("it panicked or was killed")),
            Err(_) => {
                task.abort();
                Err(failed(&format!("it took more than {} seconds", longest.as_secs())))
            }
        }
    }

    /// Hands an event to the function behind it as Lambda does, up to three times; answers what it did.
    pub(crate) async fn deliver_surely(&self, name: &str, event: &Value) -> Result<Value, MachineError> {
        let mut attempt = 1;
        loop {
            match self.deliver(name, event.clone()).await {
                Err(error) if attempt < EVENT_TRIES => {
                    tracing::warn!(%error, attempt, "an event could not be delivered");
                    attempt += 1;
                }
                done => return done,
            }
        }
    }

    /// Hands on what Connect tells of its contacts, for as long as it is polled.
    pub(crate) async fn keep_following(&self, mut events: broadcast::Receiver<Value>) {
        loop {
            let event = match events.recv().await {
                Ok(event) => event,
                // The next event leads to the contact as it stands then.
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            };
            self.hand_on(ON_CONTACT_EVENT, &event).await;
        }
    }

    /// Hands an event on that nobody waits for.
    async fn hand_on(&self, function: &str, event: &Value) {
        if let Err(error) = self.deliver_surely(function, event).await {
            tracing::warn!(%error, "an event was given up");
        }
    }

    /// Tells the media server of meetings that were ended and attendees that were removed, and hands on what Chime tells
    /// of its meetings, for as long as it is polled.
    pub(crate) async fn keep_following_calls(&self, mut meetings: broadcast::Receiver<MeetingEvent>) {
        let mut calls = self.calls.events();
        loop {
            let event = tokio::select! {
                changed = meetings.recv() => match changed {
                    Ok(MeetingEvent::MeetingEnded { meeting_id, told }) => {
                        self.calls.changed(&meeting_id).await;
                        told.map(|told| bedside_media::ended(&meeting_id, &told, self.clock.now()))
                    }
                    Ok(MeetingEvent::AttendeeRemoved { meeting_id, .. }) => {
                        self.calls.changed(&meeting_id).await;
                        None
                    }
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        self.calls.all_changed().await;
                        None
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                called = calls.recv() => match called {
                    Ok(called) => called.told(self.clock.now()),
                    // Whoever follows meetings learns of the rest by their end.
                    Err(broadcast::error::RecvError::Lagged(_)) => None,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
            };
            if let Some(event) = event {
                self.hand_on(ON_MEETING_EVENT, &event).await;
            }
        }
    }

    /// Ticks every minute of the laptop's clock, for as long as it is polled. A clock that was moved ticks at once.
    pub(crate) async fn keep_ticking(&self) {
        let (mut ticked, mut swept) = (self.clock.now(), self.clock.now());
        let mut seconds = tokio::time::interval(Duration::from_secs(1));
        seconds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            seconds.tick().await;
            let now = self.clock.now();
            if now.duration_since(ticked).abs() < TICK {
                continue;
            }
            ticked = now;
            if let Err(error) = self.tick().await {
                tracing::warn!(%error, "the scheduled function failed");
            }
            if now.duration_since(swept).abs() >= SWEEP {
                swept = now;
                if let Err(error) = self.aws.sweep_ttl().await {
                    tracing::warn!(%error, "what has outlived its time could not be swept away");
                }
            }
        }
    }
}
