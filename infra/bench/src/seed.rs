//! Many visits in the table: copies of rows that the API has made, under ids, times and practices of their own.
//! What is sealed in them opens in its own row only: copies are found and listed, never opened.

use crate::client::Client;
use crate::failure::{Failure, Outcome};
use crate::growth::partition;
use crate::visit::{self, Practice};
use bedside_local::Laptop;
use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The most that `BatchWriteItem` takes:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>
const BATCH: usize = 25;
/// So many visits of the measured clinician there are at least: a page of a list is full at each size.
const OWN_FIRST: usize = 100;
/// Of the others, one in so many is the measured clinician's too.
const OWN_SHARE: usize = 200;
/// Other practices, and clinicians in each.
const PRACTICES: usize = 40;
const CLINICIANS: usize = 25;
/// Attributes that are times.
const TIMES: [&str; 8] =
    ["scheduledAt", "opensAt", "closesAt", "expiresAt", "createdAt", "updatedAt", "dueAt", "linkDiesAt"];
/// How often the progress is told.
const TOLD: usize = 100_000;

/// The rows of a visit, and what in them is its own.
pub(crate) struct Seed {
    rows: Vec<Value>,
    visit: String,
    link: String,
    lookup: String,
    tenant: String,
    clinician: String,
    patient: String,
    /// As the places in the lists have it.
    at: Timestamp,
    there: usize,
}

impl Seed {
    /// Makes a visit of this clinician by the API, and takes its rows: the visit, the patient's link, its locator.
    pub(crate) async fn of_a_visit(
        laptop: &Laptop,
        client: &Client,
        practice: &Practice,
        clinician: &str,
    ) -> Outcome<Self> {
        let (patient, at) = (visit::fresh("patient"), visit::slot(client.now(), 30));
        let made = client.send(&practice.create(clinician, &patient, at)).await?.expect(201)?;
        let visit = made.text("/visitId")?;
        client.send(&practice.links(&visit)).await?.expect(200)?;
        let file = laptop.aws().dynamodb("Query", partition(&format!("V#{visit}"))).await?;
        let rows: Vec<Value> = file.get("Items").and_then(Value::as_array).cloned().unwrap_or_default();
        let missing = |what: &str| Failure::said(format!("the visit has no {what}"));
        let seen = |row: &&Value, of: &str| text(row, "SK").is_some_and(|sk| sk.starts_with(of));
        let of_visit = rows.iter().find(|row| seen(row, "#VISIT")).ok_or_else(|| missing("row"))?;
        let is_patients = |row: &&Value| seen(row, "LINK#") && text(row, "role") == Some("patient");
        let of_link = rows.iter().find(is_patients).ok_or_else(|| missing("link"))?;
        let link = text(of_link, "SK").and_then(|sk| sk.strip_prefix("LINK#")).ok_or_else(|| missing("link's id"))?;
        let locator = locator(laptop, link).await?;
        let lookup = text(&locator, "PK").and_then(|pk| pk.strip_prefix("CODE#")).ok_or_else(|| missing("locator"))?;
        Ok(Self {
            rows: vec![of_visit.clone(), of_link.clone(), locator.clone()],
            link: link.to_owned(),
            lookup: lookup.to_owned(),
            visit,
            tenant: practice.tenant.clone(),
            clinician: clinician.to_owned(),
            patient,
            at,
            there: 1,
        })
    }

    /// Writes visits until there are so many.
    pub(crate) async fn grow(&mut self, laptop: &Laptop, size: usize) -> Outcome<()> {
        let mut batch = Vec::with_capacity(BATCH);
        while self.there < size {
            for row in self.copies()? {
                batch.push(json!({ "PutRequest": { "Item": row } }));
            }
            self.there += 1;
            if batch.len() + self.rows.len() > BATCH || self.there == size {
                let request = json!({ "RequestItems": { "Visits": std::mem::take(&mut batch) } });
                let answer = laptop.aws().dynamodb("BatchWriteItem", request).await?;
                let left = answer.get("UnprocessedItems").and_then(Value::as_object);
                if left.is_some_and(|left| !left.is_empty()) {
                    return Err(Failure::said("the table did not take all rows"));
                }
            }
            if self.there.is_multiple_of(TOLD) {
                crate::progress(&format!("{} visits in the table", self.there));
            }
        }
        Ok(())
    }

    /// Writes copies of the visit that closed an hour ago and that nobody has ended.
    pub(crate) async fn leave_open(&self, laptop: &Laptop, many: usize) -> Outcome<()> {
        let closed: Option<i64> =
            self.rows.first().and_then(|row| row.get("closesAt")?.get("N")?.as_str()?.parse().ok());
        let closed = closed.ok_or_else(|| Failure::said("the visit closes at no time"))?;
        let moved =
            SignedDuration::from_millis(Timestamp::now().as_millisecond() - closed) - SignedDuration::from_hours(1);
        let mut batch = Vec::with_capacity(BATCH);
        for n in 0..many {
            let (visit, link) = (uuid(n)?, uuid(n)?);
            for row in self.rows.iter().take(2) {
                let text = row.to_string().replace(&self.visit, &visit).replace(&self.link, &link);
                let mut row: Value = serde_json::from_str(&text)?;
                shift(&mut row, moved);
                put_on_agenda(&mut row, &visit);
                batch.push(json!({ "PutRequest": { "Item": row } }));
            }
            if batch.len() + 2 > BATCH || n + 1 == many {
                let request = json!({ "RequestItems": { "Visits": std::mem::take(&mut batch) } });
                laptop.aws().dynamodb("BatchWriteItem", request).await?;
            }
        }
        Ok(())
    }

    /// The rows of one more visit.
    fn copies(&self) -> Outcome<Vec<Value>> {
        let n = self.there;
        let is_own = n < OWN_FIRST || n.is_multiple_of(OWN_SHARE);
        let (tenant, clinician) = if is_own {
            (self.tenant.clone(), self.clinician.clone())
        } else {
            (format!("practice-{}", n % PRACTICES), format!("clinician-of-{}", n / PRACTICES % CLINICIANS))
        };
        // The years before and the weeks ahead, at any mark of the day.
        let days = i64::try_from(n % 1_500).unwrap_or_default() - 1_480;
        let moved = SignedDuration::from_hours(days * 24) + SignedDuration::from_mins(mark(n));
        let at = self.at + moved;
        let changes = [
            (self.visit.as_str(), uuid(n)?),
            (self.link.as_str(), uuid(n)?),
            (self.lookup.as_str(), random(16)?),
            (self.tenant.as_str(), tenant),
            (self.clinician.as_str(), clinician),
            (self.patient.as_str(), format!("patient-{n}")),
            (&self.at.to_string(), at.to_string()),
        ];
        let copy = |row: &Value| {
            let mut text = row.to_string();
            for (own, new) in &changes {
                text = text.replace(own, new);
            }
            let mut row: Value = serde_json::from_str(&text)?;
            shift(&mut row, moved);
            Ok(row)
        };
        self.rows.iter().map(copy).collect()
    }
}

/// The row that leads to a link.
async fn locator(laptop: &Laptop, link: &str) -> Outcome<Value> {
    let scan = json!({
        "TableName": "Visits",
        "FilterExpression": "begins_with(PK, :code) AND linkId = :link",
        "ExpressionAttributeValues": { ":code": { "S": "CODE#" }, ":link": { "S": link } },
    });
    let found = laptop.aws().dynamodb("Scan", scan).await?;
    found.pointer("/Items/0").cloned().ok_or_else(|| Failure::said("the link has no locator"))
}

fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name)?.get("S")?.as_str()
}

/// Moves the times of a row.
fn shift(row: &mut Value, by: SignedDuration) {
    for name in TIMES {
        let Some(number) = row.get_mut(name).and_then(|value| value.get_mut("N")) else { continue };
        if let Some(at) = number.as_str().and_then(|text| text.parse::<i64>().ok()) {
            *number = Value::from((at + i64::try_from(by.as_millis()).unwrap_or_default()).to_string());
        }
    }
}

/// Where a visit's row stands on the agenda, by its own id and time: spread over all of the agenda's shards.
fn put_on_agenda(row: &mut Value, visit: &str) {
    let at = row.get("dueAt").and_then(|value| value.get("N")).and_then(Value::as_str).map(str::to_owned);
    let shard = visit.chars().next_back().and_then(|digit| digit.to_digit(16)).unwrap_or_default();
    if let (Some(at), Some(members)) = (at, row.as_object_mut()) {
        members.insert("duePk".to_owned(), json!({ "S": format!("DUE#{shard}") }));
        members.insert("dueSk".to_owned(), json!({ "S": format!("{at:0>13}#visit#{visit}") }));
    }
}

/// Minutes within a day, a multiple of five.
fn mark(n: usize) -> i64 {
    i64::try_from(n * 7 % 288).unwrap_or_default() * 5
}

/// An id as ours are (`UUIDv7`), in the order of their making.
fn uuid(n: usize) -> Outcome<String> {
    let (time, drawn) = (format!("019a{n:08x}"), random(9)?);
    let part = |text: &str, from: usize, length: usize| text.chars().skip(from).take(length).collect::<String>();
    let [one, two, three] = [(0, 3), (3, 3), (6, 12)].map(|(from, length)| part(&drawn, from, length));
    Ok(format!("{}-{}-7{one}-8{two}-{three}", part(&time, 0, 8), part(&time, 8, 4)))
}

/// So many random bytes, in hex.
fn random(bytes: usize) -> Outcome<String> {
    let mut drawn = vec![0_u8; bytes];
    SystemRandom::new().fill(&mut drawn).map_err(|_| Failure::said("the system has no randomness"))?;
    let mut text = String::with_capacity(2 * bytes);
    for byte in drawn {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn seeded_visits_stand_in_the_lists_each_under_its_own_id_at_its_own_time() {
        let laptop = Laptop::start(bedside_local::Options::default().ports_free()).await.unwrap();
        let client = Client::new(laptop.url()).unwrap();
        let practice = Practice::demo(&client).await.unwrap();
        let clinician = visit::fresh("clinician");
        practice.clinician(&client, &clinician).await.unwrap();
        let mut seed = Seed::of_a_visit(&laptop, &client, &practice, &clinician).await.unwrap();
        seed.grow(&laptop, 250).await.unwrap();
        let list = json!({
            "TableName": "Visits",
            "IndexName": "clinician",
            "KeyConditionExpression": "clinicianPk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": format!("T#{}#C#{clinician}", practice.tenant) } },
        });
        let rows = laptop.aws().dynamodb("Query", list).await.unwrap();
        let rows = rows.get("Items").and_then(Value::as_array).unwrap();
        assert_eq!(rows.len(), 101, "the first hundred, and one of the next two hundred");
        let mut ids = std::collections::BTreeSet::new();
        for row in rows {
            let (id, place) = (text(row, "visitId").unwrap(), text(row, "clinicianSk").unwrap());
            assert!(ids.insert(id), "each has an id of its own");
            let at: i64 = row["scheduledAt"]["N"].as_str().unwrap().parse().unwrap();
            assert_eq!(place, format!("{}#{id}", Timestamp::from_millisecond(at).unwrap()));
            assert_eq!(text(row, "PK"), Some(format!("V#{id}").as_str()));
        }
    }
}
