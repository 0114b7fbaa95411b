"""Request bodies: ``data=``, ``json=`` and ``files=`` to bytes, as requests encodes them."""

from __future__ import absolute_import, division, print_function

import json as json_module

from waterspout._compat import Mapping, buffer_bytes, string_types, to_bytes
from waterspout._encoding.multipart import encode_multipart
from waterspout._encoding.streamed_bodies import is_file, streamed_body
from waterspout._encoding.urls import encode_pairs
from waterspout._json_text.writer import LargeValue
from waterspout.exceptions import InvalidJSONError

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def encode_body(data=None, json=None, files=None):
    # type: (Any, Any, Any) -> Tuple[Union[None, bytes, StreamedBody], Optional[str]]
    """The body and the Content-Type that go with it, each None when there is none.

    Args:
        data (mapping, iterable of (name, value), text, bytes or buffer): a form, or a body as it
            is (text as UTF-8; the bytes that a bytearray, memoryview, array and the like hold;
            without a Content-Type), or a file or iterator of bytes, sent as it is read (see
            `waterspout._encoding.streamed_bodies`).
        json: anything JSON can say, or an `EncodedJSON`; ``data`` wins when both are given, as
            in requests.
        files (mapping or pairs): see `waterspout._encoding.multipart.encode_multipart`.
    Raises: InvalidJSONError, InvalidHeader, Unsupported; ValueError when ``data`` or ``files``
        is none of the above; what reading a file raises.
    """
    if files:
        return encode_multipart(data, files)
    if data is not None:
        whole = _whole(data)
        if whole:
            return whole, None
        if whole is None and is_stream(data):
            return streamed_body(data), None
        if whole is None and data:
            return to_bytes(encode_pairs(data)), FORM
    if json is not None:
        return encode_json(json), JSON
    return None, None


class EncodedJSON(object):
    """What ``json=`` is to say, encoded already: `LargeJSON` makes them."""

    __slots__ = ("content",)

    def __init__(self, content):
        # type: (bytes) -> None
        self.content = content


def encode_json(value):
    # type: (Any) -> bytes
    """``value`` as JSON, with requests' separators. NaN and infinities are refused."""
    if type(value) is EncodedJSON:
        return value.content
    try:
        return _dumps(value)
    except _NOT_JSON as error:
        raise _invalid(error)


class LargeJSON(LargeValue):
    """A large value for ``json=`` on its way to an `EncodedJSON`, the same as `encode_json`'s."""

    def __init__(self, value):
        # type: (Any) -> None
        super(LargeJSON, self).__init__(value, _dumps, b", ", b": ")

    def steps(self):
        # type: () -> Iterator[None]
        """Raises: InvalidJSONError."""
        try:
            for _ in super(LargeJSON, self).steps():
                yield
        except _NOT_JSON as error:
            raise _invalid(error)

    def result(self):
        # type: () -> EncodedJSON
        return EncodedJSON(super(LargeJSON, self).result())


_NOT_JSON = (TypeError, ValueError, RuntimeError)  # py2: RuntimeError is too deep a nest.


def _dumps(value):
    return to_bytes(json_module.dumps(value, allow_nan=False))


def _invalid(error):
    return InvalidJSONError("json= cannot be sent as JSON: %s" % error)


def _whole(data):
    # type: (Any) -> Optional[bytes]
    """What holds its bytes already, as text and buffers do; None for anything else."""
    if isinstance(data, string_types):
        return bytes(to_bytes(data))
    if isinstance(data, (list, tuple, Mapping)) or is_file(data):
        return None
    return buffer_bytes(data)


def is_stream(data):
    # type: (Any) -> bool
    """Whether ``data``, no text and no buffer, is sent as it is read; the rule is requests'."""
    if isinstance(data, (list, tuple, Mapping)):
        return False
    return hasattr(data, "read") or hasattr(data, "__aiter__") or (
        hasattr(data, "__iter__") and not hasattr(data, "items"))
