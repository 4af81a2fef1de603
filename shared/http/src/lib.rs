//! The HTTP edge: request to typed input, who is calling, answers and problems.
//!
//! A function is a handler over its application ([`service`]) and the wiring of that application ([`run`]).

mod body;
mod call;
mod catalogue;
mod credentials;
mod headers;
mod issuers;
mod once;
mod problem;
mod reply;
mod run;
mod runtime;
mod serve;

pub use bedside_app::once::Claim;
pub use bedside_aws::SetupError;
pub use body::FieldErrors;
pub use call::Call;
pub use catalogue::{ProblemKind, problem_kinds};
pub use issuers::HttpIssuers;
pub use problem::{Failure, Problem, problem_titles};
pub use reply::Reply;
pub use run::{run, run_events, start_logs};
pub use runtime::Runtime;
pub use serve::{AsItIs, Edge, HttpService, service, service_for_pages};
