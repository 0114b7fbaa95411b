"""The length of a file from its position: the bytes that can be read, not the size it reports.

Linux generates the files under /proc and /sys while they are read. ``os.stat`` and ``seek`` report
0 bytes for the first and 4096 for the second, whatever their content.
"""

from __future__ import absolute_import, division, print_function

import codecs
import os

from waterspout._compat import integer_types, text_type

#: The classes of ``codecs.open``: ``seek(tell())`` loses what they have read ahead.
_READ_AHEAD = (codecs.StreamReader, codecs.StreamReaderWriter)


def position(data):
    # type: (Any) -> Optional[Any]
    """The file's position, or None if it cannot seek back to it."""
    try:
        start = data.tell()
        if start and isinstance(data, _READ_AHEAD) or isinstance(data, codecs.StreamRecoder):
            return None
        data.read(0)  # py2: raises for a file that was iterated, which has read ahead.
        data.seek(start)
    except (AttributeError, IOError, OSError, ValueError):
        return None
    return start


def gives_text(data):
    # type: (Any) -> bool
    """Whether this file, which can seek, is opened in text mode."""
    return isinstance(data.read(0), text_type)


def bytes_left(data, start):
    # type: (Any, int) -> Optional[int]
    """The number of bytes from ``start`` on, or None if only reading can tell.

    For a file that can seek. Raises: the errors of reading the file.
    """
    try:
        data.seek(0, os.SEEK_END)
        end = data.tell()
    except (IOError, OSError, ValueError):  # A compressed file, for example.
        data.seek(start)
        return None
    left = max(0, end - start)
    data.seek(start + max(0, left - 1))
    last = data.read(1)  # The last byte, if the size is correct.
    data.seek(start)
    return left if bool(last) == bool(left) else None


def stated_length(data):
    # type: (Any) -> Optional[int]
    """``len(data)`` or ``data.len``, which requests-toolbelt's encoders have, or None."""
    length = len(data) if hasattr(data, "__len__") else getattr(data, "len", None)
    return length if isinstance(length, integer_types) else None
