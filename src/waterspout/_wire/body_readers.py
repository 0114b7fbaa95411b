"""Readers of the bytes after a head, one for each framing of RFC 9112 section 6.3.

Each has three members:

``read(data, position, events)`` reads ``data`` from ``position`` on, at least one byte, appends
events, and returns the position at which it stopped.
``done`` is True once the message has ended.
``read_eof(events)`` handles a connection that ends before that: it ends the message, or raises
because the message is incomplete.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.events import END_OF_MESSAGE
from waterspout._wire.faults import malformed, too_large

if TYPE_CHECKING:
    from typing import List, Optional, Type  # noqa: F401

    from waterspout._wire.events import AnyEvent  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout.exceptions import ProtocolError, ResponseTooLarge  # noqa: F401


class LengthReader(object):
    """A body of ``length`` bytes, at least one.

    Attributes:
        missing (int): bytes that have not arrived. A caller that receives some itself, but not the
            last one, subtracts them.
    """

    __slots__ = ("_length", "missing", "done")

    def __init__(self, length):
        # type: (int) -> None
        self._length = self.missing = length
        self.done = False

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        stop = position + self.missing
        if stop > len(data):
            self.missing = stop - len(data)
            events.append(data[position:])
            return len(data)
        self.done = True
        events.append(data[position:stop])
        events.append(END_OF_MESSAGE)
        return stop

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        raise malformed("the connection was closed after %d of %d body bytes",
                        self._length - self.missing, self._length)


class CloseReader(object):
    """A body that ends when the connection is closed."""

    __slots__ = ("_limits", "_room")

    done = False  # Only the end of the connection ends the body.

    def __init__(self, limits):
        # type: (MessageLimits) -> None
        self._limits = limits
        self._room = limits.body_bytes  # None: no limit.

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        end = len(data)
        if self._room is not None:
            self._room -= end - position
            if self._room < 0:
                raise body_too_large(self._limits.body_bytes)
        events.append(data[position:])
        return end

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        events.append(END_OF_MESSAGE)


class SurplusReader(object):
    """Counts the bytes that arrive when no response is expected; they are not parsed.

    RFC 9112 section 9.2: the connection SHOULD be closed, because the beginning of the next
    message can no longer be known.

    Attributes:
        why_last (str or None): why the connection can carry no other response; None if it can.
            Other readers set it when they find a reason.
    """

    __slots__ = ("why_last", "_byte_count")

    done = False

    def __init__(self):
        # type: () -> None
        self.why_last = None  # type: Optional[str]
        self._byte_count = 0

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        self._byte_count += len(data) - position
        self.why_last = "%d bytes arrived that belong to no response" % self._byte_count
        return len(data)

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        """Do nothing: no response is incomplete."""


class RefusingReader(object):
    """Raises the same error for everything that arrives after a fault."""

    __slots__ = ("_kind", "_why")

    done = False

    def __init__(self, kind, why):
        # type: (Type[ProtocolError], str) -> None
        self._kind = kind
        self._why = why

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        raise self._kind(self._why, phase="read")

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        raise self._kind(self._why, phase="read")


def body_too_large(limit_bytes):
    # type: (Optional[int]) -> ResponseTooLarge
    return too_large("body of more than %d bytes", limit_bytes)
