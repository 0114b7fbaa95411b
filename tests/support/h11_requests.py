"""Reads requests with h11, for comparison with ``request_feeding``."""

from __future__ import absolute_import, division, print_function

import h11
from h11_feeding import comparable


def summary_of(requests):
    """What Requests and h11's events have in common; a text of what was refused."""
    summary = []
    for head, body, _, complete in requests.requests:
        fields = comparable(head.pairs())
        summary.append((head.method, head.target, head.http_version, fields, body, complete))
        if head.http_version == b"1.0" and complete:
            return summary  # h11 does not keep HTTP/1.0 alive.
    return summary if requests.error is None else str(requests.error)


def summary_by_h11(data, closed=False):
    """The same of what h11 makes of ``data``; a text that says why if it refuses it."""
    connection = h11.Connection(h11.SERVER)
    summary = []
    try:
        if data:
            connection.receive_data(data)
        if closed:
            connection.receive_data(b"")
        while take(connection, connection.next_event(), summary):
            pass
    except h11.RemoteProtocolError as error:
        return str(error)
    return [tuple(request) for request in summary]


def take(connection, event, summary):
    """Note an event, and answer a complete request; False once there is no other to come."""
    if isinstance(event, h11.Request):
        version = bytes(event.http_version)
        summary.append([bytes(event.method), bytes(event.target),
                        version if version == b"1.0" else b"1.1",
                        comparable(event.headers), b"", False])
    elif isinstance(event, h11.Data):
        summary[-1][4] += bytes(event.data)
    elif isinstance(event, h11.EndOfMessage):
        summary[-1][5] = True
        connection.send(h11.Response(status_code=204, headers=[]))
        if connection.our_state is h11.SWITCHED_PROTOCOL:  # After CONNECT.
            return False
        connection.send(h11.EndOfMessage())
        if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
            return False
        connection.start_next_cycle()
    else:
        return False
    return True
