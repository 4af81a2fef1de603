//! bedside-tests
