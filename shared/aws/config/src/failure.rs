//! What a failed call means: what the log may say of it, and whether it will pass.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// The operation and its error code: nothing of what was sent or stored. AWS's own messages are left out, since some
/// repeat the input.
#[must_use]
pub fn what<E: ProvideErrorMetadata>(operation: &str, error: &SdkError<E, HttpResponse>) -> String {
    let code = match error {
        SdkError::ConstructionFailure(_) => "not sent",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timeout",
        SdkError::DispatchFailure(_) => "no answer",
        SdkError::ResponseError(_) => "unreadable answer",
        SdkError::ServiceError(service) => service.err().code().unwrap_or("unknown error"),
        _ => "unknown error",
    };
    format!("{operation} {code}")
}

/// Whether it may go well later: nobody answered, or the service is down or throttles. Otherwise it was refused.
#[must_use]
pub fn is_passing<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        // The request could not even be built: it never will be.
        SdkError::ConstructionFailure(_) => false,
        SdkError::ServiceError(service) => {
            let status = service.raw().status();
            status.is_server_error() || status.as_u16() == 429 || service.err().code().is_some_and(is_throttling)
        }
        _ => true,
    }
}

/// The codes with which AWS services throttle (SDK Reference Guide, "Retry behavior").
fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "ThrottledClientException"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "RequestLimitExceeded"
            | "TooManyRequestsException"
            | "ProvisionedThroughputExceededException"
            | "LimitExceededException"
            | "SlowDown"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    fn answered(status: u16, code: &str) -> SdkError<ErrorMetadata, HttpResponse> {
        let status = status.try_into().unwrap_or_else(|_| unreachable!("a status"));
        let error = ErrorMetadata::builder().code(code).message("to +12025550123").build();
        SdkError::service_error(error, HttpResponse::new(status, SdkBody::empty()))
    }

    #[test]
    fn the_log_gets_the_operation_and_the_code_and_no_message() {
        assert_eq!(what("SendEmail", &answered(400, "MessageRejected")), "SendEmail MessageRejected");
        let late: SdkError<ErrorMetadata, HttpResponse> = SdkError::timeout_error("2 s");
        assert_eq!(what("Sign", &late), "Sign timeout");
    }

    #[test]
    fn throttles_faults_and_silence_pass_and_refusals_do_not() {
        assert!(is_passing(&answered(400, "ThrottlingException")));
        assert!(is_passing(&answered(429, "anything")));
        assert!(is_passing(&answered(503, "anything")));
        assert!(is_passing::<ErrorMetadata>(&SdkError::timeout_error("2 s")));
        assert!(!is_passing(&answered(400, "MessageRejected")));
        assert!(!is_passing::<ErrorMetadata>(&SdkError::construction_failure("no body")));
    }
}
