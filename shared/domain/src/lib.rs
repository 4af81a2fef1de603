//! bedside-domain
