"""Request bodies: ``data=``, ``json=`` and ``files=`` to bytes, as requests encodes them."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Mapping, buffer_bytes, string_types, to_bytes
from waterspout._encoding.multipart import encode_multipart
from waterspout._encoding.streamed_bodies import is_file, streamed_body
from waterspout._encoding.urls import encode_pairs
from waterspout._json_text.encoded_json import EncodedJSON
from waterspout._json_text.encoder import encoder
from waterspout._json_text.writer import LargeValue
from waterspout.exceptions import InvalidJSONError

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def encode_body(data=None, json=None, files=None):
    # type: (Any, Any, Any) -> Tuple[Union[None, bytes, StreamedBody], Optional[str]]
    """Return the body and its Content-Type, each None if there is none.

    Args:
        data (mapping, iterable of (name, value), text, bytes or buffer): a form; or the body
            itself, without a Content-Type: text as UTF-8, the bytes of a buffer (bytearray,
            memoryview, array), or a file or iterator of bytes, which is read while it is sent
            (see `waterspout._encoding.streamed_bodies`).
        json: any value that JSON can represent, or an `EncodedJSON`; ignored if ``data`` is
            given too, as in requests.
        files (mapping or pairs): see `waterspout._encoding.multipart.encode_multipart`.
    Raises: InvalidJSONError, InvalidHeader, Unsupported; ValueError: ``data`` or ``files`` is none
        of the above; and the errors of reading a file.
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
            return to_bytes(encode_pairs(data, "data")), FORM
    if json is not None:
        return encode_json(json), JSON
    return None, None


def encode_json(value):
    # type: (Any) -> bytes
    """``value`` as JSON, with requests' separators. NaN and infinities are refused."""
    if isinstance(value, EncodedJSON):
        return value.content
    try:
        return _dumps(value)
    except _NOT_JSON as error:
        raise _invalid(error)


class LargeJSON(LargeValue):
    """Encodes a large value for ``json=`` in steps; the result is that of `encode_json`."""

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


_NOT_JSON = (TypeError, ValueError, RuntimeError)  # py2: RuntimeError if nested too deep.


_encode = encoder()


def _dumps(value):
    return to_bytes(_encode(value))


def _invalid(error):
    return InvalidJSONError("json= cannot be sent as JSON: %s" % error)


def _whole(data):
    # type: (Any) -> Optional[bytes]
    """The bytes of text or a buffer; None for anything else."""
    if isinstance(data, string_types):
        return bytes(to_bytes(data))
    if isinstance(data, (list, tuple, Mapping)) or is_file(data):
        return None
    return buffer_bytes(data)


def is_stream(data):
    # type: (Any) -> bool
    """Whether ``data``, not text or a buffer, is read while it is sent; requests' rule."""
    if isinstance(data, (list, tuple, Mapping)):
        return False
    return hasattr(data, "read") or hasattr(data, "__aiter__") or (
        hasattr(data, "__iter__") and not hasattr(data, "items"))
