"""The encoding of a text file: what the user says, or what its bytes tell."""

from __future__ import absolute_import, division, print_function

import codecs
import collections

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import places
from waterspout_cmdb.bulk.reading.text_encodings import legacy

#: ``name``: what Python calls it, with which the file can be written again. ``codec``: what reads
#: the text behind the first ``skip`` bytes, which are the byte order mark. ``told``: how it is
#: known, for the user, or None for plain UTF-8.
Encoding = collections.namedtuple("Encoding", "name codec skip told")

#: The longer marks first: that of UTF-32 begins as one of UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)

#: What Python calls codecs, and what is no encoding of a file.
_NO_ENCODINGS = ("rot13", "rot-13", "unicode-escape", "unicode_escape", "raw-unicode-escape",
                 "raw_unicode_escape", "unicode_internal", "idna", "punycode", "undefined",
                 "string-escape", "mbcs", "oem")

_CHUNK = 1 << 20
_OTHER = u"--encoding names another"


def find_encoding(source, wanted=None):
    # type: (BinarySource, str | None) -> Encoding
    """Return the encoding of a text file, in which the whole of it can be read.

    Args:
        source: the file, which is read once as a whole, more often if it is not UTF-8.
        wanted: what the user says.
    Raises: BulkError: no encoding is found, or the file is not in it.
    """
    encoding = _wanted(source, wanted) if wanted else _marked(source) or _unmarked(source)
    position = first_bad_byte(source, encoding)
    if position is None:
        return encoding
    if wanted or encoding.codec != "utf-8" or encoding.skip:
        raise _not_in_it(source, encoding, position)
    name, told = legacy.guess(source)
    return Encoding(name, name, 0, u"encoding %s (%s; %s)" % (_shown(name), told, _OTHER))


def first_bad_byte(source, encoding):
    # type: (BinarySource, Encoding) -> int | None
    """Return the position from 0 of the first byte that is not in an encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    with source.open() as file:
        end = len(file.read(encoding.skip))
        try:
            while True:
                chunk = file.read(_CHUNK)
                end += len(chunk)
                decoder.decode(chunk, not chunk)
                if not chunk:
                    return None
        except UnicodeDecodeError as error:
            # The decoder looks at what it kept of the chunk before as well.
            return end - len(error.object) + error.start


def _wanted(source, wanted):
    try:
        name = codecs.lookup(wanted).name
        text, _ = codecs.lookup(name).decode(b"")
        if not isinstance(text, type(u"")) or name in _NO_ENCODINGS:
            raise LookupError
        codecs.getincrementaldecoder(name)
    except Exception:  # Codecs that are no encodings raise all kinds of errors.
        raise BulkError(
            u"--encoding %s: no text encoding has this name; write for example utf-8, gb18030, "
            u"cp1252 or utf-16" % wanted)
    for mark, marked, codec in _MARKS:
        if name in (marked, codec) and source.head.startswith(mark):
            return Encoding(marked, codec, len(mark), u"encoding %s" % _shown(marked))
    name = "utf-8" if name == "utf-8-sig" else name
    return Encoding(name, name, 0, u"encoding %s" % _shown(name))


def _marked(source):
    for mark, name, codec in _MARKS:
        if source.head.startswith(mark):
            told = u"encoding %s (by its first bytes)" % _shown(name)
            return Encoding(name, codec, len(mark), told)
    return None


def _unmarked(source):
    name = zero_bytes_tell(source.head)
    if name is None:
        return Encoding("utf-8", "utf-8", 0, None)
    told = u"encoding %s (by its zero bytes; %s)" % (_shown(name), _OTHER)
    return Encoding(name, name, 0, told)


def zero_bytes_tell(head):
    # type: (bytes) -> str | None
    """Return the UTF-16 that bytes without a mark are in, or None.

    Separators, digits and line ends have a zero byte each there, always on the same side.
    """
    head = head[: len(head) // 2 * 2]
    first, second = head[0::2].count(b"\0"), head[1::2].count(b"\0")
    if max(first, second) < max(2, len(head) // 100) or min(first, second) * 10 > first + second:
        return None
    zeros, others = (head[0::2], head[1::2]) if first > second else (head[1::2], head[0::2])
    beside = [byte for zero, byte in zip(bytearray(zeros[:4096]), bytearray(others[:4096]))
              if not zero]
    if sum(1 for byte in beside if byte >= 32 or byte in (9, 10, 13)) * 20 < len(beside) * 19:
        return None  # It is no text.
    return "utf-16-be" if first > second else "utf-16-le"


def _not_in_it(source, encoding, position):
    with source.open() as file:
        left = position  # What is in gzip cannot seek.
        while left > 0:
            left -= len(file.read(min(left, _CHUNK))) or left
        byte = bytearray(file.read(1) or b"\0")[0]
    return places.trouble(
        source.path,
        u"byte %d (%02x) is no %s; name the encoding of the file with --encoding, "
        u"for example gb18030 or cp1252" % (position + 1, byte, _shown(encoding.name)),
        row=_line_of(source, encoding, position))


def _line_of(source, encoding, position):
    """Return the number of the line that has a byte, from 1."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    number, last = 1, u""
    with source.open() as file:
        left = position - len(file.read(encoding.skip))
        while left > 0:
            chunk = file.read(min(left, _CHUNK))
            if not chunk:
                break
            left -= len(chunk)
            text = decoder.decode(chunk)
            number += text.count(u"\n") + text.count(u"\r") - text.count(u"\r\n")
            if last == u"\r" and text.startswith(u"\n"):
                number -= 1
            last = text[-1:] or last
    return number


def _shown(name):
    return {
        "utf-8": u"UTF-8", "utf-8-sig": u"UTF-8 with a byte order mark", "gb18030": u"GB18030",
        "cp1252": u"cp1252 (Latin-1 of Windows)", "latin-1": u"Latin-1",
    }.get(name, u"%s" % name.upper())
