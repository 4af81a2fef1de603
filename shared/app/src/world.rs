//! The clock and the randomness of the process.

use bedside_domain::time::Time;
use ring::rand::{SecureRandom as _, SystemRandom};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The system's clock, moved by an offset. In the cloud the offset is zero; on the laptop everyone shares it.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// A clock that follows this offset, in milliseconds.
    #[must_use]
    pub const fn moved_by(offset_millis: Arc<AtomicI64>) -> Self {
        Self(offset_millis)
    }
    /// The time, to the millisecond.
    #[must_use]
    pub fn now(&self) -> Time {
        Time::from_millis(jiff::Timestamp::now().as_millisecond().saturating_add(self.0.load(Ordering::Relaxed)))
    }
}

/// The operating system's CSPRNG.
#[derive(Debug, Clone)]
pub struct Entropy(SystemRandom);

impl Default for Entropy {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy {
    /// So many random bytes.
    ///
    /// # Errors
    /// When the operating system has none to give: nothing may go on without.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], crate::error::Error> {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes).map_err(|_| crate::error::Error::Internal("no randomness".to_owned()))?;
        Ok(bytes)
    }
}
