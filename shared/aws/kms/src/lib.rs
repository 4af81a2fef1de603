//! bedside-kms
