//! bedside-ses
