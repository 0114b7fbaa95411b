"""Request bodies: ``data=`` and ``json=`` to bytes, as requests encodes them."""

from __future__ import absolute_import, division, print_function

import json as json_module
import os

from waterspout._compat import Mapping, string_types, to_bytes
from waterspout.exceptions import InvalidJSONError, UnrewindableBodyError
from waterspout.urls import encode_pairs

#: Bytes read from a file at a time.
FILE_BYTES = 64 * 1024

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def encode_body(data=None, json=None):
    # type: (Any, Any) -> Tuple[Union[None, bytes, StreamedContent], Optional[str]]
    """The body and the Content-Type that go with it, each None when there is none.

    Args:
        data (mapping, iterable of (name, value), text or bytes): a form, or a body as it is
            (text as UTF-8, without a Content-Type), or a file or iterator of bytes, sent as it
            is read (see `StreamedContent`).
        json: anything JSON can say; ``data`` wins when both are given, as in requests.
    Raises: InvalidJSONError; ValueError when ``data`` is none of the above.
    """
    if data is not None and is_stream(data):
        return StreamedContent(data), None
    if data:
        if isinstance(data, string_types) or isinstance(data, bytearray):
            return bytes(to_bytes(data)), None
        return to_bytes(encode_pairs(data)), FORM
    if json is not None:
        return encode_json(json), JSON
    return None, None


def encode_json(value):
    # type: (Any) -> bytes
    """``value`` as JSON, with requests' separators. NaN and infinities are refused."""
    try:
        return to_bytes(json_module.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RuntimeError) as error:  # py2: RuntimeError is too deep a nest
        raise InvalidJSONError("json= cannot be sent as JSON: %s" % error)


def is_stream(data):
    # type: (Any) -> bool
    """Whether ``data`` is to be sent as it is read; the rule is requests'."""
    if isinstance(data, string_types) or isinstance(data, (bytearray, list, tuple, Mapping)):
        return False
    return hasattr(data, "read") or hasattr(data, "__aiter__") or (
        hasattr(data, "__iter__") and not hasattr(data, "items"))


class StreamedContent(object):
    """A body that is read while it is sent, never faster than the server takes it.

    Args:
        data (file, iterable of bytes, or asynchronous iterable of bytes): an item of an
            iterable may also be a Future of bytes.

    Attributes:
        length (int or None): bytes from where the file stands to its end; None for what is no
            file, which is sent chunked.
    """

    def __init__(self, data):
        # type: (Any) -> None
        self._data = data
        self._start = None
        self.length = None
        if hasattr(data, "read") and hasattr(data, "seek") and hasattr(data, "tell"):
            try:
                self._start = data.tell()
                data.seek(0, os.SEEK_END)
                self.length = data.tell() - self._start
                data.seek(self._start)
            except (IOError, OSError, ValueError):
                self._start = None  # A pipe, say.

    def pieces(self):
        # type: () -> Iterator[Any]
        """Bytes, or Futures and awaitables of bytes; StopAsyncIteration from one is the end."""
        data = self._data
        if hasattr(data, "read"):
            return iter(lambda: data.read(FILE_BYTES), b"")
        if hasattr(data, "__aiter__"):
            return iter(data.__aiter__().__anext__, None)
        return iter(data)

    def read(self):
        # type: () -> bytes
        """All of it, for who signs a body and sends those bytes in its place, as in requests.

        Raises: TypeError for what is not there at once.
        """
        if hasattr(self._data, "__aiter__"):
            raise TypeError("an asynchronous body cannot be read to be signed: give bytes")
        return b"".join(self.pieces())

    def rewind(self):
        # type: () -> None
        """To be sent again. Raises: UnrewindableBodyError for what is no file."""
        if self._start is None:
            raise UnrewindableBodyError("the body cannot be sent again: it is no file")
        self._data.seek(self._start)
