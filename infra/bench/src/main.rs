//! The program behind `./dev bench`.

use bedside_bench::failure::{Failure, Outcome};
use bedside_bench::options::{Options, USAGE, What};
use bedside_bench::{cold, cost, due, growth, guessing, load, machine, media, warm};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        say(&mut std::io::stdout(), USAGE);
        return ExitCode::SUCCESS;
    }
    let options = match Options::parse(words) {
        Ok(options) => options,
        Err(wrong) => {
            say(&mut std::io::stderr(), &format!("{wrong}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let measured = match runtime {
        Ok(runtime) => runtime.block_on(measure(&options)),
        Err(error) => Err(Failure::from(error)),
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&mut std::io::stderr(), &format!("{why}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options) -> Outcome<()> {
    let out = &mut std::io::stdout();
    if options.what == What::Laptop {
        return load::laptop(out).await;
    }
    if options.what == What::MediaServer {
        return media::server(out).await;
    }
    writeln!(out, "{}\n", machine::description())?;
    let is_asked = |what| [what, What::All].contains(&options.what);
    if is_asked(What::Cost) {
        writeln!(out, "## What a visit costs\n")?;
        Box::pin(cost::run(out)).await?;
    }
    if is_asked(What::Cold) {
        writeln!(out, "\n## Cold starts\n")?;
        Box::pin(cold::run(out, &options.cold)).await?;
    }
    if is_asked(What::Warm) {
        writeln!(out, "\n## Warm functions\n")?;
        Box::pin(warm::run(out, &options.cold, options.requests)).await?;
    }
    if is_asked(What::Load) {
        writeln!(out, "\n## Load\n")?;
        Box::pin(load::run(out, &options.visits)).await?;
    }
    if is_asked(What::Guessing) {
        writeln!(out, "\n## Guessing\n")?;
        Box::pin(guessing::run(out)).await?;
    }
    if is_asked(What::Growth) {
        writeln!(out, "\n## Growth\n")?;
        Box::pin(growth::run(out, &options.sizes, options.data.as_deref())).await?;
    }
    if is_asked(What::Due) {
        writeln!(out, "\n## What is due\n")?;
        Box::pin(due::run(out, options.items)).await?;
    }
    if is_asked(What::Media) {
        writeln!(out, "\n## Calls\n")?;
        Box::pin(media::run(out)).await?;
    }
    Ok(())
}

/// Tells the user; nobody is left to tell when the output is closed.
fn say(out: &mut impl Write, text: &str) {
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}
