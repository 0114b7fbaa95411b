"""Gives a request the key by which a server recognises its repetition.

Source: draft-ietf-httpapi-idempotency-key-header; the APIs of Stripe and others have the same.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.policies.retry.retry import Retry  # noqa: F401


def vouched_by_key(retry, request, make_key):
    # type: (Retry, PreparedRequest, Callable[[], str]) -> bool
    """Whether ``request`` may be repeated although its method is not allowed: it has a key.

    It gets one in ``retry.idempotency_header`` if it needs one and has none. To be called once for
    a call, before its first attempt, so that all attempts have the same key.

    Args:
        make_key: returns a new key, a native str that is a valid field value.
    """
    name = retry.idempotency_header
    if name is None or retry.allows_method(request.method):
        return False
    if name not in request.headers:
        request.headers[name] = make_key()
    return True
