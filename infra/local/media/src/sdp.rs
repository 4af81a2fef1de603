//! What the Chime client's offers say, and what its answers must look like: text, on top of what str0m answers.

use str0m::media::Mid;

/// Whether a section carries sound or picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// Sound.
    Audio,
    /// A picture.
    Video,
    /// Anything else.
    Other,
}

/// Which way media goes, as the side that wrote the description sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `sendrecv`
    Both,
    /// `sendonly`
    Sends,
    /// `recvonly`
    Receives,
    /// `inactive`
    Neither,
}

/// A media section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it carries.
    pub carries: Carries,
    /// Its name in the description.
    pub mid: Mid,
    /// Which way.
    pub direction: Direction,
    /// The first source of it.
    pub ssrc: Option<u32>,
    /// Whether it was stopped (port 0).
    pub is_stopped: bool,
}

/// The media sections of a description, in its order.
#[must_use]
pub fn sections(description: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in description.lines().map(str::trim_end) {
        if let Some(media) = line.strip_prefix("m=") {
            sections.push(Section::starting(media));
        } else if let Some(section) = sections.last_mut() {
            section.read(line);
        }
    }
    sections
}

impl Section {
    fn starting(media: &str) -> Self {
        let mut words = media.split(' ');
        let carries = match words.next() {
            Some("audio") => Carries::Audio,
            Some("video") => Carries::Video,
            Some(_) | None => Carries::Other,
        };
        let is_stopped = words.next() == Some("0");
        Self { carries, mid: Mid::from(""), direction: Direction::Both, ssrc: None, is_stopped }
    }

    fn read(&mut self, line: &str) {
        match line {
            "a=sendrecv" => self.direction = Direction::Both,
            "a=sendonly" => self.direction = Direction::Sends,
            "a=recvonly" => self.direction = Direction::Receives,
            "a=inactive" => self.direction = Direction::Neither,
            _ => {
                if let Some(mid) = line.strip_prefix("a=mid:") {
                    self.mid = Mid::from(mid);
                } else if let Some(source) = line.strip_prefix("a=ssrc:") {
                    self.ssrc = self.ssrc.or_else(|| source.split(' ').next()?.parse().ok());
                }
            }
        }
    }

    /// Whether the side that wrote it sends on it.
    #[must_use]
    pub fn sends(&self) -> bool {
        !self.is_stopped && matches!(self.direction, Direction::Both | Direction::Sends)
    }

    /// Whether the side that wrote it only receives on it.
    #[must_use]
    pub fn only_receives(&self) -> bool {
        !self.is_stopped && self.direction == Direction::Receives
    }
}

/// The name of the stream on a section: the client's transceivers are found by it, and `SUBSCRIBE_ACK` has the same.
#[must_use]
pub fn label(carries: Carries, mid: Mid) -> String {
    match carries {
        Carries::Audio => "audio".to_owned(),
        Carries::Video | Carries::Other => format!("v_{mid}"),
    }
}

/// An answer as the Chime client wants it: streams have their labels, and the section of the client's own camera
/// receives only, without a stream of ours.
#[must_use]
pub fn in_the_client_s_words(answer: &str, offer: &[Section]) -> String {
    let ours = sections(answer);
    let mut ours = ours.iter();
    let (mut section, mut stream): (Option<&Section>, Option<&str>) = (None, None);
    let mut told = String::with_capacity(answer.len());
    for line in answer.split_inclusive('\n') {
        let text = line.trim_end();
        if text.starts_with("m=") {
            (section, stream) = (ours.next(), None);
        }
        let Some(section) = section else {
            told.push_str(line);
            continue;
        };
        let sends_picture = |offered: &Section| offered.mid == section.mid && offered.sends();
        let is_camera = section.carries == Carries::Video && offer.iter().any(sends_picture);
        let of_stream = text.starts_with("a=msid:") || text.starts_with("a=ssrc");
        let label = label(section.carries, section.mid);
        if is_camera && (text == "a=sendrecv" || of_stream) {
            told.push_str(if of_stream { "" } else { "a=recvonly\r\n" });
        } else if let Some(msid) = text.strip_prefix("a=msid:") {
            stream = Some(msid);
            told.push_str(&format!("a=msid:{label} {label}t\r\n"));
        } else if let (true, Some(msid)) = (text.starts_with("a=ssrc:"), stream) {
            told.push_str(&line.replace(msid, &format!("{label} {label}t")));
        } else {
            told.push_str(line);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const OFFER: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendrecv\r\na=ssrc:11 cname:x\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2\r\n\
        a=recvonly\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:3\r\na=inactive\r\n";

    #[test]
    fn an_offer_has_its_sections_in_order() {
        let read = sections(OFFER);
        let short = |one: &Section| (one.carries, one.mid.to_string(), one.direction, one.ssrc, one.is_stopped);
        let read: Vec<_> = read.iter().map(short).collect();
        assert_eq!(
            read,
            [
                (Carries::Audio, "0".to_owned(), Direction::Both, Some(11), false),
                (Carries::Video, "1".to_owned(), Direction::Sends, None, false),
                (Carries::Video, "2".to_owned(), Direction::Receives, None, false),
                (Carries::Video, "3".to_owned(), Direction::Neither, None, true),
            ]
        );
    }

    #[test]
    fn an_answer_names_streams_as_the_client_finds_them_and_sends_nothing_on_its_camera() {
        let answer = "v=0\r\na=group:BUNDLE 0 1 2\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendrecv\r\na=msid:s t\r\n\
            a=ssrc:5 cname:c\r\na=ssrc:5 msid:s t\r\nm=video 9 x 96\r\na=mid:1\r\na=sendrecv\r\na=msid:u w\r\n\
            a=ssrc:6 msid:u w\r\na=ssrc-group:FID 6 7\r\nm=video 9 x 96\r\na=mid:2\r\na=sendonly\r\na=msid:y z\r\n\
            a=ssrc:8 msid:y z\r\n";
        let told = in_the_client_s_words(answer, &sections(OFFER));
        assert_eq!(
            told,
            "v=0\r\na=group:BUNDLE 0 1 2\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendrecv\r\na=msid:audio audiot\r\n\
            a=ssrc:5 cname:c\r\na=ssrc:5 msid:audio audiot\r\nm=video 9 x 96\r\na=mid:1\r\na=recvonly\r\n\
            m=video 9 x 96\r\na=mid:2\r\na=sendonly\r\na=msid:v_2 v_2t\r\na=ssrc:8 msid:v_2 v_2t\r\n"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fall(text in "(m=|a=mid:|a=ssrc:|a=msid:|a=sendrecv|[a-z0-9 ]|\r\n){0,60}") {
            let read = sections(&text);
            let _ = in_the_client_s_words(&text, &read);
        }
    }
}
