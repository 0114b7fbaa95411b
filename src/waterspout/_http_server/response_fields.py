"""The field lines of a response, encoded from Tornado's HTTPHeaders."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout._compat import PY2, text_type
from waterspout._late_headers import LateHeaders


def encode_fields(headers):
    # type: (HTTPHeaders) -> Tuple[bytes, int, Optional[int]]
    """Return the field lines, each with its CRLF, their number, and a length.

    That is the value of a last field, Content-Length, if it is not among the lines; else None.

    They are not checked here: a value with a line break makes more lines than the number says.
    Names and values may be bytes, as Tornado allows.

    Raises: ValueError: a name has a colon; UnicodeEncodeError: text that is not Latin-1.
    """
    if isinstance(headers, LateHeaders):
        encoded = headers.encoded()
        if encoded is not None:
            raw, length = encoded
            return raw, raw.count(b"\n"), length
    pairs = list(headers.get_all())
    try:
        names = "".join(dict(pairs))
        lines = list(map(": ".join, pairs))
    except (TypeError, UnicodeError):  # Bytes among them.
        pairs = [(native_str(name), native_str(value)) for name, value in pairs]
        names = "".join(dict(pairs))
        lines = ["%s: %s" % pair for pair in pairs]
    # The wire would take the rest of such a name for the beginning of its value.
    if ":" in names:
        raise ValueError("a header name has a colon")
    lines.append("")
    return encode("\r\n".join(lines)), len(pairs), None


if PY2:

    def encode(text):
        # type: (str) -> bytes
        """Encode as Tornado does: in Latin-1 on Python 3, and in UTF-8 on 2.7."""
        return text.encode("utf-8") if isinstance(text, text_type) else text

else:

    def encode(text):
        return text.encode("latin-1")
