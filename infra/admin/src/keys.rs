//! Keys of landers.

use crate::arguments::KeysCommand;
use crate::cloud::Application;
use crate::failure::{Failure, body};
use crate::tenant::known;
use crate::{note, say};
use bedside_app::api::CreateKey;
use bedside_app::caller::Actor;
use bedside_app::error::Error;
use bedside_app::ports::Directory as _;
use bedside_domain::id::TenantId;
use bedside_domain::person::ApiKey;
use serde_json::json;

/// So many keys are read at once.
const PAGE: usize = 100;

pub(crate) async fn run(command: KeysCommand, app: &Application) -> Result<(), Failure> {
    match command {
        KeysCommand::Create { tenant, kind, label, origins, clinician_ids } => {
            let _ = known(app, &tenant).await?;
            let mut key = json!({ "kind": kind, "label": label });
            if let Some(members) = key.as_object_mut() {
                members.extend(origins.map(|list| ("origins".to_owned(), json!(list))));
                members.extend(clinician_ids.map(|list| ("clinicianIds".to_owned(), json!(list))));
            }
            let key: CreateKey = body(key)?;
            let secret = app.new_key_secret(kind)?;
            let made = app.issue_key(&tenant, &Actor::operator(), key, &secret).await?;
            note(&format!("The key {} of {tenant} is made. It is shown this once.", made.key_id));
            say(&made.key)
        }
        KeysCommand::List { tenant } => {
            let _ = known(app, &tenant).await?;
            list(&tenant, app).await
        }
        KeysCommand::Delete { tenant, id } => {
            let _ = known(app, &tenant).await?;
            match app.revoke_key(&tenant, &Actor::operator(), id).await {
                Ok(()) => {
                    note(&format!("The key {id} opens nothing any more."));
                    Ok(())
                }
                Err(Error::NotFound) => Err(Failure::new(format!("The practice {tenant} has no key {id}."))),
                Err(error) => Err(error.into()),
            }
        }
    }
}

async fn list(tenant: &TenantId, app: &Application) -> Result<(), Failure> {
    let mut before = None;
    loop {
        let page = app.store.keys(tenant, before, PAGE).await?;
        for key in &page {
            say(&line(key))?;
        }
        match page.last() {
            Some(last) if page.len() == PAGE => before = Some(last.key_id),
            Some(_) | None => return Ok(()),
        }
    }
}

/// `keyId  kind  beginning  made  used  label`, with tabs between, for people and for `cut`.
fn line(key: &ApiKey) -> String {
    let used = key.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let label: String = key.label.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let kind = key.kind;
    format!("{}\t{kind}\t{}…\t{}\t{used}\t{label}", key.key_id, key.prefix, key.created_at)
}
