//! The sound of a call: Opus in, and for everybody the sum of the others out. 48 kHz, one channel, 20 ms at a time.

use std::collections::VecDeque;

use ropus::{Application, Channels, DecodeMode, Decoder, Encoder};

/// Samples a second.
pub const RATE: u32 = 48_000;
/// Samples of 20 ms.
pub const FRAME: usize = 960;
/// The most samples that one packet can have: 120 ms.
const MOST_SAMPLES: usize = 5760;
/// Frames that wait before the first is played, so that packets may come unevenly.
const AHEAD: usize = 2;
/// Frames that may wait: what comes faster than it is played is skipped.
const MOST_WAITING: usize = 10;
/// The most bytes of one packet.
const MOST_BYTES: usize = 1200;
/// How hard the encoder tries, of 10: a laptop has better things to do.
const EFFORT: u8 = 2;
/// What silence is in decibel: nothing is quieter.
pub(crate) const SILENCE: u32 = 100;

/// 20 ms of silence as Opus: <https://www.rfc-editor.org/rfc/rfc6716#section-3.1>, full band, one frame of nothing.
const QUIET: [u8; 3] = [0xf8, 0xff, 0xfe];

/// 20 ms of sound.
pub type Sound = [i16; FRAME];

/// The codec cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sound of a call cannot be set up")]
pub struct NoCodec;

/// What somebody says, and what they hear.
pub struct Ear {
    decoder: Decoder,
    encoder: Encoder,
    waiting: VecDeque<i16>,
    is_playing: bool,
    now: Sound,
    is_silent: bool,
}

impl std::fmt::Debug for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ear").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

impl Ear {
    /// One that has said and heard nothing.
    ///
    /// # Errors
    /// Where the codec cannot be set up.
    pub fn new() -> Result<Self, NoCodec> {
        let encoder = Encoder::builder(RATE, Channels::Mono, Application::Voip).complexity(EFFORT).build();
        Ok(Self {
            decoder: Decoder::new(RATE, Channels::Mono).map_err(|_| NoCodec)?,
            encoder: encoder.map_err(|_| NoCodec)?,
            waiting: VecDeque::with_capacity(FRAME * (MOST_WAITING + 1)),
            is_playing: false,
            now: [0; FRAME],
            is_silent: true,
        })
    }

    /// Takes a packet of what they say. One that is no Opus is passed over.
    pub fn hear(&mut self, packet: &[u8]) {
        let mut samples = [0; MOST_SAMPLES];
        let Ok(count) = self.decoder.decode(packet, &mut samples, DecodeMode::Normal) else { return };
        self.waiting.extend(samples.iter().take(count));
        let surplus = self.waiting.len().saturating_sub(FRAME * MOST_WAITING);
        self.waiting.drain(..surplus);
    }

    /// Goes on by 20 ms.
    pub fn advance(&mut self) {
        let needed = if self.is_playing { FRAME } else { FRAME * AHEAD };
        self.is_playing = self.waiting.len() >= needed;
        let mut next = self.waiting.drain(..if self.is_playing { FRAME } else { 0 });
        for sample in &mut self.now {
            *sample = next.next().unwrap_or(0);
        }
        drop(next);
        self.is_silent = self.now.iter().all(|sample| *sample == 0);
    }

    /// What they say at the moment.
    #[must_use]
    pub fn now(&self) -> &Sound {
        &self.now
    }

    /// How loud that is: decibel below full scale, without the sign, 0 to 100.
    #[must_use]
    pub fn volume(&self) -> u32 {
        let square = |sample: &i16| (f64::from(*sample) / 32_768.0).powi(2);
        let power = self.now.iter().map(square).sum::<f64>() / FRAME as f64;
        let decibel = (-10.0 * power.log10()).round();
        // No power at all is infinitely quiet.
        if decibel.is_finite() { (decibel.max(0.0) as u32).min(SILENCE) } else { SILENCE }
    }

    /// The packet for them: all of `sum` without themselves. Silence is a packet too: without any the client thinks that
    /// its connection is bad.
    pub fn tell(&mut self, sum: &Sum) -> Option<Vec<u8>> {
        let mut others = [0; FRAME];
        for (other, (all, own)) in others.iter_mut().zip(sum.0.iter().zip(&self.now)) {
            let rest = (all - i32::from(*own)).clamp(i16::MIN.into(), i16::MAX.into());
            *other = i16::try_from(rest).unwrap_or(0);
        }
        if others.iter().all(|sample| *sample == 0) {
            return Some(QUIET.to_vec());
        }
        let mut packet = vec![0; MOST_BYTES];
        let length = self.encoder.encode(&others, &mut packet).ok()?;
        packet.truncate(length);
        Some(packet)
    }
}

/// What all of a call say together.
#[derive(Debug)]
pub struct Sum([i32; FRAME]);

impl Sum {
    /// Of these.
    #[must_use]
    pub fn of<'e>(ears: impl Iterator<Item = &'e Ear>) -> Self {
        let mut sum = [0; FRAME];
        for ear in ears.filter(|ear| !ear.is_silent) {
            for (all, own) in sum.iter_mut().zip(&ear.now) {
                *all += i32::from(*own);
            }
        }
        Self(sum)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;
    use crate::tone::{Tone, power_of};

    /// Lets everybody say their tone for this many frames; what each hears in the end.
    fn talk(tones: &[Option<f64>], frames: usize) -> Vec<Vec<i16>> {
        let mut ears: Vec<Ear> = tones.iter().map(|_| Ear::new().unwrap()).collect();
        let mut mouths: Vec<Option<Tone>> = tones.iter().map(|hertz| hertz.map(|h| Tone::new(h).unwrap())).collect();
        let mut listening: Vec<Decoder> = tones.iter().map(|_| Decoder::new(RATE, Channels::Mono).unwrap()).collect();
        let mut heard = vec![Vec::new(); tones.len()];
        for _ in 0..frames {
            for (ear, mouth) in ears.iter_mut().zip(&mut mouths) {
                if let Some(mouth) = mouth {
                    ear.hear(&mouth.packet().unwrap());
                }
                ear.advance();
            }
            let sum = Sum::of(ears.iter());
            for ((ear, decoder), heard) in ears.iter_mut().zip(&mut listening).zip(&mut heard) {
                let packet = ear.tell(&sum).unwrap();
                let mut samples = [0; MOST_SAMPLES];
                let count = decoder.decode(&packet, &mut samples, DecodeMode::Normal).unwrap();
                heard.extend_from_slice(&samples[..count]);
            }
        }
        heard.into_iter().map(|all| all[all.len() / 2..].to_vec()).collect()
    }

    #[test]
    fn everybody_hears_exactly_the_others() {
        let tones = [Some(440.0), Some(700.0), Some(1000.0), None];
        let heard = talk(&tones, 40);
        for (ear, samples) in heard.iter().enumerate() {
            for (mouth, hertz) in tones.iter().enumerate().filter_map(|(mouth, tone)| Some((mouth, (*tone)?))) {
                let power = power_of(hertz, samples);
                assert_eq!(power > 0.01, ear != mouth, "{ear} hears {mouth} with {power}");
            }
        }
    }

    #[test]
    fn whoever_is_alone_hears_silence_in_packets() {
        let heard = talk(&[Some(440.0)], 20);
        assert!(heard[0].iter().all(|sample| sample.abs() < 4));
    }

    #[test]
    fn loudness_is_told_in_decibel_below_full_scale() {
        let mut ear = Ear::new().unwrap();
        assert_eq!(ear.volume(), SILENCE);
        let mut mouth = Tone::new(440.0).unwrap();
        for _ in 0..10 {
            ear.hear(&mouth.packet().unwrap());
            ear.advance();
        }
        // A sine of a quarter of full scale: 12 dB for the quarter, 3 for the sine.
        assert!((13..=17).contains(&ear.volume()), "{}", ear.volume());
    }

    #[test]
    fn what_comes_faster_than_it_is_played_is_skipped() {
        let (mut ear, mut mouth) = (Ear::new().unwrap(), Tone::new(440.0).unwrap());
        for _ in 0..100 {
            ear.hear(&mouth.packet().unwrap());
        }
        assert_eq!(ear.waiting.len(), FRAME * MOST_WAITING);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_packet_makes_the_mixer_fall(packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..8)) {
            let mut ear = Ear::new().unwrap();
            for packet in packets {
                ear.hear(&packet);
                ear.advance();
                let sum = Sum::of(std::iter::once(&ear));
                prop_assert!(ear.tell(&sum).is_some());
            }
        }
    }
}
