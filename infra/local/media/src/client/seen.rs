//! What a client has noticed of a call.

use std::collections::BTreeMap;

use crate::wire::{AudioMetadata, AudioStreamIdInfo, DataMessage};

/// How much of what it hears a client keeps: half a second.
const KEPT: usize = 24_000;

/// Somebody who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The service's id.
    pub attendee_id: String,
    /// The application's id.
    pub external_user_id: String,
    /// Whether they are muted.
    pub is_muted: bool,
}

/// All that a client has noticed.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Who is there, by the ids of their sound.
    pub people: BTreeMap<u32, Person>,
    /// How loud they are.
    pub volumes: BTreeMap<u32, u32>,
    /// How many people the server counts.
    pub count: u32,
    /// How many pictures of whom have come.
    pub pictures: BTreeMap<String, u64>,
    /// The end of what was heard.
    pub sound: Vec<i16>,
    /// How many packets of sound have come.
    pub packets: u64,
    /// How many of them are missing.
    pub missing: u64,
    /// How often a whole picture was asked for.
    pub key_frames: u64,
    /// What others' pages said.
    pub messages: Vec<DataMessage>,
    /// The last status of the call.
    pub status: Option<u32>,
    /// What the server refused.
    pub refused: Option<u32>,
    /// The socket has ended: with this code, or without one.
    pub ended: Option<Option<u16>>,
}

impl Seen {
    /// Whether somebody is there, by the application's id.
    #[must_use]
    pub fn person(&self, external_user_id: &str) -> Option<&Person> {
        self.people.values().find(|person| person.external_user_id == external_user_id)
    }

    /// How much of a tone is in what is heard.
    #[must_use]
    pub fn hears(&self, hertz: f64) -> f64 {
        crate::tone::power_of(hertz, &self.sound)
    }

    pub(super) fn hear(&mut self, samples: &[i16]) {
        self.sound.extend_from_slice(samples);
        let surplus = self.sound.len().saturating_sub(KEPT);
        self.sound.drain(..surplus);
    }

    pub(super) fn roster(&mut self, info: AudioStreamIdInfo) {
        for stream in info.streams {
            let id = stream.audio_stream_id.unwrap_or_default();
            match (stream.attendee_id, stream.muted) {
                (Some(attendee_id), muted) => {
                    let external_user_id = stream.external_user_id.unwrap_or_default();
                    let person = Person { attendee_id, external_user_id, is_muted: muted.unwrap_or(false) };
                    self.people.insert(id, person);
                }
                (None, Some(muted)) => {
                    if let Some(person) = self.people.get_mut(&id) {
                        person.is_muted = muted;
                    }
                }
                (None, None) => {
                    self.people.remove(&id);
                }
            }
        }
    }

    pub(super) fn loudness(&mut self, metadata: &AudioMetadata) {
        for state in &metadata.attendee_states {
            if let Some((id, volume)) = state.audio_stream_id.zip(state.volume) {
                self.volumes.insert(id, volume);
            }
        }
    }
}
