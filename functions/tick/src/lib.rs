//! Every minute: what is due is done.

use bedside_app::agenda::Ticked;
use bedside_app::error::Error;
use bedside_app::ports::Carriers;
use bedside_app::practice::App;
use bedside_chime::Chime;
use bedside_connect::Connect;
use bedside_dynamodb::Dynamo;
use bedside_http::{Runtime, SetupError};
use bedside_kms::Kms;
use bedside_ses::Ses;
use bedside_sms::Sms;

use std::time::Duration;

/// Nothing is begun after this: what was begun by then has time to end before Lambda's, which the template sets to a
/// minute. A piece of work makes up to eight calls, of which each takes a few milliseconds, and no more than five
/// seconds when a service hangs.
pub const TIME: Duration = Duration::from_secs(45);

/// The function.
pub struct Tick(App<Dynamo, Kms, Carriers<Chime, Connect>, Ses, Sms>);

impl Tick {
    /// The function, built from its settings.
    ///
    /// # Errors
    /// When a setting is missing, or KMS does not answer.
    pub async fn new(runtime: &Runtime) -> Result<Self, SetupError> {
        let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
        let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
        let (sdk, settings) = (&runtime.sdk, &runtime.settings);
        let app = runtime
            .app(store, keys)?
            .with_media(Carriers { chime: Chime::new(sdk, settings), connect: Connect::new(sdk) });
        Ok(Self(app.with_mailer(Ses::new(sdk, settings)?).with_texter(Sms::new(sdk, settings))))
    }

    /// Does what is due now.
    ///
    /// # Errors
    /// When the store is down: the next tick tries again.
    pub async fn run(&self) -> Result<Ticked, Error> {
        self.0.tick(TIME).await
    }
}
