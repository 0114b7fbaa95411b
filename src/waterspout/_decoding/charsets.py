"""Charsets of bodies: declared, detected, and decoding text."""

from __future__ import absolute_import, division, print_function

import codecs
import importlib

#: Bytes given to a detector. It takes a few milliseconds, which block the IOLoop.
SAMPLE_BYTES = 4096

#: Packages that guess charsets; requests' list, in its order.
_DETECTORS = ("chardet", "charset_normalizer")

#: Python codecs that are not charsets. Some of them take quadratic time, and a server could name
#: one. (Codecs from bytes to bytes, which on 2.7 would decompress without a limit, are recognised
#: by their attribute.)
_NOT_CHARSETS = frozenset([
    "idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "string-escape", "undefined",
    "unicode-escape", "unicode-internal",
])

#: Byte order marks without a NUL begin with this byte or a higher one.
_LOWEST_MARK = codecs.BOM_UTF8[:1]

_detect = None  # type: Optional[Callable]  # Imported when first needed.


def declared_charset(content_type):
    # type: (str) -> Optional[str]
    """The charset of a Content-Type, or None; as in requests, text without one is Latin-1."""
    media_type, _, parameters = content_type.partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip("\"' ")
    if "text" in media_type:
        return "ISO-8859-1"
    if "application/json" in media_type:
        return "utf-8"
    return None


def json_charset(data):
    # type: (bytes) -> str
    """UTF-8, -16 or -32, from the NULs: JSON begins with ASCII characters (RFC 4627 section 3)."""
    head = data[:4]
    if b"\0" not in head and head < _LOWEST_MARK:
        return "utf-8"
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    nulls = tuple(index for index, byte in enumerate(bytearray(head)) if byte == 0)
    return {
        (0, 1, 2): "utf-32-be",
        (1, 2, 3): "utf-32-le",
        (0, 2): "utf-16-be",
        (1, 3): "utf-16-le",
    }.get(nulls, "utf-8")


def codec_of(charset):
    # type: (str) -> codecs.CodecInfo
    """The codec of a charset. Raises: LookupError: Python has no charset of that name."""
    try:
        codec = codecs.lookup(charset)
    except (TypeError, ValueError, UnicodeError):  # A NUL in it, or letters outside ASCII.
        raise LookupError("no charset has the name %r" % (charset,))
    if not getattr(codec, "_is_text_encoding", True):
        raise LookupError("%r is a codec, but not a charset" % charset)
    if codec.name.replace("_", "-") in _NOT_CHARSETS:
        raise LookupError("%r is a codec, but not a charset" % charset)
    return codec


def decode(data, charset):
    # type: (bytes, str) -> Text
    """``data`` as text, as in requests: UTF-8 for an unknown charset, U+FFFD for bad bytes."""
    return _known(charset).decode(data, "replace")[0]


def decoder(charset):
    # type: (str) -> codecs.IncrementalDecoder
    """An incremental decoder that does what `decode` does."""
    return _known(charset).incrementaldecoder("replace")


def guess_charset(data):
    # type: (bytes) -> str
    """UTF-8 if ``data`` is UTF-8; else a detector's guess if one is installed; else Latin-1.

    The detector gets `SAMPLE_BYTES` from around the first byte that is not UTF-8.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = max(0, error.start - SAMPLE_BYTES // 2) & ~3  # Whole characters of UTF-16 and -32.
        return _detector()(data[start:start + SAMPLE_BYTES])["encoding"] or "ISO-8859-1"
    return "utf-8"


def _known(charset):
    try:
        return codec_of(charset)
    except LookupError:
        return codecs.lookup("utf-8")


def _detector():
    global _detect
    if _detect is None:
        _detect = _find_detector()
    return _detect


def _find_detector():
    for name in _DETECTORS:
        try:
            return importlib.import_module(name).detect
        except ImportError:
            pass
    return lambda sample: {"encoding": None}
