"""Readers of what follows a response head, one for each framing of RFC 9112 section 6.3.

Each has ``read(data, position, events)``, which takes what it can of ``data`` from
``position`` on (at least one byte, there is one), appends events, and returns where it
stopped; ``done``, true once the message has ended; and ``read_eof(events)``, for the end of
the connection before that, which ends the message or cuts it short.
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
    """A body of ``length`` bytes, at least one."""

    __slots__ = ("_length", "_missing", "done")

    def __init__(self, length):
        # type: (int) -> None
        self._length = self._missing = length
        self.done = False

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        stop = position + self._missing
        if stop > len(data):
            self._missing = stop - len(data)
            events.append(data[position:])
            return len(data)
        self.done = True
        events.append(data[position:stop])
        events.append(END_OF_MESSAGE)
        return stop

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        raise malformed("the connection was closed after %d of %d body bytes",
                        self._length - self._missing, self._length)


class CloseReader(object):
    """A body that lasts until the connection is closed."""

    __slots__ = ("_limits", "_room")

    done = False  # Until the connection is.

    def __init__(self, limits):
        # type: (MessageLimits) -> None
        self._limits = limits
        self._room = limits.body_bytes  # None is endless.

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        end = len(data)
        if self._room is not None:
            self._room -= end - position
            if self._room < 0:
                raise body_too_large(self._limits)
        events.append(data[position:])
        return end

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        events.append(END_OF_MESSAGE)


class SurplusReader(object):
    """What comes when nothing is awaited. It is nobody's response: counted, not read.

    RFC 9112 section 9.2: the connection SHOULD be closed, since nothing says any more where
    a message begins.

    Attributes:
        why_last (str or None): why no other response may follow; None if one may. To be set by
            who finds the reason, at any time.
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
        self.why_last = "%d bytes came that belong to no response" % self._byte_count
        return len(data)

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        """Nothing was under way that could be cut short."""


class RefusingReader(object):
    """Stands where nothing may be read any more, and says why at every attempt."""

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


def body_too_large(limits):
    # type: (MessageLimits) -> ResponseTooLarge
    return too_large("body of more than %d bytes", limits.body_bytes)
