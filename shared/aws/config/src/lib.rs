//! bedside-aws
