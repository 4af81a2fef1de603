//! E-mail through SES.

mod message;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};
use aws_smithy_types::Blob;
use bedside_app::error::Outage;
use bedside_app::ports::{Mail, Mailer, SendError};
use bedside_aws::{Environment, SdkConfig, SetupError};

/// E-mail through SES.
#[derive(Debug, Clone)]
pub struct Ses {
    client: Client,
    from: Option<String>,
    configuration_set: Option<String>,
}

impl Ses {
    /// Sends from `MAIL_FROM`, by the rules of `MAIL_CONFIGURATION_SET` (which must not track opens or clicks: its
    /// rewritten links would carry ours through somebody else's server). Without `MAIL_FROM` every mail is refused,
    /// and visits are scheduled all the same. No call is made.
    ///
    /// # Errors
    /// When `MAIL_FROM` is no address: no e-mail would ever go.
    pub fn new(config: &SdkConfig, settings: &Environment) -> Result<Self, SetupError> {
        let from = settings.get("MAIL_FROM");
        if from.is_some_and(|from| message::mailbox(from).is_none()) {
            let why = "it is no e-mail address, nor a name with one in angle brackets";
            return Err(SetupError::Unusable { name: "MAIL_FROM".to_owned(), why });
        }
        Ok(Self {
            client: Client::new(config),
            from: from.map(str::to_owned),
            configuration_set: settings.get("MAIL_CONFIGURATION_SET").map(str::to_owned),
        })
    }
}

impl Mailer for Ses {
    fn sender(&self) -> Option<&str> {
        self.from.as_deref().and_then(message::mailbox).map(|(_, address)| address)
    }

    async fn send(&self, mail: &Mail<'_>) -> Result<String, SendError> {
        let Some(from) = &self.from else {
            return Err(SendError::Refused(Outage::new("sesv2", "not set up")));
        };
        let not_sent = || SendError::Refused(Outage::new("sesv2", "SendEmail not sent"));
        let bytes = message::mime(mail, from).ok_or_else(not_sent)?;
        let message = RawMessage::builder().data(Blob::new(bytes)).build().map_err(|_| not_sent())?;
        let call = self.client.send_email().from_email_address(from);
        let call = call
            .destination(Destination::builder().to_addresses(mail.to).build())
            .content(EmailContent::builder().raw(message).build())
            .set_configuration_set_name(self.configuration_set.clone());
        match call.send().await {
            Ok(answer) => Ok(answer.message_id.unwrap_or_default()),
            Err(error) => {
                let outage = Outage::new("sesv2", bedside_aws::what("SendEmail", &error));
                Err(if bedside_aws::is_passing(&error) { SendError::Down(outage) } else { SendError::Refused(outage) })
            }
        }
    }
}
