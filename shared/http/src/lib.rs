//! bedside-http
