//! The practices' records.

use crate::machine::Machine;
use crate::practice::Practice;

/// Why a practice could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {}

/// Sees to it that these practices are there.
pub(crate) async fn seed(_machine: &Machine, _practices: &[Practice]) -> Result<(), SeedError> {
    Ok(())
}
