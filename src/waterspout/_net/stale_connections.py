"""When an exchange is moved from a stale connection to a new one.

A server may close a kept connection at the moment at which the next request leaves. The request is
then sent again, once, on a new connection, if that cannot do anything twice. `Pool.replace_stale`
does so; the rule is here.
"""

from __future__ import absolute_import, division, print_function

#: Methods whose repetition has the effect of one request (RFC 9110 section 9.2.2).
IDEMPOTENT = frozenset([b"GET", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"TRACE"])


def may_replace(connection, exchange):
    # type: (Connection, Exchange) -> bool
    """Whether ``exchange`` may be sent again, its ``connection`` having failed.

    True if the connection was used before, no byte of the response came, the exchange was not moved
    already, its whole body is in memory, and either no byte of it was sent or its method is
    idempotent.
    """
    return (
        connection.uses > 1
        and not connection.wire.response_started
        and not exchange.replaced
        and (exchange.body is None or type(exchange.body) is bytes)
        and (not connection.sent or exchange.method in IDEMPOTENT)
    )
