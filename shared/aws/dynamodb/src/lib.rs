//! bedside-dynamodb
