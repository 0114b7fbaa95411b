"""Reads a response with h11, for comparison with ``wire_feeding``."""

from __future__ import absolute_import, division, print_function

import h11

#: Fields whose value h11 rewrites.
REWRITTEN = (b"content-length", b"transfer-encoding")


def summary_of(reading):
    """What a Reading and h11's events have in common; None of one that was refused."""
    if reading.error is not None:
        return None
    heads = reading.informational + [reading.head] * (reading.head is not None)
    return {
        "heads": [(head.http_version, head.status_code, head.reason, comparable(head.pairs()))
                  for head in heads],
        "body": reading.body,
        "trailers": comparable(reading.trailers or []),
        "ended": reading.ended,
        "leftover": reading.leftover,
    }


def summary_by_h11(data, method=b"GET", offer=False, closed=False):
    """The same of what h11 makes of ``data``; None if it refuses it."""
    connection = h11.Connection(h11.CLIENT)
    fields = [(b"Host", b"example.org")]
    fields += [(b"Connection", b"upgrade"), (b"Upgrade", b"chat")] * offer
    target = b"example.org:443" if method == b"CONNECT" else b"/"
    connection.send(h11.Request(method=method, target=target, headers=fields))
    connection.send(h11.EndOfMessage())
    summary = {"heads": [], "body": b"", "trailers": [], "ended": False, "leftover": None}
    try:
        if data:
            connection.receive_data(data)
        while take(connection, connection.next_event(), summary):
            pass
        if closed and not summary["ended"]:
            connection.receive_data(b"")
            while take(connection, connection.next_event(), summary):
                pass
    except h11.RemoteProtocolError:
        return None
    return summary


def take(connection, event, summary):
    """Note an event; False once there is no other to come."""
    if isinstance(event, (h11.InformationalResponse, h11.Response)):
        summary["heads"].append((bytes(event.http_version), event.status_code,
                                 bytes(event.reason), comparable(event.headers)))
    elif isinstance(event, h11.Data):
        summary["body"] += bytes(event.data)
    elif isinstance(event, h11.EndOfMessage):
        summary["trailers"] = comparable(event.headers)
        summary["ended"] = True
        return False
    else:
        if connection.their_state is h11.SWITCHED_PROTOCOL:
            summary["ended"] = True
            summary["leftover"] = bytes(connection.trailing_data[0])
        return False
    return True


def comparable(pairs):
    return [(bytes(name).lower(), bytes(value)) for name, value in pairs
            if bytes(name).lower() not in REWRITTEN]
