//! Taking a chain out.

use crate::arguments::Export;
use crate::cloud::Application;
use crate::failure::Failure;
use crate::note;
use crate::tenant::known;
use bedside_app::error::Error;
use bedside_app::ports::Chain;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

pub(crate) async fn export(given: &Export, app: &Application) -> Result<(), Failure> {
    let (chain, whose) = match (&given.of.visit, &given.of.tenant) {
        (Some(visit), _) => (Chain::Visit(*visit), format!("visit {visit}")),
        (None, Some(tenant)) => {
            let _ = known(app, tenant).await?;
            (Chain::Tenant(tenant.clone()), format!("practice {tenant}"))
        }
        (None, None) => return Err(Failure::new("Name a visit or a practice.")),
    };
    let exported = app.export_audit(&chain).await.map_err(|error| match error {
        Error::NotFound => Failure::new(format!("There is no {whose}.")),
        other => other.into(),
    })?;
    let text = serde_json::to_string_pretty(&exported).map_err(|why| Failure::new(why.to_string()))?;
    let path = given.out.display();
    let unwritten = |why: std::io::Error| Failure::new(format!("{path} cannot be written: {why}."));
    // It holds addresses of people: nobody else on this machine reads it.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&given.out).map_err(unwritten)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(unwritten)?;
    let sound = match exported.first_bad_seq {
        None => "it verifies".to_owned(),
        Some(seq) => format!("it does NOT verify, first bad record: {seq}"),
    };
    note(&format!("{} records of {whose} are in {path}; {sound}.", exported.events.len()));
    Ok(())
}
