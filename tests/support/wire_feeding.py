"""Reads a response as a connection would receive it, in every kind of slices."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._wire import (
    ClientConnection,
    EndOfMessage,
    FieldLines,
    InformationalHead,
    MessageLimits,
    ProtocolSwitched,
    ResponseHead,
)
from waterspout.exceptions import RemoteProtocolError

HOST = FieldLines([(b"Host", b"example.org")])
#: A response without a request.
NEXT = b"HTTP/1.1 204 Unasked\r\n\r\n"

OFFER = HOST + FieldLines([(b"Connection", b"upgrade"), (b"Upgrade", b"chat")])


class Reading(object):
    """What came of the bytes: the events, sorted by what they are, or the error."""

    def __init__(self, connection):
        self.connection = connection
        self.informational = []
        self.head = None
        self.body = b""
        self.ended = False
        self.trailers = None
        self.leftover = None
        self.error = None

    def take(self, events):
        for event in events:
            assert not self.ended, "an event after the last one"
            if type(event) is bytes:
                assert event and self.head, "an empty piece, or one without a head"
                self.body += event
            elif type(event) is InformationalHead:
                self.informational.append(event)
            elif type(event) is ResponseHead:
                self.head = event
            elif type(event) is EndOfMessage:
                self.ended = True
                self.trailers = event.trailers()
            else:
                assert type(event) is ProtocolSwitched
                self.ended = True
                self.leftover = event.leftover

    def result(self):
        """All that must be the same however the bytes are sliced.

        Of an error, only that there is one: bytes can be wrong in two ways, and then the
        slices decide which is seen first.
        """
        if self.error is not None:
            return "refused"
        return (self.informational, self.head, self.body, self.ended, self.trailers,
                self.leftover, self.connection.why_not_reusable())


def feed(slices, method=b"GET", offer=False, closed=False, limits=None):
    """Send a request and receive these slices, then the end if ``closed``: a Reading.

    Stops at the first error, and when another protocol begins.
    """
    reading = Reading(ClientConnection(limits or MessageLimits()))
    target = b"example.org:443" if method == b"CONNECT" else b"/"
    reading.connection.send_request(method, target, OFFER if offer else HOST)
    try:
        for data in slices:
            reading.take(reading.connection.receive_data(data))
            if reading.leftover is not None:
                return reading
        if closed:
            reading.take(reading.connection.receive_eof())
    except RemoteProtocolError as error:
        reading.error = error
    return reading


def bytewise(data):
    return [data[i:i + 1] for i in range(len(data))]


def read(data, **options):
    """Feed ``data`` whole, byte by byte, cut in two, and with more behind it: one Reading.

    All must agree; :func:`refused` compares the texts of errors as well.
    """
    whole = feed([data], **options)
    for slices in [bytewise(data)] + [[data[:at], data[at:]] for at in range(1, len(data))]:
        other = feed(slices, **options)
        if whole.leftover is None:
            assert other.result() == whole.result(), slices
        else:  # Only what came in the same slice as the head is left over.
            assert other.head == whole.head and whole.leftover.startswith(other.leftover)
    if whole.ended and whole.leftover is None and not options.get("closed"):
        other = feed([data + NEXT], **options)
        assert other.result()[:-1] == whole.result()[:-1]
        why = "%d bytes arrived that belong to no response" % len(NEXT)
        assert other.connection.why_not_reusable() == why
    return whole


def refused(data, why, **options):
    """Assert that ``data`` is refused for the same reason in all slices; the error returns."""
    for slices in (bytewise(data), [data]):
        reading = feed(slices, **options)
        assert reading.error is not None, "not refused"
        assert re.search(why, str(reading.error)), str(reading.error)
        assert not reading.connection.reusable
    return reading.error
