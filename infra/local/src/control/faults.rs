//! `/local/faults` and `/local/calls`: what goes wrong at the services, and how often they were called.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::{Answer, Given, Reset};
use crate::aws::Fault;
use crate::machine::Machine;

pub(crate) async fn list(State(machine): State<Arc<Machine>>) -> Answer {
    Ok(Json(json!({ "faults": machine.aws.faults() })))
}

pub(crate) async fn add(State(machine): State<Arc<Machine>>, Given(fault): Given<Fault>) -> Answer {
    machine.aws.add_fault(fault);
    list(State(machine)).await
}

pub(crate) async fn clear(State(machine): State<Arc<Machine>>) -> Answer {
    machine.aws.clear_faults();
    list(State(machine)).await
}

pub(crate) async fn calls(State(machine): State<Arc<Machine>>) -> Answer {
    Ok(Json(json!({ "calls": machine.aws.calls() })))
}

pub(crate) async fn reset_calls(State(machine): State<Arc<Machine>>, reset: Given<Reset>) -> Answer {
    Reset::confirmed(reset)?;
    forget_calls(State(machine)).await
}

pub(crate) async fn forget_calls(State(machine): State<Arc<Machine>>) -> Answer {
    machine.aws.reset_calls();
    calls(State(machine)).await
}
