//! bedside-sms
