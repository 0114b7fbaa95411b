"""Which charset a body is in."""

from __future__ import absolute_import, division, print_function

import codecs


def declared_charset(content_type):
    # type: (str) -> Optional[str]
    """As in requests: the charset parameter; text without one is Latin-1, JSON is UTF-8."""
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
    """UTF-8, -16 or -32: JSON begins with ASCII, so the NULs tell (RFC 4627 section 3)."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:4]
    nulls = tuple(index for index, byte in enumerate(bytearray(head)) if byte == 0)
    return {
        (0, 1, 2): "utf-32-be",
        (1, 2, 3): "utf-32-le",
        (0, 2): "utf-16-be",
        (1, 3): "utf-16-le",
    }.get(nulls, "utf-8")
