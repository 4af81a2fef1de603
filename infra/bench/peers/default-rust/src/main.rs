//! The job of check-link, with the SDK as it comes: the same calls, the same comparison, the same form of answer.

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MacAlgorithmSpec;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

struct Function {
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
    pepper: Vec<u8>,
}

fn setting(name: &str) -> Result<String, Error> {
    std::env::var(name).map_err(|_| format!("The setting {name} is missing.").into())
}

fn text<'a>(item: &'a Item, name: &str) -> Result<&'a str, Error> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str).ok_or_else(|| format!("no {name}").into())
}

fn millis(item: &Item, name: &str) -> Result<i64, Error> {
    Ok(item.get(name).and_then(|value| value.as_n().ok()).ok_or_else(|| format!("no {name}"))?.parse()?)
}

fn rfc3339(millis: i64) -> Result<String, Error> {
    Ok(jiff::Timestamp::from_millisecond(millis)?.to_string())
}

impl Function {
    async fn init() -> Result<Self, Error> {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let kms = aws_sdk_kms::Client::new(&config);
        let pepper = kms.generate_mac().key_id(setting("HMAC_KEY")?).mac_algorithm(MacAlgorithmSpec::HmacSha256);
        let signing = kms.get_public_key().key_id(setting("SIGNING_KEY")?);
        let (pepper, _) = tokio::try_join!(
            async { Ok::<_, Error>(pepper.message(Blob::new("bedside-pepper-1")).send().await?) },
            async { Ok(signing.send().await?) },
        )?;
        let pepper = pepper.mac.ok_or("no MAC")?.into_inner();
        Ok(Self { dynamodb: aws_sdk_dynamodb::Client::new(&config), table: setting("VISITS_TABLE")?, pepper })
    }

    fn hmac(&self, label: &str, parts: &[&str]) -> Result<Hmac<Sha256>, Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.pepper)?;
        mac.update(label.as_bytes());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Ok(mac)
    }

    async fn get(&self, pk: String, sk: &str) -> Result<Option<Item>, Error> {
        let call = self.dynamodb.get_item().table_name(&self.table).consistent_read(true);
        let call = call.key("PK", AttributeValue::S(pk)).key("SK", AttributeValue::S(sk.to_owned()));
        Ok(call.send().await?.item)
    }

    /// The link's row, the visit's and the practice's; none for a credential that opens nothing.
    async fn open(&self, code: &str, secret: &str) -> Result<Option<(Item, Item, Item)>, Error> {
        let lookup = URL_SAFE_NO_PAD.encode(self.hmac("bedside lookup", &[code])?.finalize().into_bytes());
        let Some(location) = self.get(format!("CODE#{lookup}"), "CODE").await? else { return Ok(None) };
        let partition = format!("V#{}", text(&location, "visitId")?);
        let call = self.dynamodb.query().table_name(&self.table).consistent_read(true);
        let call = call.key_condition_expression("PK = :pk").expression_attribute_values(":pk", AttributeValue::S(partition));
        let rows = call.send().await?.items.unwrap_or_default();
        let starts = |row: &Item, with: &str| text(row, "SK").is_ok_and(|sk| sk.starts_with(with));
        let link = rows.iter().find(|row| starts(row, "LINK#") && text(row, "code").is_ok_and(|found| found == code));
        let (Some(link), Some(visit)) = (link, rows.iter().find(|row| starts(row, "#VISIT"))) else { return Ok(None) };
        let expected = URL_SAFE_NO_PAD.decode(text(link, "secretMac")?)?;
        if self.hmac("bedside link secret", &[code, secret])?.verify_slice(&expected).is_err() {
            return Ok(None);
        }
        let practice = self.get(format!("T#{}", text(visit, "tenant")?), "TENANT").await?;
        Ok(practice.map(|practice| (link.clone(), visit.clone(), practice)))
    }

    async fn answer(&self, event: Value) -> Result<Value, Error> {
        let body: Value = serde_json::from_str(event["body"].as_str().ok_or("no body")?)?;
        let (code, secret) = (body["code"].as_str().unwrap_or_default(), body["secret"].as_str().unwrap_or_default());
        let (status, body) = match self.open(code, secret).await? {
            Some((link, visit, practice)) => (200, checked(&link, &visit, &practice)?),
            None => (401, json!({ "valid": false, "status": 401, "code": "TOKEN_INVALID" })),
        };
        let headers = json!({ "content-type": "application/json", "cache-control": "no-store" });
        Ok(json!({ "statusCode": status, "headers": headers, "body": body.to_string(), "isBase64Encoded": false }))
    }
}

fn checked(link: &Item, visit: &Item, practice: &Item) -> Result<Value, Error> {
    let now = jiff::Timestamp::now().as_millisecond();
    let (opens_at, expires_at) = (millis(visit, "opensAt")?, millis(link, "expiresAt")?);
    let joinable = if opens_at > now {
        json!({ "now": false, "reason": "NOT_OPEN_YET", "opensInMs": opens_at - now })
    } else {
        json!({ "now": true })
    };
    Ok(json!({
        "valid": true,
        "role": text(link, "role")?,
        "visit": {
            "visitId": text(visit, "visitId")?,
            "scheduledAt": rfc3339(millis(visit, "scheduledAt")?)?,
            "duration": millis(visit, "duration")?,
            "timezone": text(visit, "timezone")?,
            "modality": text(visit, "modality")?,
            "clinicianName": text(visit, "clinicianName")?,
        },
        "practice": { "name": text(practice, "name")?, "supportPhone": text(practice, "supportPhone")? },
        "opensAt": rfc3339(opens_at)?,
        "expiresAt": rfc3339(expires_at)?,
        "expiresIn": (expires_at - now).max(0) / 1000,
        "serverTime": rfc3339(now)?,
        "joinable": joinable,
        "requires": { "factors": [], "waitingRoom": true },
        "resumable": false,
        "warnings": [],
    }))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().without_time().init();
    let function = Function::init().await?;
    let function = &function;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| function.answer(event.payload))).await
}
