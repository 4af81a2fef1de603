//! What the program is started with.

use std::path::PathBuf;

/// How the laptop is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The port of the gateway; 0 for any free one.
    pub port: u16,
    /// The port of the AWS endpoint; 0 for any free one.
    pub aws_port: u16,
    /// The port of the media server; 0 for any free one.
    pub media_port: u16,
    /// After how many seconds without anybody a meeting ends.
    pub media_silence: u64,
    /// The file to keep the data in; in memory without one.
    pub data: Option<PathBuf>,
    /// Where the pages are; none without.
    pub web: Option<PathBuf>,
    /// Whether each request is told on standard error.
    pub verbose: bool,
    /// Whether the scheduled function runs by itself.
    pub ticks: bool,
    /// Whether the practice is there that `events/*.json` are about, with its visits.
    pub events: bool,
    /// Whether calls go by Amazon Connect.
    pub connect: bool,
    /// Whether e-mail and texts are set up.
    pub messages: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8787,
            aws_port: 4566,
            media_port: 8788,
            media_silence: 300,
            data: None,
            web: Some(crate::pages::folder()),
            verbose: false,
            ticks: true,
            events: true,
            connect: false,
            messages: true,
        }
    }
}

/// How the program is used.
pub const USAGE: &str = "\
Usage: bedside-local [--port N] [--aws-port N] [--media-port N] [--media-silence N] [--data FILE] [--web DIR] [--no-web] [--no-messages] [--connect] [--verbose]

  --port N        port of API and pages on 127.0.0.1 (8787)
  --aws-port N    port of the AWS endpoint on 127.0.0.1 (4566)
  --media-port N  port of the media server on 127.0.0.1 (8788)
  --media-silence N  seconds without anybody after which a call ends by itself (300)
  --data FILE     keep the data in FILE, and keys beside it; without it, all is gone at the end
  --web DIR       where the built pages are (web/dist/laptop of the project)
  --no-web        no pages, the API alone
  --no-messages   as where neither e-mail nor texts are set up
  --connect       calls of the practices go by Amazon Connect, not by Chime
  --verbose       tell each request on standard error
";

impl Options {
    /// The same on ports that are free, for tests: without ticks and the events' practice, so that only what a test
    /// does happens.
    #[must_use]
    pub fn ports_free(self) -> Self {
        Self { port: 0, aws_port: 0, media_port: 0, ticks: false, events: false, ..self }
    }

    /// Reads the flags, without the program's name.
    ///
    /// # Errors
    /// What is wrong with them, in one line.
    pub fn parse(flags: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut flags = flags.into_iter();
        while let Some(flag) = flags.next() {
            let (name, attached) = match flag.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (flag, None),
            };
            match (name.as_str(), &attached) {
                ("--connect", None) => options.connect = true,
                ("--no-web", None) => options.web = None,
                ("--no-messages", None) => options.messages = false,
                ("--verbose", None) => options.verbose = true,
                ("--port" | "--aws-port" | "--media-port" | "--media-silence" | "--data" | "--web", _) => {
                    let value = attached.or_else(|| flags.next()).ok_or_else(|| format!("{name} needs a value."))?;
                    options.set(&name, &value)?;
                }
                (_, _) => return Err(format!("There is no flag {name} of that form.")),
            }
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let port = || value.parse::<u16>().map_err(|_| format!("{name} needs a port, 0 to 65535."));
        match name {
            "--port" => self.port = port()?,
            "--aws-port" => self.aws_port = port()?,
            "--media-port" => self.media_port = port()?,
            "--media-silence" => {
                let seconds = value.parse().ok().filter(|seconds| *seconds > 0);
                self.media_silence = seconds.ok_or_else(|| format!("{name} needs a number of seconds."))?;
            }
            _ if value.is_empty() => return Err(format!("{name} needs a value.")),
            "--web" => self.web = Some(PathBuf::from(value)),
            _ => self.data = Some(PathBuf::from(value)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(flags: &[&str]) -> Result<Options, String> {
        Options::parse(flags.iter().map(ToString::to_string))
    }

    #[test]
    fn flags_are_read_in_either_form() {
        let options = parse(&[
            "--port",
            "1",
            "--aws-port=2",
            "--media-port=3",
            "--media-silence=4",
            "--data",
            "f",
            "--no-web",
            "--no-messages",
            "--verbose",
            "--connect",
        ]);
        let expected = Options {
            port: 1,
            aws_port: 2,
            media_port: 3,
            media_silence: 4,
            data: Some("f".into()),
            web: None,
            verbose: true,
            connect: true,
            messages: false,
            ..Options::default()
        };
        assert_eq!(options.unwrap(), expected);
        assert_eq!(parse(&[]).unwrap(), Options::default());
    }

    #[test]
    fn what_is_no_flag_or_no_value_is_said() {
        for wrong in [
            &["--prot", "1"][..],
            &["--port"],
            &["--port", "x"],
            &["--port=70000"],
            &["--media-silence=0"],
            &["x"],
            &["--no-web=1"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(parse(&["--data"]).unwrap_err(), "--data needs a value.");
    }
}
