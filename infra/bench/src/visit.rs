//! A visit by its people's requests: what the lander's server, the patient's phone and the clinician's desk ask.

use crate::client::{Answer, Ask, Client};
use crate::failure::{Failure, Outcome};
use bedside_tests::{Device, credential};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// A practice on the laptop, and what it is used with.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Its id.
    pub tenant: String,
    /// Its server's key.
    pub secret_key: String,
    /// Its page's key.
    pub publishable_key: String,
    /// Its administrator's sign-in.
    pub admin: String,
}

impl Practice {
    /// The demo's practice.
    ///
    /// # Errors
    /// When the laptop does not answer.
    pub async fn demo(client: &Client) -> Outcome<Self> {
        let keys = client.send(&Ask::get("/local/keys")).await?.expect(200)?;
        Self::of(client, &keys).await
    }

    /// Another one.
    ///
    /// # Errors
    /// When the laptop does not make it.
    pub async fn another(client: &Client) -> Outcome<Self> {
        let keys = client.control("/local/tenants", json!({})).await?;
        Self::of(client, &keys).await
    }

    async fn of(client: &Client, keys: &Answer) -> Outcome<Self> {
        let tenant = keys.text("/tenantId")?;
        let admin = sign_in(client, &tenant, "admin", "admin-1").await?;
        let (secret_key, publishable_key) = (keys.text("/secretKey")?, keys.text("/publishableKey")?);
        Ok(Self { tenant, secret_key, publishable_key, admin })
    }

    /// A request of the practice's server.
    #[must_use]
    pub fn server(&self, ask: Ask) -> Ask {
        ask.bearer(&self.secret_key)
    }

    /// Registers a clinician; answers their sign-in.
    ///
    /// # Errors
    /// When they are not registered.
    pub async fn clinician(&self, client: &Client, id: &str) -> Outcome<String> {
        client.send(&self.put_clinician(id)).await?.expect(201)?;
        sign_in(client, &self.tenant, "clinician", id).await
    }

    /// To register a clinician.
    #[must_use]
    pub fn put_clinician(&self, id: &str) -> Ask {
        let ask = Ask::new(reqwest::Method::PUT, format!("/api/clinicians/{id}")).bearer(&self.admin);
        ask.json(json!({
            "givenName": "Jane", "familyName": "Rivera", "title": "Dr.", "email": format!("{id}@example.com"),
            "phone": number(), "licensedStates": ["NY", "TX"], "timezone": "America/New_York",
        }))
    }

    /// To schedule a visit, of a patient of its own.
    #[must_use]
    pub fn create(&self, clinician: &str, patient: &str, at: Timestamp) -> Ask {
        self.server(Ask::post(
            "/api/visits",
            json!({
                "patient": {
                    "patientId": patient, "givenName": "Ann", "familyName": "Leeward", "phone": number(),
                    "email": format!("{patient}@example.com"), "state": "NY", "timezone": "America/New_York",
                    "locale": "en-US",
                },
                "clinicianId": clinician, "scheduledAt": at.to_string(), "duration": 30,
                "chiefComplaint": "Headache for three days, worse in the morning, no fever",
                "patientInstructions": "Please have your list of medicines at hand.",
            }),
        ))
    }

    /// To make the links of patient and clinician.
    #[must_use]
    pub fn links(&self, visit: &str) -> Ask {
        let roles = json!({ "roles": ["patient", "clinician"] });
        self.server(Ask::post(format!("/api/visits/{visit}/links"), roles))
    }

    /// To send them.
    #[must_use]
    pub fn notify(&self, visit: &str) -> Ask {
        let all = json!({ "channel": "both", "recipientRole": "both", "template": "initial" });
        self.server(Ask::post(format!("/api/visits/{visit}/notify"), all))
    }
}

/// An access token of the practice's identity provider.
///
/// # Errors
/// When the laptop gives none.
pub async fn sign_in(client: &Client, tenant: &str, role: &str, subject: &str) -> Outcome<String> {
    let body = json!({ "role": role, "sub": subject, "tenantId": tenant });
    client.control("/local/token", body).await?.text("/accessToken")
}

/// What the patient's page sends of a link.
///
/// # Errors
/// When the answer of `links` has none.
pub fn patients(links: &Answer) -> Outcome<Value> {
    let link = links.text("/patient/link")?;
    if link.contains('#') { Ok(credential(&link)) } else { Err(Failure::said("a link without a secret")) }
}

/// Somebody who came in.
pub struct Seat {
    device: Device,
    session: String,
    /// The participant's id.
    pub id: String,
}

impl Seat {
    /// The seat that a start has given.
    ///
    /// # Errors
    /// When it has given none.
    pub fn of(start: &Answer, device: Device) -> Outcome<Self> {
        Ok(Self { device, session: start.text("/visitSession/sessionToken")?, id: start.text("/participantId")? })
    }

    /// A request by this session.
    #[must_use]
    pub fn ask(&self, client: &Client, ask: Ask) -> Ask {
        client.proven(ask, &self.device, Some(&self.session))
    }

    /// How it stands.
    #[must_use]
    pub fn poll(&self, client: &Client) -> Ask {
        self.ask(client, Ask::get("/api/session"))
    }

    /// Asks for the call.
    #[must_use]
    pub fn join(&self, client: &Client) -> Ask {
        self.ask(client, Ask::post("/api/session/join", json!({})))
    }
}

/// To start with a link, on a device.
#[must_use]
pub fn start(client: &Client, visit: &str, credential: &Value, device: &Device) -> Ask {
    client.proven(Ask::post(format!("/api/visits/{visit}/start"), credential.clone()), device, None)
}

/// To start by sign-in, on a device.
#[must_use]
pub fn start_signed_in(client: &Client, visit: &str, token: &str, device: &Device) -> Ask {
    let ask = Ask::post(format!("/api/visits/{visit}/start-authenticated"), json!({})).bearer(token);
    client.proven(ask, device, None)
}

/// To admit somebody, from the desk.
#[must_use]
pub fn admit(visit: &str, who: &str, token: &str) -> Ask {
    Ask::post(format!("/api/visits/{visit}/participants/{who}/admit"), json!({})).bearer(token)
}

/// Who is there, from the desk.
#[must_use]
pub fn participants(visit: &str, token: &str) -> Ask {
    Ask::get(format!("/api/visits/{visit}/participants")).bearer(token)
}

/// To end the visit.
#[must_use]
pub fn end(visit: &str, token: &str) -> Ask {
    let body = json!({ "endReason": "completed", "notes": "Rest, water, and a call in a week if it is no better." });
    Ask::post(format!("/api/visits/{visit}/end"), body).bearer(token)
}

/// The next 5-minute mark, at least that many minutes ahead.
#[must_use]
pub fn slot(now: Timestamp, minutes: i64) -> Timestamp {
    let second = (now.as_second() + minutes * 60).div_euclid(300) * 300 + 300;
    Timestamp::from_second(second).unwrap_or(now)
}

/// A name that nobody has had in this process.
#[must_use]
pub fn fresh(kind: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{kind}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An address that nobody has come from in this process: of those kept for measurements (RFC 2544).
#[must_use]
pub fn fresh_address() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("198.{}.{}.{}", 18 + n / 65_536 % 2, n / 256 % 256, n % 256)
}

/// Numbers kept for fiction, one after the other. They come again after 1,200.
fn number() -> String {
    const AREAS: [u16; 12] = [202, 212, 312, 415, 512, 617, 702, 713, 206, 305, 303, 404];
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let area = AREAS.iter().cycle().nth((n / 100) as usize % AREAS.len()).copied().unwrap_or(212);
    format!("+1{area}55501{:02}", n % 100)
}
