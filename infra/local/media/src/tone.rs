//! A tone to say, and how much of one is heard: for calls without people.

use ropus::{Application, Channels, Encoder};

use crate::mixer::{FRAME, NoCodec, RATE};

/// A quarter of full scale: several fit into one sum.
const LOUD: f64 = 8192.0;

/// Packets in a second, after which a tone of whole hertz begins again.
const ROUND: usize = 50;

/// Somebody who says one tone.
pub struct Tone {
    step: f64,
    at: u64,
    encoder: Encoder,
    /// The second one of two seconds: by then the codec has come to rest.
    round: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Tone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tone").field("step", &self.step).finish_non_exhaustive()
    }
}

impl Tone {
    /// A sine of so many whole hertz.
    ///
    /// # Errors
    /// Where the codec cannot be set up.
    pub fn new(hertz: f64) -> Result<Self, NoCodec> {
        let encoder = Encoder::builder(RATE, Channels::Mono, Application::Audio).complexity(0).build();
        let step = std::f64::consts::TAU * hertz / f64::from(RATE);
        Ok(Self { step, at: 0, encoder: encoder.map_err(|_| NoCodec)?, round: Vec::new() })
    }

    /// The next 20 ms of it. From the third second on it costs nothing.
    pub fn packet(&mut self) -> Option<Vec<u8>> {
        if self.round.len() == ROUND {
            self.round.rotate_left(1);
            return self.round.last().cloned();
        }
        let is_at_rest = self.at >= u64::from(RATE);
        let packet = self.encode()?;
        if is_at_rest {
            self.round.push(packet.clone());
        }
        Some(packet)
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        let mut samples = [0; FRAME];
        for sample in &mut samples {
            *sample = ((self.at as f64 * self.step).sin() * LOUD) as i16;
            self.at += 1;
        }
        let mut packet = vec![0; 400];
        let length = self.encoder.encode(&samples, &mut packet).ok()?;
        packet.truncate(length);
        Some(packet)
    }
}

/// How much of a tone is in samples, from 0 to about 0.25 for one of [`Tone`] (Goertzel).
#[must_use]
pub fn power_of(hertz: f64, samples: &[i16]) -> f64 {
    let turn = 2.0 * (std::f64::consts::TAU * hertz / f64::from(RATE)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in samples {
        (last, before) = (f64::from(*sample) / 32_768.0 + turn * last - before, last);
    }
    let power = (last * last + before * before - turn * last * before).max(0.0);
    // The length of the tone's own arrow, twice, since a sine has as much on the negative side.
    if samples.is_empty() { 0.0 } else { 2.0 * power.sqrt() / samples.len() as f64 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_tone_is_found_where_it_is_and_nowhere_else() {
        let sine = |n: u32| ((f64::from(n) * std::f64::consts::TAU * 700.0 / f64::from(RATE)).sin() * LOUD) as i16;
        let samples: Vec<i16> = (0..RATE / 4).map(sine).collect();
        assert!((power_of(700.0, &samples) - 0.25).abs() < 0.01);
        assert!(power_of(500.0, &samples) < 0.01);
        assert!(power_of(700.0, &[]) < f64::EPSILON);
    }
}
