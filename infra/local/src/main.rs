//! The laptop's program.

use std::process::ExitCode;

use bedside_local::{Laptop, Options, StartError, USAGE, pages};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    if std::env::args().skip(1).any(|flag| flag == "--help" || flag == "-h") {
        say(&mut std::io::stdout(), USAGE);
        return ExitCode::SUCCESS;
    }
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            say(&mut std::io::stderr(), &format!("{wrong}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(run(options)),
        Err(error) => Err(format!("The program cannot start: {error}.")),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&mut std::io::stderr(), &format!("{why}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    let laptop = Laptop::start(options).await.map_err(|error: StartError| error.to_string())?;
    let out = &mut std::io::stdout();
    say(out, &welcome(&laptop));
    let failed = |error| format!("The end cannot be waited for: {error}.");
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(failed)?,
        _ = terminate.recv() => {}
    }
    say(out, "\nStopped.\n");
    Ok(())
}

/// What to do first.
fn welcome(laptop: &Laptop) -> String {
    let (url, aws, keys) = (laptop.url(), laptop.aws_url(), laptop.keys());
    let (secret, publishable) = (&keys.secret_key, &keys.publishable_key);
    let (clinician, patient) = (&keys.clinician_id, &keys.patient_id);
    let start = soon(laptop.clock().now());
    let pages = match laptop.pages() {
        None => "none (--no-web)".to_owned(),
        Some(folder) if pages::are_built(folder) => {
            format!("{url}/, {url}/desk, {url}/portal, {url}/check, and the links of the texts")
        }
        Some(folder) => format!("not built: there is nothing in {}; ./dev up builds them", folder.display()),
    };
    // The phone and the mailbox are a page too.
    let built = laptop.pages().is_some_and(pages::are_built);
    let mailbox = if built { "/demo" } else { "/local/messages" };
    format!(
        "\
Bedside is here.

  Pages              {pages}
  API and controls   {url}
  AWS endpoint       {aws}   (AWS_ENDPOINT_URL)
  Texts and e-mails  {url}{mailbox}

The demo's practice:

  secret key         {secret}
  publishable key    {publishable}
  clinician          {clinician}
  patient            {patient}

Schedule a visit:

  curl -s {url}/api/visits -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' \\
    -d '{{\"clinicianId\":\"{clinician}\",\"patientId\":\"{patient}\",\"scheduledAt\":\"{start}\",\"duration\":15}}'

Send its links, with the visitId of the answer; the text then arrives at {url}{mailbox}:

  curl -s {url}/api/visits/VISIT_ID/notify -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' \\
    -d '{{\"channel\":\"both\",\"recipientRole\":\"both\",\"template\":\"initial\"}}'

Ctrl-C stops it.
"
    )
}

/// The next time but one that a visit can start: times are multiples of five minutes.
fn soon(now: jiff::Timestamp) -> jiff::Timestamp {
    let mark = 300;
    let second = (now.as_second().div_euclid(mark) + 2) * mark;
    jiff::Timestamp::from_second(second).unwrap_or(now)
}

/// Tells the user; nobody is left to tell when the output is closed.
fn say(out: &mut impl std::io::Write, text: &str) {
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_visit_starts_at_a_multiple_of_five_minutes_within_ten() {
        let soon = |now: &str| soon(now.parse().unwrap()).to_string();
        assert_eq!(soon("2026-12-01T14:50:00Z"), "2026-12-01T15:00:00Z");
        assert_eq!(soon("2026-12-01T14:54:59.9Z"), "2026-12-01T15:00:00Z");
        assert_eq!(soon("2026-12-31T23:59:00Z"), "2027-01-01T00:05:00Z");
    }
}
