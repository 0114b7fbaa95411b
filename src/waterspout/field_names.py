"""Names of header fields that several parts have to know, in lower case."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import to_bytes

#: The fields that state the length of a body (RFC 9112 section 6). They are written from the body.
FRAMING = frozenset(["content-length", "transfer-encoding"])

#: The same as they are compared on the wire.
FRAMING_BYTES = frozenset(to_bytes(name) for name in FRAMING)

#: The fields that describe a body. They are not credentials of a request.
OF_BODY = FRAMING | frozenset(["content-type", "content-encoding"])
