"""The header fields of one part of a form (RFC 7578 section 4)."""

from __future__ import absolute_import, division, print_function

import collections
import re

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Text, Tuple  # noqa: F401

#: ``name`` of the field (text), ``filename`` (text, or None: it is no file), ``content_type``.
PartHead = collections.namedtuple("PartHead", "name filename content_type")

# RFC 9110 section 5.6.2; blanks before the colon are not allowed.
_FIELD = re.compile(b"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*\\Z", re.DOTALL)

# One parameter after a semicolon. Each character is in one alternative: it takes linear time.
_PARAMETER = re.compile(
    b"[ \t]*;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\";, \t]*))")

_CONTROLS = re.compile(b"[\\x00-\\x08\\x0a-\\x1f\\x7f]")
_PLAIN = (b"7bit", b"8bit", b"binary")


class BadMultipart(ValueError):
    """A form cannot be used; ``str()`` is a sentence for its client."""


def part_head(lines):
    # type: (bytes) -> PartHead
    """Return what the header fields of a part say.

    Args:
        lines: them, separated by CRLF.
    Raises: BadMultipart.
    """
    fields = {}  # type: Dict[bytes, bytes]
    for line in lines.split(b"\r\n") if lines else ():
        match = _FIELD.match(line)
        if match is None or _CONTROLS.search(line):
            raise BadMultipart("a header field of a part of the form is not valid")
        name = match.group(1).lower()
        if name in fields:
            raise BadMultipart("a part of the form has the same header field twice")
        fields[name] = match.group(2)
    kind, parameters = with_parameters(fields.get(b"content-disposition", b""))
    if kind != b"form-data" or b"name" not in parameters:
        raise BadMultipart(
            'each part of the form needs a field like Content-Disposition: form-data; name="file"')
    if fields.get(b"content-transfer-encoding", b"binary").lower() not in _PLAIN:
        raise BadMultipart("a part of the form has a Content-Transfer-Encoding; send it as it is")
    content_type = fields.get(b"content-type", b"")
    if content_type.lower().startswith(b"multipart/"):
        raise BadMultipart("a part of the form is itself multipart; send one file")
    filename = parameters.get(b"filename")
    return PartHead(
        _text(parameters[b"name"]), None if filename is None else _text(filename),
        _text(content_type))


def with_parameters(value):
    # type: (bytes) -> Tuple[bytes, Dict[bytes, bytes]]
    """Split the value of a field such as Content-Type: the value in lower case, its parameters.

    Raises: BadMultipart: it is not valid, or has a parameter twice.
    """
    kind, semicolon, _ = value.partition(b";")
    parameters, at = {}, len(kind)  # type: Dict[bytes, bytes], int
    while value[at:].strip(b" \t;"):
        match = _PARAMETER.match(value, at)
        if match is None:
            raise BadMultipart("a parameter of Content-Type or Content-Disposition is not valid")
        name, quoted, plain = match.groups()
        name = name.lower()
        if name in parameters:
            raise BadMultipart(
                "a parameter of Content-Type or Content-Disposition is there twice")
        # A path of Windows has backslashes that escape nothing.
        parameters[name] = plain if quoted is None else quoted.replace(b'\\"', b'"')
        at = match.end()
    return kind.strip(b" \t").lower(), parameters


def _text(value):
    # type: (bytes) -> Text
    return value.decode("utf-8", "replace")
