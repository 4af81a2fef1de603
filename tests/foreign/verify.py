"""Checks tokens with the PyPI library jwcrypto: `python verify.py JWKS_URL < CHECKS`.

CHECKS is a JSON array of {token, typ, issuer?, audience?}; the answer is a JSON array of {valid, claims} or
{valid, why}, in the same order. Exit status 3: the library is not there.
"""

import json
import sys
import urllib.request

try:
    from jwcrypto import jwk, jwt
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)


def check(keys, token, typ, issuer=None, audience=None):
    wanted = {"iss": issuer, "aud": audience}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    try:
        read = jwt.JWT(jwt=token, key=keys, algs=["ES256"], check_claims=wanted, expected_type="JWS")
        if json.loads(read.header).get("typ") != typ:
            return {"valid": False, "why": "another type"}
        return {"valid": True, "claims": json.loads(read.claims)}
    except Exception as error:  # the library has no one class for "this token does not hold"
        return {"valid": False, "why": f"{type(error).__name__}: {error}"}


def main():
    # The keys come from this machine: a proxy of the environment is not asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(sys.argv[1]) as answer:
        keys = jwk.JWKSet.from_json(answer.read().decode())
    print(json.dumps([check(keys, **one) for one in json.load(sys.stdin)]))


main()
