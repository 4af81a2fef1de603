//! bedside-local
