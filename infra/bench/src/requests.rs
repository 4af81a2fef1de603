//! A right request for each function, prepared on the laptop: what is measured is the function at its work, not at
//! refusing.

use crate::client::{Ask, Client};
use crate::failure::{Failure, Outcome};
use crate::proxy::proxied;
use crate::visit::{self, Practice, Seat};
use bedside_local::Laptop;
use bedside_local::aws::Channel;
use bedside_local::template::Template;
use bedside_tests::Device;
use reqwest::Method;
use serde_json::{Value, json};

/// The laptop behind the functions, and its practice.
pub struct Stage {
    /// The laptop: it holds tables and keys, and makes what the functions find there.
    pub laptop: Laptop,
    client: Client,
    practice: Practice,
    template: Template,
}

/// A visit with its clinician.
struct Booked {
    id: String,
    desk: String,
    /// Its public code.
    code: String,
}

impl Booked {
    fn path(&self, rest: &str) -> String {
        format!("/api/visits/{}{rest}", self.id)
    }
}

impl Stage {
    /// A practice on a laptop.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open() -> Outcome<Self> {
        let options = bedside_local::Options::default().ports_free();
        let laptop = Laptop::start(options).await?;
        let client = Client::new(laptop.url())?;
        let practice = Practice::demo(&client).await?;
        let template = Template::load().map_err(|error| Failure::said(error.to_string()))?;
        Ok(Self { laptop, client, practice, template })
    }

    /// The settings of a function that works on this laptop.
    #[must_use]
    pub fn settings(&self, endpoint: &str) -> Vec<(String, String)> {
        let mut settings = self.laptop.settings();
        settings.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
        settings.extend(
            [
                ("AWS_ENDPOINT_URL", endpoint),
                ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
                ("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "true"),
                // Node and the tutorial's Rust look for programs and a home folder.
                ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The event of a right request to a function; none where this program knows none, nor for a function that no route
    /// leads to.
    ///
    /// # Errors
    /// When what it needs cannot be made.
    pub async fn event(&self, function: &str) -> Outcome<Option<Value>> {
        let ask = self.prepare(function).await;
        let ask = ask.map_err(|error| Failure::said(format!("{function} could not be prepared: {error}")))?;
        ask.map(|ask| proxied(&self.template, self.laptop.url(), &ask)).transpose()
    }

    async fn send(&self, ask: Ask, status: u16) -> Outcome<crate::client::Answer> {
        self.client.send(&ask).await?.expect(status)
    }

    /// A visit that may be started now.
    async fn booked(&self) -> Outcome<Booked> {
        let clinician = visit::fresh("clinician");
        let desk = self.practice.clinician(&self.client, &clinician).await?;
        let at = visit::slot(self.client.now(), 0);
        let mut create = self.practice.create(&clinician, &visit::fresh("patient"), at);
        if let Some(members) = create.body.as_mut().and_then(Value::as_object_mut) {
            members.insert("access".to_owned(), json!({ "publicCode": true }));
        }
        let made = self.send(create, 201).await?;
        Ok(Booked { id: made.text("/visitId")?, desk, code: made.text("/meetingCode")? })
    }

    /// What the patient's page sends of the visit's link.
    async fn credential(&self, booked: &Booked) -> Outcome<Value> {
        visit::patients(&self.send(self.practice.links(&booked.id), 200).await?)
    }

    /// The patient waits.
    async fn waiting(&self, booked: &Booked) -> Outcome<Seat> {
        let credential = self.credential(booked).await?;
        let phone = Device::new();
        let start = visit::start(&self.client, &booked.id, &credential, &phone);
        Seat::of(&self.send(start, 202).await?, phone)
    }

    /// The patient is let in.
    async fn admitted(&self, booked: &Booked) -> Outcome<Seat> {
        let seat = self.waiting(booked).await?;
        self.send(visit::admit(&booked.id, &seat.id, &booked.desk), 200).await?;
        Ok(seat)
    }

    /// The newest code that was texted.
    fn texted_code(&self) -> Outcome<String> {
        let messages = self.laptop.aws().messages();
        let mut texts = messages.iter().filter(|message| message.channel == Channel::Sms);
        let code = texts.find_map(|message| {
            let mut words = message.text.split(|letter: char| !letter.is_ascii_digit());
            words.find(|word| word.len() == 6).map(str::to_owned)
        });
        code.ok_or_else(|| Failure::said("no code was texted"))
    }

    /// A right request; what it needs is made first.
    async fn prepare(&self, function: &str) -> Outcome<Option<Ask>> {
        let found = match function {
            "health" => Some(Ask::get("/api/health")),
            "jwks" => Some(Ask::get("/.well-known/jwks.json")),
            "openapi" => Some(Ask::get("/api/openapi.json")),
            _ => None,
        };
        if found.is_some() {
            return Ok(found);
        }
        if let Some(ask) = self.by_staff(function).await? {
            return Ok(Some(ask));
        }
        if let Some(ask) = self.of_a_visit(function).await? {
            return Ok(Some(ask));
        }
        self.by_a_person(function).await
    }

    /// What concerns the practice and its people.
    async fn by_staff(&self, function: &str) -> Outcome<Option<Ask>> {
        let (practice, keys) = (&self.practice, self.laptop.keys());
        let admin = |ask: Ask| ask.bearer(&practice.admin);
        let key = json!({ "kind": "secret", "label": "Another server" });
        Ok(Some(match function {
            "create-key" => admin(Ask::post("/api/keys", key)),
            "delete-key" => {
                let made = self.send(admin(Ask::post("/api/keys", key)), 201).await?.text("/keyId")?;
                admin(Ask::new(Method::DELETE, format!("/api/keys/{made}")))
            }
            "list-keys" => admin(Ask::get("/api/keys?limit=25")),
            "get-tenant" => admin(Ask::get("/api/tenant")),
            "put-tenant" => {
                let mut settings = self.send(admin(Ask::get("/api/tenant")), 200).await?.body;
                for shown in ["createdAt", "updatedAt"] {
                    settings.as_object_mut().map(|members| members.remove(shown));
                }
                admin(Ask::new(Method::PUT, "/api/tenant").json(settings))
            }
            "get-clinician" => admin(Ask::get(format!("/api/clinicians/{}", keys.clinician_id))),
            "put-clinician" => practice.put_clinician(&visit::fresh("clinician")),
            "get-patient" => admin(Ask::get(format!("/api/patients/{}", keys.patient_id))),
            "put-patient" => practice.server(
                Ask::new(Method::PUT, format!("/api/patients/{}", visit::fresh("patient"))).json(json!({
                    "givenName": "Ann", "familyName": "Lee", "phone": "+12125550117", "email": "ann@example.com",
                    "state": "NY", "timezone": "America/New_York", "locale": "en-US",
                })),
            ),
            "create-visit" | "schedule-visit" => {
                let clinician = visit::fresh("clinician");
                practice.clinician(&self.client, &clinician).await?;
                let at = visit::slot(self.client.now(), 30);
                if function == "create-visit" {
                    practice.create(&clinician, &visit::fresh("patient"), at)
                } else {
                    practice.server(Ask::post(
                        "/api/schedule",
                        json!({
                            "patient": {
                                "givenName": "Ann", "familyName": "Lee", "phone": "+12125550117", "state": "NY",
                                "timezone": "America/New_York", "locale": "en-US",
                            },
                            "clinicianId": clinician, "scheduledAt": at.to_string(),
                            "consent": { "sms": true, "telehealth": true, "version": "2026-11" },
                        }),
                    ))
                }
            }
            "list-visits" => practice.server(Ask::get("/api/visits?limit=25")),
            _ => return Ok(None),
        }))
    }

    /// What the practice's server and the desk do with a visit.
    async fn of_a_visit(&self, function: &str) -> Outcome<Option<Ask>> {
        const KNOWN: [&str; 12] = [
            "get-visit",
            "reschedule-visit",
            "cancel-visit",
            "create-links",
            "notify-visit",
            "resend-link",
            "end-visit",
            "get-audit",
            "list-participants",
            "admit-participant",
            "reject-participant",
            "remove-participant",
        ];
        if !KNOWN.contains(&function) {
            return Ok(None);
        }
        let booked = self.booked().await?;
        let server = |ask: Ask| self.practice.server(ask);
        Ok(Some(match function {
            "get-visit" => server(Ask::get(booked.path(""))),
            "reschedule-visit" => {
                let later = visit::slot(self.client.now(), 60);
                server(Ask::new(Method::PATCH, booked.path("")).json(json!({ "scheduledAt": later.to_string() })))
            }
            "cancel-visit" => {
                server(Ask::post(booked.path("/cancel"), json!({ "reason": "The patient is well again" })))
            }
            "create-links" => self.practice.links(&booked.id),
            "notify-visit" => {
                self.credential(&booked).await?;
                self.practice.notify(&booked.id)
            }
            "resend-link" => {
                self.credential(&booked).await?;
                let lost = json!({ "role": "patient", "reason": "lost", "channel": "sms" });
                server(Ask::post(booked.path("/resend-link"), lost))
            }
            "end-visit" => Ask::post(booked.path("/end"), json!({ "endReason": "no-show" })).bearer(&booked.desk),
            "get-audit" => {
                let auditor = visit::sign_in(&self.client, &self.practice.tenant, "auditor", "auditor-1").await?;
                Ask::get(booked.path("/audit?limit=100")).bearer(&auditor)
            }
            "list-participants" => {
                self.waiting(&booked).await?;
                visit::participants(&booked.id, &booked.desk)
            }
            _ => {
                let removes = function == "remove-participant";
                let seat = if removes { self.admitted(&booked).await? } else { self.waiting(&booked).await? };
                let act = function.trim_end_matches("-participant");
                let path = booked.path(&format!("/participants/{}/{act}", seat.id));
                Ask::post(path, json!({})).bearer(&booked.desk)
            }
        }))
    }

    /// What the patient and the clinician do to come in and to stay.
    async fn by_a_person(&self, function: &str) -> Outcome<Option<Ask>> {
        const KNOWN: [&str; 12] = [
            "check-code",
            "join-by-code",
            "check-link",
            "start-visit",
            "start-visit-authenticated",
            "create-challenge",
            "answer-challenge",
            "renew-link",
            "get-session",
            "join-session",
            "leave-session",
            "record-consent",
        ];
        if !KNOWN.contains(&function) {
            return Ok(None);
        }
        let (client, booked) = (&self.client, self.booked().await?);
        Ok(Some(match function {
            "check-code" => Ask::get(format!("/api/join/{}", booked.code)),
            "join-by-code" => {
                let key = ("idempotency-key".to_owned(), visit::fresh("a-key-that-is-long-enough"));
                let mut ask = Ask::post(format!("/api/join/{}", booked.code), json!({ "displayName": "Ada" }));
                ask.headers.push(key);
                ask
            }
            "check-link" => Ask::post("/api/token/redeem", self.credential(&booked).await?),
            "start-visit" => visit::start(client, &booked.id, &self.credential(&booked).await?, &Device::new()),
            "start-visit-authenticated" => visit::start_signed_in(client, &booked.id, &booked.desk, &Device::new()),
            "create-challenge" => self.challenge(&booked).await?,
            "answer-challenge" => {
                let made = self.send(self.challenge(&booked).await?, 202).await?.text("/challengeId")?;
                Ask::post(format!("/api/challenges/{made}/answer"), json!({ "answer": self.texted_code()? }))
            }
            // One address may ask five times in ten minutes.
            "renew-link" => {
                Ask::post("/api/links/renew", self.credential(&booked).await?).from_address(&visit::fresh_address())
            }
            "get-session" => self.waiting(&booked).await?.poll(client),
            "join-session" => self.admitted(&booked).await?.join(client),
            "leave-session" => self.admitted(&booked).await?.ask(client, Ask::post("/api/session/leave", json!({}))),
            _ => {
                let consent = json!({ "type": "telehealth", "version": "2026-11", "granted": true });
                self.waiting(&booked).await?.ask(client, Ask::post("/api/session/consent", consent))
            }
        }))
    }

    async fn challenge(&self, booked: &Booked) -> Outcome<Ask> {
        let mut body = self.credential(booked).await?;
        if let Some(members) = body.as_object_mut() {
            members.insert("factor".to_owned(), json!("sms-otp"));
        }
        Ok(Ask::post("/api/challenges", body))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Each function of the template can be measured: its request is there, and is a right one.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_function_behind_a_route_has_a_request_that_goes_well() {
        let stage = Stage::open().await.unwrap();
        let functions: std::collections::BTreeSet<&str> = stage
            .template
            .routes
            .iter()
            .filter(|route| route.method != "OPTIONS")
            .map(|route| route.function.as_str())
            .collect();
        assert!(functions.len() > 30);
        for function in functions {
            let ask = stage.prepare(function).await.unwrap();
            let ask = ask.unwrap_or_else(|| panic!("no request for {function}"));
            let event = proxied(&stage.template, stage.laptop.url(), &ask).unwrap();
            let route = event.get("resource").unwrap();
            let answer = stage.client.send(&ask).await.unwrap();
            assert!((200..300).contains(&answer.status), "{function} {route}: {} {}", answer.status, answer.body);
        }
    }
}
