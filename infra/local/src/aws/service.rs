//! The services this endpoint stands in for, and the answers and errors they give.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A service of AWS, by the name the controls use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Amazon DynamoDB.
    DynamoDb,
    /// AWS Key Management Service.
    Kms,
    /// Amazon Simple Email Service, API v2.
    SesV2,
    /// AWS End User Messaging SMS.
    Sms,
    /// Amazon Chime SDK meetings.
    Chime,
    /// Amazon Connect.
    Connect,
}

/// How a service spells requests and errors on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// The operation in `X-Amz-Target`, the error's code in the body's `__type`.
    Json(&'static str),
    /// The operation in method and path, the error's code in `x-amzn-errortype`.
    RestJson,
}

impl Service {
    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Self::DynamoDb | Self::Sms => Protocol::Json("application/x-amz-json-1.0"),
            Self::Kms => Protocol::Json("application/x-amz-json-1.1"),
            Self::SesV2 | Self::Chime | Self::Connect => Protocol::RestJson,
        }
    }

    /// The member that holds an error's text, by the services' models.
    fn message_member(self) -> &'static str {
        match self {
            Self::DynamoDb | Self::Kms | Self::SesV2 => "message",
            Self::Sms | Self::Chime | Self::Connect => "Message",
        }
    }

    /// The service's answer when something within it broke.
    pub(crate) fn internal_error(self) -> ServiceError {
        let code = match self {
            Self::DynamoDb => "com.amazonaws.dynamodb.v20120810#InternalServerError",
            Self::Kms => "KMSInternalException",
            Self::SesV2 => "InternalServiceErrorException",
            Self::Sms => "InternalServerException",
            Self::Chime => "ServiceFailureException",
            Self::Connect => "InternalServiceException",
        };
        ServiceError::new(self, 500, code, "The service encountered an internal error.")
    }

    /// The service's answer to one call too many.
    pub(crate) fn throttled(self) -> ServiceError {
        // On-demand tables answer ThrottlingException, not ProvisionedThroughputExceededException:
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
        let (status, code) = match self {
            Self::DynamoDb => (400, "com.amazonaws.dynamodb.v20120810#ThrottlingException"),
            Self::Kms | Self::Sms => (400, "ThrottlingException"),
            Self::SesV2 => (429, "TooManyRequestsException"),
            Self::Chime => (429, "ThrottlingException"),
            Self::Connect => (429, "ThrottlingException"),
        };
        ServiceError::new(self, status, code, "Rate exceeded")
    }

    /// The service's answer to input that its model does not allow.
    pub(crate) fn invalid(self, message: &str) -> ServiceError {
        let code = match self {
            Self::DynamoDb => "com.amazon.coral.validate#ValidationException",
            Self::Kms | Self::Sms => "ValidationException",
            Self::SesV2 | Self::Chime => "BadRequestException",
            Self::Connect => "InvalidRequestException",
        };
        ServiceError::new(self, 400, code, message)
    }

    /// The answer to a body that is not JSON of the expected form.
    pub(crate) fn malformed(self, message: &str) -> ServiceError {
        let code = match self {
            Self::DynamoDb => "com.amazon.coral.service#SerializationException",
            Self::Kms | Self::SesV2 | Self::Sms | Self::Chime | Self::Connect => "SerializationException",
        };
        ServiceError::new(self, 400, code, message)
    }

    /// The answer to a request without an `Authorization` header.
    pub(crate) fn unsigned(self) -> ServiceError {
        let (status, code) = match self {
            Self::DynamoDb => (400, "com.amazon.coral.service#MissingAuthenticationTokenException"),
            Self::Kms | Self::Sms => (400, "MissingAuthenticationTokenException"),
            Self::SesV2 | Self::Chime | Self::Connect => (403, "MissingAuthenticationTokenException"),
        };
        ServiceError::new(self, status, code, "Request is missing Authentication Token")
    }

    /// The answer to an operation that is not served.
    pub(crate) fn unknown_operation(self) -> ServiceError {
        let (status, code) = match self {
            Self::DynamoDb => (400, "com.amazon.coral.service#UnknownOperationException"),
            Self::Kms | Self::Sms => (400, "UnknownOperationException"),
            Self::SesV2 | Self::Chime | Self::Connect => (404, "UnknownOperationException"),
        };
        ServiceError::new(self, status, code, "This operation is not served here.")
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A service's answer to a call that succeeded.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Reply {
    /// 200 with `body` as JSON.
    pub(crate) fn ok(body: &Value) -> Self {
        Self { status: 200, body: Bytes::from(body.to_string()) }
    }

    /// 204 without a body.
    pub(crate) fn no_content() -> Self {
        Self { status: 204, body: Bytes::new() }
    }
}

/// A service's refusal, in the shape its SDK expects.
#[derive(Clone, Debug)]
pub struct ServiceError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) members: Map<String, Value>,
}

impl ServiceError {
    pub(crate) fn new(service: Service, status: u16, code: &str, message: &str) -> Self {
        let members = Map::from_iter([(service.message_member().to_owned(), Value::from(message))]);
        Self { status, code: code.to_owned(), members }
    }

    /// Adds a member of the error's shape.
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// The error's name, without a namespace, such as `ConditionalCheckFailedException`.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code.rsplit('#').next().unwrap_or_default()
    }

    /// The error's text.
    #[must_use]
    pub fn message(&self) -> &str {
        ["message", "Message"].iter().find_map(|name| self.members.get(*name)?.as_str()).unwrap_or_default()
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl std::error::Error for ServiceError {}
