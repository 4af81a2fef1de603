//! What the program is started with.

use crate::cold;
use std::path::PathBuf;

/// How the program is used.
pub const USAGE: &str = "\
./dev bench [cold|warm|load|growth|guessing|due|media|cost|all] [options]     tables on standard output, progress on standard error

  cold    cold starts of each release binary, beside the same calls on Node, and default Rust; sizes, CPU, memory
  warm    CPU time of a warm request, beside the same
  load    concurrent visits against the laptop in a process of its own
  growth  the same requests with few and many visits in the table
  guessing  public codes guessed by the thousand: what is looked up, who gets in; the kinds of miss compared
  due     what tick does of much that is due at once
  media   calls of the laptop's media server: CPU, memory, loss
  cost    what a visit costs, by counted calls and the price list

  --binaries DIR     binaries, NAME/bootstrap or NAME (target/lambda)
  --events DIR       events, NAME.json, for functions that the program has no request for (events)
  --functions A,B    only these functions in cold
  --runs N           cold starts of each (20)
  --requests N       warm requests of each (300)
  --visits A,B       concurrent visits in load, one round each (200,2000)
  --sizes A,B        visits in the table in growth (1000,100000,1000000); each takes 20 KB of memory
  --items N          due at once in due (10000)
  --data FILE        growth's table in FILE, which must not be there; in memory without it
";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Cold starts.
    Cold,
    /// Warm requests.
    Warm,
    /// Concurrent visits.
    Load,
    /// More and more visits in the table.
    Growth,
    /// Guessing of public codes.
    Guessing,
    /// Much that is due at once.
    Due,
    /// Calls of the laptop.
    Media,
    /// Money.
    Cost,
    /// All of it.
    All,
    /// No measurement: the laptop that others are measured against, until standard input ends.
    Laptop,
    /// Likewise the media server.
    MediaServer,
}

/// What the program is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is measured.
    pub what: What,
    /// Binaries, events and runs.
    pub cold: cold::Options,
    /// Warm requests of each.
    pub requests: usize,
    /// Concurrent visits, one round each.
    pub visits: Vec<usize>,
    /// Visits in the table.
    pub sizes: Vec<usize>,
    /// What is due at once.
    pub items: usize,
    /// The file of the table.
    pub data: Option<PathBuf>,
}

impl Options {
    /// Reads the flags, without the program's name.
    ///
    /// # Errors
    /// What is wrong with them, in one line.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter().peekable();
        let what = match words.next_if(|word| !word.starts_with("--")).as_deref() {
            None | Some("all") => What::All,
            Some("cold") => What::Cold,
            Some("warm") => What::Warm,
            Some("load") => What::Load,
            Some("growth") => What::Growth,
            Some("guessing") => What::Guessing,
            Some("due") => What::Due,
            Some("cost") => What::Cost,
            Some("media") => What::Media,
            Some("media-server") => What::MediaServer,
            Some("laptop") => What::Laptop,
            Some(other) => return Err(format!("{other} is nothing that is measured.")),
        };
        let cold = cold::Options {
            binaries: "target/lambda".into(),
            events: "events".into(),
            runs: 20,
            functions: Vec::new(),
        };
        let (visits, sizes) = (vec![200, 2_000], vec![1_000, 100_000, 1_000_000]);
        let mut options = Self { what, cold, requests: 300, visits, sizes, items: 10_000, data: None };
        while let Some(flag) = words.next() {
            let value = words.next().filter(|value| !value.is_empty());
            options.set(&flag, &value.ok_or_else(|| format!("{flag} needs a value."))?)?;
        }
        Ok(options)
    }

    fn set(&mut self, flag: &str, value: &str) -> Result<(), String> {
        match flag {
            "--binaries" => self.cold.binaries = value.into(),
            "--events" => self.cold.events = value.into(),
            "--functions" => self.cold.functions = value.split(',').map(str::to_owned).collect(),
            "--runs" => self.cold.runs = count(flag, value)?,
            "--requests" => self.requests = count(flag, value)?,
            "--visits" => self.visits = value.split(',').map(|part| count(flag, part)).collect::<Result<_, _>>()?,
            "--sizes" => self.sizes = value.split(',').map(|part| count(flag, part)).collect::<Result<_, _>>()?,
            "--items" => self.items = count(flag, value)?,
            "--data" => self.data = Some(value.into()),
            _ => return Err(format!("There is no flag {flag}.")),
        }
        Ok(())
    }
}

fn count(flag: &str, value: &str) -> Result<usize, String> {
    let count = value.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| format!("{flag} needs a number, at least 1."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, String> {
        Options::parse(words.iter().map(ToString::to_string))
    }

    #[test]
    fn flags_are_read() {
        let options = parse(&["growth", "--sizes", "1000,5000", "--data", "f"]).unwrap();
        assert_eq!((options.what, options.sizes, options.data), (What::Growth, vec![1_000, 5_000], Some("f".into())));
        assert_eq!(parse(&[]).unwrap().what, What::All);
        assert_eq!(parse(&["--runs", "3"]).unwrap().cold.runs, 3);
    }

    #[test]
    fn what_is_no_flag_or_no_number_is_said() {
        for wrong in [&["cald"][..], &["cold", "--runs", "0"], &["--runs"], &["load", "--visits", "1,x"], &["--x", "1"]]
        {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
