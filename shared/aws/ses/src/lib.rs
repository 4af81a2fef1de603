//! E-mail through SES.

mod message;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_app::error::Outage;
use bedside_app::ports::{Mail, Mailer, SendError};
use bedside_aws::{Api, Ask, Environment, Method, SdkConfig, SetupError};
use serde::{Deserialize, Serialize};

/// E-mail through SES.
#[derive(Debug, Clone)]
pub struct Ses {
    api: Api,
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
            api: Api::new(config, "email", Some("ses")),
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
        let message = message::mime(mail, from).ok_or_else(not_sent)?;
        let body = SendEmail {
            from_email_address: from,
            destination: Destination { to_addresses: [mail.to] },
            content: Content { raw: RawMessage { data: STANDARD.encode(message) } },
            configuration_set_name: self.configuration_set.as_deref(),
        };
        let ask = Ask::rest(Method::POST, "/v2/email/outbound-emails").body(body);
        match self.api.ask(ask).await {
            Ok(SentEmail { message_id }) => Ok(message_id.unwrap_or_default()),
            Err(error) => {
                let outage = Outage::new("sesv2", bedside_aws::what("SendEmail", &error));
                Err(if bedside_aws::is_passing(&error) { SendError::Down(outage) } else { SendError::Refused(outage) })
            }
        }
    }
}

/// What is sent, by the service's own description.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail<'a> {
    from_email_address: &'a str,
    destination: Destination<'a>,
    content: Content,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration_set_name: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination<'a> {
    to_addresses: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    raw: RawMessage,
}

/// A whole MIME message, in base64.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RawMessage {
    data: String,
}

/// What is answered, as far as it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SentEmail {
    message_id: Option<String>,
}
