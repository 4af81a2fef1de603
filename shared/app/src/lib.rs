//! bedside-app
