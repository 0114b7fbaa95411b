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
from waterspout._wire.grammar import FIELD_VALUE
from waterspout.exceptions import InvalidHeader, Unsupported

#: Fields of a part that are written here and cannot be given.
_OWN_FIELDS = ("content-disposition", "content-type", "content-location")

#: Python's names for files without one: <stdin>.
_ANGLE = re.compile(br"<|.*>\Z", re.DOTALL)

# The characters that browsers and urllib3 2 escape in names, and the control characters: for some
# servers others than CR and LF end a line.
_UNSAFE = re.compile(br'[\x00-\x1f\x7f"]')


def encode_multipart(data, files, boundary=None):
    # type: (Any, Any, Optional[bytes]) -> Tuple[Union[bytes, MultipartBody], str]
    """Return the body and its Content-Type.

    Args:
        data (mapping or (name, value) pairs): fields, sent before the files.
        files (mapping or pairs): for each name a file, bytes or text, or a tuple
            ``(file name, content[, content type[, headers]])``. Content of None leaves the part
            out.
        boundary (bytes or None): random if None.
    Returns: bytes if all is in memory already, else a body that reads the files while it is sent.
    Raises: ValueError, InvalidHeader; Unsupported: ``data`` is a whole body; and the errors of
        reading a file.
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
    """Bytes and files, one after another."""

    def __init__(self, sections):
        # type: (List[Union[bytes, StreamedBody]]) -> None
        self._sections = sections
        lengths = [len(section) if isinstance(section, bytes) else section.length
                   for section in sections]
        self.length = None if None in lengths else sum(lengths)

    def pieces(self):
        waiting = []  # The bytes between two files are sent together.
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
            "%s= is a whole body and cannot be sent together with files=" % keyword,
            may_have_been_sent=False)
    if isinstance(given, Mapping) or hasattr(given, "items"):
        return list(given.items())
    if isinstance(given, string_types + (bytearray,)) or given and not hasattr(given, "__iter__"):
        raise ValueError("%s= is %s, neither a mapping nor (name, value) pairs%s" % (
            keyword, type(given).__name__,
            ", as it has to be together with files=" if keyword == "data" else ""))
    pairs = list(given or ())
    if not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
        raise ValueError("%s= is not a mapping and has items that are not (name, value)" % keyword)
    return pairs


def _name_of(content):
    # The name may also be a descriptor's number.
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
    if not FIELD_VALUE.match(line):
        raise InvalidHeader("files=: header %s of a part has a control character" % (name,))
    return to_bytes(valid_name(name)) + b": " + line
