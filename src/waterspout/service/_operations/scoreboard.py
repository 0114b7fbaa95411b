"""Scoreboard: what each worker reports, in memory that all processes share."""

from __future__ import absolute_import, division, print_function

import hashlib
import json
import mmap
import struct

from waterspout._compat import TYPE_CHECKING, integer_types, monotonic
from waterspout.service._operations.plain_values import fitting_json

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Text, Tuple  # noqa: F401

#: Bytes of one record: the report of a worker with about 30 origins of upstreams.
RECORD_BYTES = 8 * 1024

#: A record that is smaller could not even say what it has left out.
_LEAST_BYTES = 128

#: The number of the record, and how many bytes of JSON follow.
_HEAD = struct.Struct("<QI")

_DIGEST_BYTES = hashlib.sha256().digest_size


class Scoreboard(object):
    """One record for each worker, a mapping that one process writes and all can read.

    Make it before the fork. It is anonymous memory: no file, no name, gone with the last process.
    The system provides a page of it when it is first written.

    A record is written in turns to one of two places, with a number and a digest. A reader takes
    the one with the higher number of those whose digest is right. So it never gets a record that
    is half written, whether its writer is at work or was killed, but the one before.

    Args:
        size (int): the number of records. Give each process one of its own: of two that write to
            the same record one wins.
        record_bytes (int): of one record's JSON. Values that do not fit are shortened.
    Attributes:
        size (int).
        made (float): monotonic seconds.
    Raises: TypeError, ValueError: ``size`` is not an int above 0, ``record_bytes`` not one of at
        least 128.
    """

    def __init__(self, size, record_bytes=RECORD_BYTES):
        # type: (int, int) -> None
        self.size = _checked("size", size, 1)
        self.made = monotonic()
        self._record_bytes = _checked("record_bytes", record_bytes, _LEAST_BYTES)
        self._place_bytes = _DIGEST_BYTES + _HEAD.size + record_bytes
        self._memory = mmap.mmap(-1, 2 * size * self._place_bytes)

    def __repr__(self):
        return "<Scoreboard size=%d>" % self.size

    def write(self, index, mapping):
        # type: (int, Mapping[str, Any]) -> None
        """Replace a record.

        Args:
            index (int): from 0.
            mapping: values that JSON can represent; others become text. What does not fit is
                shortened: a text ends with ``...``, a mapping has a key ``"..."``.
        Raises: IndexError: there is no such record.
        """
        text = fitting_json(mapping, self._record_bytes)
        first, second = self._read_place(index, 0), self._read_place(index, 1)
        newest = max(first[0], second[0])
        record = _HEAD.pack(newest + 1, len(text)) + text
        start = self._start(index, 1 if first[0] == newest else 0)
        data = hashlib.sha256(record).digest() + record
        self._memory[start:start + len(data)] = data

    def read(self):
        # type: () -> List[Optional[Dict[Text, Any]]]
        """Return all records in order; None for one that was never written, or was cleared."""
        found = []
        for index in range(self.size):
            places = [self._read_place(index, place) for place in (0, 1)]
            text = max(places)[1]
            found.append(None if text is None else json.loads(text.decode("ascii")))
        return found

    def clear(self, index):
        # type: (int) -> None
        """Forget a record, such as that of a worker that has ended. Raises: IndexError."""
        start = self._start(index, 0)
        self._memory[start:start + 2 * self._place_bytes] = b"\0" * (2 * self._place_bytes)

    def close(self):
        # type: () -> None
        """Give up this process's view of the memory. Other processes keep theirs."""
        self._memory.close()

    def _start(self, index, place):
        # type: (int, int) -> int
        if not 0 <= index < self.size:
            raise IndexError("record %r of a scoreboard with %d" % (index, self.size))
        return (2 * index + place) * self._place_bytes

    def _read_place(self, index, place):
        # type: (int, int) -> Tuple[int, Optional[bytes]]
        """The number and the JSON there; (0, None) if there is none, or it is not whole."""
        start = self._start(index, place)
        # One copy: what is checked must be what is used.
        data = self._memory[start:start + self._place_bytes]
        number, count = _HEAD.unpack_from(data, _DIGEST_BYTES)
        end = _DIGEST_BYTES + _HEAD.size + count
        if not number or end > len(data):
            return 0, None
        if hashlib.sha256(data[_DIGEST_BYTES:end]).digest() != data[:_DIGEST_BYTES]:
            return 0, None
        return number, data[_DIGEST_BYTES + _HEAD.size:end]


def _checked(name, value, least):
    # type: (str, Any, int) -> int
    if not isinstance(value, integer_types) or isinstance(value, bool):
        raise TypeError("%s must be an int, not %r" % (name, value))
    if value < least:
        raise ValueError("%s must be %d or more, not %d" % (name, least, value))
    return value
