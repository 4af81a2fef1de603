"""What a stranger minds, and what the project asks of its answers beside schemathesis' own checks."""

import itertools
import json
import os

import schemathesis
from schemathesis import GenerationMode

numbers = itertools.count(1)

# What browsers ask before a page elsewhere may ask.
PREFLIGHTS = ["/api/schedule", "/api/challenges/{challengeId}/answer"]


@schemathesis.hook
def before_call(context, case, kwargs):
    # Each request comes from an address of its own, so that limits do not hide what is tested.
    number = next(numbers)
    case.headers = case.headers or {}
    case.headers["X-Local-Address"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    # Whoever puts another sign-in signs everybody out, the stranger too: that much is left as it is.
    settings = case.operation.label == "PUT /api/tenant" and isinstance(case.body, dict)
    if settings and case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        case.body["oidc"] = json.loads(os.environ["BEDSIDE_OIDC"])


@schemathesis.check
def unknown_method_is_not_found(context, response, case):
    """API Gateway knows no 405: a method that the document does not have is 404, as a path that is none."""
    method = case.method.upper()
    if method == "OPTIONS" and case.operation.path in PREFLIGHTS:
        assert response.status_code == 204, f"{method} is answered by {response.status_code}"
    elif method != case.operation.method.upper():
        assert response.status_code == 404, f"{method} is answered by {response.status_code}"
