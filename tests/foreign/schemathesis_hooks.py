"""Each request comes from an address of its own, so that limits do not hide what is tested."""

import itertools

import schemathesis

numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(numbers)
    case.headers = case.headers or {}
    case.headers["X-Local-Address"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
