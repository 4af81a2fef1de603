//! The program behind `./dev bench`.

use bedside_bench::failure::Outcome;
use bedside_bench::{cost, machine};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => { eprintln!("{why}"); ExitCode::FAILURE }
    }
}
async fn run() -> Outcome<()> {
    let out = &mut std::io::stdout();
    use std::io::Write as _;
    writeln!(out, "{}", machine::description())?;
    Box::pin(cost::run(out)).await
}
