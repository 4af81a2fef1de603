//! Calendar.
