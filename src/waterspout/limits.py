"""Limits: how much a session may use at a time, and how much a peer may send."""

from __future__ import absolute_import, division, print_function

import operator

from waterspout import constants
from waterspout._compat import TYPE_CHECKING, integer_types

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

#: Whole numbers.
_COUNTS = ("max_connections", "max_connections_per_origin", "max_queued", "max_workers",
           "max_body_bytes", "max_header_bytes", "max_start_line_bytes", "max_header_fields",
           "max_content_codings")

#: Seconds.
_DURATIONS = ("max_idle", "max_age")

_INT_ONLY = frozenset([int])

_NUMBERS = integer_types + (float,)

#: The limits that only the ``pooled`` transport supports.
OF_POOL = frozenset(["max_connections_per_origin", "max_queued", "max_idle", "max_age"])


class Limits(object):
    """Limits of a session: connections, waiting calls, and the size of responses.

    All are numbers above 0. `waterspout.constants` has the defaults and their reasons.

    Args:
        max_connections (int): simultaneous exchanges; others wait in the order in which they came.
        max_workers (int): threads of the ``threads`` transport, and so its simultaneous exchanges.
        max_body_bytes (int): bytes of a response body that is kept in memory, as received and once
            decompressed.
        max_header_bytes (int): bytes of a response's status line and header fields.
        max_start_line_bytes (int): bytes of a response's status line.
        max_header_fields (int): header fields of a response.
        max_content_codings (int): codings in one Content-Encoding.
        max_connections_per_origin (int or None): simultaneous connections to one origin; None for
            ``max_connections``. This and the following ones only with ``pooled``.
        max_queued (int): calls that may wait for a connection; the next one fails with QueueFull.
        max_idle (float): seconds after which an idle connection is closed.
        max_age (float): seconds after which a connection is not reused.
    """

    __slots__ = _COUNTS + _DURATIONS

    if TYPE_CHECKING:
        max_connections = max_workers = 1
        max_body_bytes = max_header_bytes = max_start_line_bytes = 1
        max_header_fields = max_content_codings = 1
        max_connections_per_origin = max_queued = 1
        max_idle = max_age = 1.0

    def __init__(
        self,
        max_connections=constants.MAX_CONNECTIONS,
        max_workers=constants.MAX_WORKERS,
        max_body_bytes=constants.MAX_BODY_BYTES,
        max_header_bytes=constants.MAX_HEADER_BYTES,
        max_start_line_bytes=constants.MAX_START_LINE_BYTES,
        max_header_fields=constants.MAX_HEADER_FIELDS,
        max_content_codings=constants.MAX_CONTENT_CODINGS,
        max_connections_per_origin=None,
        max_queued=constants.MAX_QUEUED,
        max_idle=constants.MAX_IDLE,
        max_age=constants.MAX_AGE,
    ):
        # type: (int, int, int, int, int, int, int, Optional[int], int, float, float) -> None
        if max_connections_per_origin is None:
            max_connections_per_origin = max_connections
        counts = (max_connections, max_connections_per_origin, max_queued, max_workers,
                  max_body_bytes, max_header_bytes, max_start_line_bytes, max_header_fields,
                  max_content_codings)
        if set(map(type, counts)) != _INT_ONLY or min(counts) <= 0:
            for name, value in zip(_COUNTS, counts):
                _check(name, value, integer_types, "whole number")
        _check("max_idle", max_idle, _NUMBERS, "number of seconds")
        _check("max_age", max_age, _NUMBERS, "number of seconds")
        (self.max_connections, self.max_connections_per_origin, self.max_queued, self.max_workers,
         self.max_body_bytes, self.max_header_bytes, self.max_start_line_bytes,
         self.max_header_fields, self.max_content_codings) = counts
        self.max_idle = max_idle
        self.max_age = max_age

    def __repr__(self):
        return "Limits(%s)" % ", ".join(
            "%s=%r" % (name, getattr(self, name)) for name in self.__slots__)


#: All limits of a `Limits`, in the order of its slots.
values_of = operator.attrgetter(*Limits.__slots__)


def _check(name, value, kinds, what):
    # "not >" and not "<=": it refuses NaN as well.
    if isinstance(value, bool) or not isinstance(value, kinds) or not value > 0:
        raise ValueError("%s=%r is not a %s above 0" % (name, value, what))
