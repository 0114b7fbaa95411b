"""HTTP/1.1's grammar as regular expressions, each below the rule it transcribes.

Two rules keep matching linear for any input. Neighbours in a pattern never match the same byte, so
that there is one way to match and no backtracking; and optional whitespace around a value is left
in the match and stripped afterwards.

A bare LF ends no line in these patterns. RFC 9112 section 2.2 allows a recipient to accept one in
the start line and in fields. In response heads it is replaced by CRLF before they are parsed again,
and their connection is not reused (`BARE_LF`). In requests it is refused.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native

# RFC 9110 section 5.6.2
#   token          = 1*tchar
#   tchar          = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." /
#                    "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
_TOKEN = br"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"

# RFC 9110 section 5.5
#   field-value    = *field-content
#   field-content  = field-vchar [ 1*( SP / HTAB / field-vchar ) field-vchar ]
#   field-vchar    = VCHAR / obs-text
# with the optional whitespace of RFC 9112 section 5 on both sides:
#   field-line     = field-name ":" OWS field-value OWS
# CR, LF and NUL "MUST" be refused or replaced; the other control characters are "also
# invalid", and a recipient MAY keep them. We refuse them, because values are logged.
_FIELD_VALUE = br"[\t\x20-\x7e\x80-\xff]*"
_FIELD_LINE = _TOKEN + b":" + _FIELD_VALUE + b"\r\n"

#: A whole token: a method (RFC 9112 section 3.1) or a field name.
TOKEN = re.compile(_TOKEN + br"\Z")

#: A whole field value, untrimmed.
FIELD_VALUE = re.compile(_FIELD_VALUE + br"\Z")

#: `TOKEN` and `FIELD_VALUE` as patterns of native ``str``, for text that is sent as Latin-1.
NATIVE_TOKEN = to_native(_TOKEN, "latin-1")
NATIVE_FIELD_VALUE = to_native(_FIELD_VALUE, "latin-1")

# RFC 9112 section 4
#   status-line    = HTTP-version SP status-code SP [ reason-phrase ]
#   HTTP-version   = %s"HTTP" "/" DIGIT "." DIGIT
#   reason-phrase  = 1*( HTAB / SP / VCHAR / obs-text )
# A later minor version is read as the highest we know (RFC 9110 section 2.5), a later major
# version is another protocol. Status codes above 599 are invalid but treated as a 5xx (RFC 9110
# section 15); those below 100 have no meaning. Many servers without a reason phrase leave out the
# SP before it, and every client allows that.
_STATUS_LINE = br"HTTP/(1\.[0-9]) ([1-9][0-9][0-9])(?: (" + _FIELD_VALUE + br"))?\r\n"

# RFC 9112 section 2.1
#   HTTP-message   = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]

#: A whole response head: version, status code, reason or None, field lines.
RESPONSE_HEAD = re.compile(_STATUS_LINE + b"((?:" + _FIELD_LINE + br")*)\r\n")

#: The beginning of every response; anything else is another protocol.
RESPONSE_START = b"HTTP/1."

#: The first line of a response head, alone.
STATUS_LINE = re.compile(_STATUS_LINE)

#: Field lines and nothing else.
FIELD_LINES = re.compile(b"(?:" + _FIELD_LINE + br")*\Z")

#: One field line as it is sent; group 1 is its name. (A name with a colon matches shorter.)
FIELD_LINE = re.compile(b"(" + _TOKEN + b"):" + _FIELD_VALUE + br"\r\n\Z")

#: Name and untrimmed value of each field line, once the lines are known to be valid.
FIELD_PAIRS = re.compile(br"([^:\r\n]+):([^\r\n]*)\r\n")

#: RFC 9110 section 5.6.3, ``OWS``: stripped off field values.
OWS = b" \t"

# RFC 9112 section 5.2
#   obs-fold       = OWS CRLF RWS
#: To be replaced by one SP. (The OWS before it may stay: more than one SP is allowed.)
OBS_FOLD = re.compile(br"\r\n[ \t]+")

#: A line end without its CR.
BARE_LF = re.compile(br"(?<!\r)\n")


#: The fields that state how the body is framed and coded, whether the connection is kept and
#: whether a cookie is set. Search lower-cased lines, beginning with the LF before the first:
#: lower-casing them is cheaper than ignoring the case, because only then can ``re`` skip from one
#: LF to the next. The OWS before a value is not part of it; nothing follows the value, so that
#: there is no backtracking.
FRAMING_FIELDS = re.compile(
    br"\n(content-(?:length|encoding)|transfer-encoding|connection|set-cookie):"
    br"[ \t]*([^\r]*)")

# RFC 9110 section 8.6
#   Content-Length = 1*DIGIT
#: At most 19 digits, as many as 2**63 - 1 has.
LENGTH_DIGITS = 19
CONTENT_LENGTH = re.compile(br"[0-9]{1,%d}\Z" % LENGTH_DIGITS)

# RFC 9112 section 7.1
#   chunk          = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
#   last-chunk     = 1*("0") [ chunk-ext ] CRLF
#   chunk-size     = 1*HEXDIG
#   chunk-ext      = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
# At most 16 digits, 64 bits. Extensions are ignored, as a recipient MUST, but must not have control
# characters.
_CHUNK_SIZE = br"([0-9A-Fa-f]{1,16})"
_CHUNK_EXT = b";" + _FIELD_VALUE
_CHUNK_LINE = _CHUNK_SIZE + br"(?:[ \t]*" + _CHUNK_EXT + br")?\r\n"

# In requests the "bad whitespace" (BWS) before an extension is refused: a proxy that does not take
# "5 " for 5 reads another request.
_STRICT_CHUNK_LINE = _CHUNK_SIZE + b"(?:" + _CHUNK_EXT + br")?\r\n"

#: The line before a body's first chunk; group 1 is the size.
FIRST_CHUNK_LINE = re.compile(_CHUNK_LINE)
STRICT_FIRST_CHUNK_LINE = re.compile(_STRICT_CHUNK_LINE)

#: The CRLF that ends a chunk and the line before the next one; group 1 is the next one's size.
NEXT_CHUNK_LINE = re.compile(br"\r\n" + _CHUNK_LINE)
STRICT_NEXT_CHUNK_LINE = re.compile(br"\r\n" + _STRICT_CHUNK_LINE)

#: Either of the two, with whitespace after a size without an extension. No rule allows that, but
#: servers that write sizes of a fixed width send it.
PADDED_CHUNK_LINE = re.compile(br"(?:\r\n)?([0-9A-Fa-f]{1,16})[ \t]+\r\n")

# RFC 9112 section 3.2
#   request-target = origin-form / absolute-form / authority-form / asterisk-form
# Any visible ASCII character is allowed except the "#" of a fragment: some servers want an
# unescaped "|" or "{", and these characters cannot end the target or the line.
_HOST_CHAR = br"[\x21\x22\x24-\x2e\x30-\x3e\x41-\x7e]"  # Nor "/", "?" and "@".
_TARGET_CHAR = br"[\x21\x22\x24-\x7e]"

#: A character that is not allowed in a target.
NOT_IN_TARGET = re.compile(br"[^\x21\x22\x24-\x7e]")

# RFC 9112 section 3
#   request-line   = method SP request-target SP HTTP-version
#: Method and target as they are sent, in origin-form, or in absolute-form without userinfo
#: (RFC 9110 section 4.2.4). Neither can hold the SP between them.
REQUEST_LINE = re.compile(
    _TOKEN + br" (?:/|[A-Za-z][A-Za-z0-9+\-.]*://" + _HOST_CHAR + br"+(?:[/?]|\Z))"
    + _TARGET_CHAR + br"*\Z")

#: authority-form, for CONNECT only.
AUTHORITY = re.compile(_HOST_CHAR + br"+:[0-9]{1,5}\Z")

# What is received is held to less than what is sent: clients send targets with an unescaped "#" or
# "\\" or with raw UTF-8. Only SP, CR and LF can end a target.
_RECEIVED_TARGET = br"[\x21-\x7e\x80-\xff]+"

#: Method and target, as far as a request line can be read; SP follows them.
METHOD_AND_TARGET = re.compile(b"(" + _TOKEN + b") (" + _RECEIVED_TARGET + b") ")

# A later minor version is read as 1.1, the highest we know (RFC 9110 section 2.5).
_REQUEST_LINE = (
    b"(" + _TOKEN + b") (" + _RECEIVED_TARGET + br") HTTP/1\.([0-9])")

#: A received request line without its line end, in a version that we read.
REQUEST_LINE_RECEIVED = re.compile(_REQUEST_LINE + br"\Z")

#: A whole request head: method, target, minor version, field lines.
REQUEST_HEAD = re.compile(_REQUEST_LINE + br"\r\n((?:" + _FIELD_LINE + br")*)\r\n")

#: A byte that no target can hold, in a request line without control characters: HTAB.
NOT_IN_RECEIVED_TARGET = re.compile(br"[^\x21-\x7e\x80-\xff]")

#: RFC 9112 section 2.3; case matters.
HTTP_VERSION = re.compile(br"HTTP/[0-9]\.[0-9]\Z")

#: A byte that cannot be in a request head: a control character, or a CR or LF without the other.
#: (A CR at the end may still be followed by its LF.)
NOT_IN_HEAD = re.compile(br"[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n|\Z)|(?<!\r)\n")

#: A byte of obs-text (RFC 9110 section 5.5), some of which other readers take for white space.
OBS_TEXT = re.compile(br"[\x80-\xff]")

#: As `FRAMING_FIELDS`: the fields of a request that a server must know.
REQUEST_FIELDS = re.compile(
    br"\n(host|content-length|transfer-encoding|connection|expect|upgrade):[ \t]*([^\r]*)")

#: As `FRAMING_FIELDS`: the fields of a response that decide how its server sends it.
RESPONSE_FIELDS = re.compile(
    br"\n(content-length|transfer-encoding|connection):[ \t]*([^\r]*)")

#: The field lines that a response without a body must not have, in any letter case.
CONTENT_FRAMING_LINES = re.compile(
    br"(?im)^(?:content-length|transfer-encoding):[^\r]*\r\n")

#: A field line that names chunked alone, in any letter case.
CHUNKED_LINE = re.compile(br"(?im)^transfer-encoding:[ \t]*chunked[ \t]*\r\n")

#: The reason phrase of a status line with its CRLF, and the field lines after it.
REASON_AND_FIELD_LINES = re.compile(
    _FIELD_VALUE + br"\r\n(?:" + _FIELD_LINE + br")*\Z")

# RFC 9110 section 7.2, RFC 3986 section 3.2.2
#   Host           = uri-host [ ":" port ]
#   host           = IP-literal / IPv4address / reg-name
#   reg-name       = *( unreserved / pct-encoded / sub-delims )
# without the comma of sub-delims, with which proxies join two Host fields. Of an IPv6 address only
# the shape is checked.
_REG_NAME_CHARS = br"[a-z0-9\-._~!$&'()*+;=]*"
_REG_NAME = _REG_NAME_CHARS + br"(?:%[0-9a-f][0-9a-f]" + _REG_NAME_CHARS + b")*"
_IPV6 = br"\[(?:[0-9a-f]{0,4}:){2,8}(?:[0-9a-f]{0,4}|[0-9.]{7,15})\]"

#: A Host field's value, lower-cased; group 1 is the host, which may be empty, group 2 the port.
HOST = re.compile(br"(" + _IPV6 + b"|" + _REG_NAME + br")(?::([0-9]{0,5}))?\Z")

#: Scheme and authority at the beginning of a lower-cased target in absolute-form. An HTTP server
#: has resources of these two schemes only.
SCHEME_AND_AUTHORITY = re.compile(br"(https?)://([^/?#]*)")
