"""How many bytes a file holds, from where it stands: what can be read counts, not what it claims.

Linux makes the files under /proc and /sys while they are read. To ``os.stat`` and ``seek`` the
first are of 0 bytes and the second of 4096, whatever they hold.
"""

from __future__ import absolute_import, division, print_function

import codecs
import os

from waterspout._compat import integer_types, text_type

#: ``codecs.open`` gives such: what they have read ahead is lost by ``seek(tell())``.
_READ_AHEAD = (codecs.StreamReader, codecs.StreamReaderWriter)


def position(data):
    # type: (Any) -> Optional[Any]
    """Where the file stands, or None if it cannot come back there."""
    try:
        start = data.tell()
        if start and isinstance(data, _READ_AHEAD) or isinstance(data, codecs.StreamRecoder):
            return None
        data.read(0)  # py2: refused by a file that was iterated, and has read ahead as well.
        data.seek(start)
    except (AttributeError, IOError, OSError, ValueError):
        return None
    return start


def gives_text(data):
    # type: (Any) -> bool
    """Whether what is read of this file, which can seek, is text."""
    return isinstance(data.read(0), text_type)


def bytes_left(data, start):
    # type: (Any, int) -> Optional[int]
    """How many bytes follow ``start``, or None if that takes reading them; for one that can seek.

    Raises: what reading the file raises.
    """
    try:
        data.seek(0, os.SEEK_END)
        end = data.tell()
    except (IOError, OSError, ValueError):  # As with a compressed file.
        data.seek(start)
        return None
    left = max(0, end - start)
    data.seek(start + max(0, left - 1))
    last = data.read(1)  # If it claims to be at its end, nothing; else its last byte.
    data.seek(start)
    return left if bool(last) == bool(left) else None


def stated_length(data):
    # type: (Any) -> Optional[int]
    """The ``len()`` or ``len`` of what cannot seek, as of requests-toolbelt's encoders, or None."""
    length = len(data) if hasattr(data, "__len__") else getattr(data, "len", None)
    return length if isinstance(length, integer_types) else None
