//! bedside-chime
