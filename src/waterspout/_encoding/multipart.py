"""``files=``: multipart/form-data (RFC 7578), byte for byte as requests sends it."""

from __future__ import absolute_import, division, print_function

import binascii
import os
import re

from waterspout._compat import (
    Mapping,
    buffer_bytes,
    integer_types,
    string_types,
    text_type,
    to_bytes,
)
from waterspout._encoding.header_checks import valid_name
from waterspout._encoding.streamed_bodies import StreamedBody, form_file_body, is_file
from waterspout.exceptions import InvalidHeader, Unsupported

#: Field lines of a part that are ours to write.
_OWN_FIELDS = ("content-disposition", "content-type", "content-location")

#: Python's way to say that a file has no name: <stdin>.
_ANGLE = re.compile(br"<|.*>\Z", re.DOTALL)

_FIELD_VALUE = re.compile(br"[\t\x20-\x7e\x80-\xff]*\Z")

# What browsers escape in names, as urllib3 2 does, and with it the control characters: some
# servers take more than CR and LF for the end of a line.
_UNSAFE = re.compile(br'[\x00-\x1f\x7f"]')


def encode_multipart(data, files, boundary=None):
    # type: (Any, Any, Optional[bytes]) -> Tuple[Union[bytes, MultipartBody], str]
    """The body and its Content-Type.

    Args:
        data (mapping or (name, value) pairs): fields, before the files.
        files (mapping or pairs): name to what is sent: a file, bytes or text, or a tuple
            ``(file name, that)``, with a content type and a mapping of header fields behind it
            if wanted. None as what is sent leaves the part out.
        boundary (bytes): random unless given.
    Returns: bytes where all is in memory already, else what reads the files as they are sent.
    Raises: ValueError, InvalidHeader; Unsupported for ``data`` that is a body of its own; what
        reading a file raises.
    """
    if boundary is None:
        boundary = binascii.hexlify(os.urandom(16))
    parts = list(_fields(data)) + list(_files(files))
    sections = []  # type: List[Union[bytes, StreamedBody]]
    for head, content in parts:
        sections += [b"--" + boundary + b"\r\n" + head, content, b"\r\n"]
    sections.append(b"--" + boundary + b"--\r\n")
    content_type = "multipart/form-data; boundary=" + str(boundary.decode("ascii"))
    if any(isinstance(section, StreamedBody) for section in sections):
        return MultipartBody(sections), content_type
    return b"".join(sections), content_type


class MultipartBody(StreamedBody):
    """Bytes and files, one after the other."""

    def __init__(self, sections):
        # type: (List[Union[bytes, StreamedBody]]) -> None
        self._sections = sections
        lengths = [len(section) if isinstance(section, bytes) else section.length
                   for section in sections]
        self.length = None if None in lengths else sum(lengths)

    def pieces(self):
        waiting = []  # Bytes between files go out together.
        for section in self._sections:
            if isinstance(section, bytes):
                waiting.append(section)
                continue
            yield b"".join(waiting)
            waiting = []
            for piece in section.pieces():
                yield piece
        yield b"".join(waiting)

    def rewind(self):
        for section in self._sections:
            if isinstance(section, StreamedBody):
                section.rewind()


def _fields(data):
    for name, values in _pairs("data", data):
        if isinstance(values, string_types) or not hasattr(values, "__iter__"):
            values = [values]
        for value in values:
            if value is not None:
                yield _head(name), _text(value)


def _files(files):
    for name, given in _pairs("files", files):
        content_type = headers = None
        if isinstance(given, (tuple, list)):
            if not 2 <= len(given) <= 4:
                raise ValueError(
                    "files=: %r has %d items, not (file name, file[, content type[, headers]])"
                    % (name, len(given)))
            file_name, content = given[:2]
            content_type, headers = (tuple(given[2:]) + (None, None))[:2]
        else:
            file_name, content = _name_of(given) or name, given
        if content is not None:
            yield _head(name, file_name, content_type, headers), _content(name, content)


def _pairs(keyword, given):
    if hasattr(given, "read") or hasattr(given, "__next__") or hasattr(given, "next"):
        raise Unsupported(
            "%s= is a body of its own, which has no place beside files=" % keyword,
            may_have_been_sent=False)
    if isinstance(given, Mapping) or hasattr(given, "items"):
        return list(given.items())
    if isinstance(given, string_types + (bytearray,)):
        raise ValueError("%s= must be a mapping or pairs where there are files=" % keyword)
    pairs = list(given or ())
    if not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
        raise ValueError("%s= must be a mapping or (name, value) pairs" % keyword)
    return pairs


def _name_of(content):
    # It may also be the number of a file.
    name = getattr(content, "name", None)
    if name and isinstance(name, string_types) and not _ANGLE.match(_text(name)):
        return os.path.basename(name)
    return None


def _content(name, content):
    if is_file(content):
        return form_file_body(content)
    if isinstance(content, string_types + integer_types):
        return _text(content)
    whole = buffer_bytes(content)
    if whole is not None:
        return whole
    raise ValueError(
        "files=: %r is %s, neither a file nor bytes nor text" % (name, type(content).__name__))


def _text(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    return to_bytes(text_type(value))


def _head(name, file_name=None, content_type=None, headers=None):
    lines = [b'Content-Disposition: form-data; name="' + _escaped(name) + b'"']
    if file_name is not None:
        lines[0] += b'; filename="' + _escaped(file_name) + b'"'
    given = [("Content-Type", content_type)]
    if headers:
        given += [pair for pair in _pairs("headers", headers)
                  if _text(pair[0]).lower().decode("latin-1") not in _OWN_FIELDS]
    lines += [_field_line(*pair) for pair in given if pair[1]]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _escaped(name):
    return _UNSAFE.sub(lambda found: ("%%%02X" % ord(found.group())).encode("ascii"), _text(name))


def _field_line(name, value):
    line = _text(value)
    if not _FIELD_VALUE.match(line):
        raise InvalidHeader("files=: header %s of a part has control characters" % (name,))
    return to_bytes(valid_name(name)) + b": " + line
