"""Which encoding a text has that is no Unicode: GB18030, or Latin-1 in one of its forms."""

from __future__ import absolute_import, division, print_function

import codecs
import re

from waterspout_cmdb.bulk.reading import places

#: Bytes of lines that are not ASCII which are looked at, from all over the file.
_SAMPLE = 65536
_CHUNK = 1 << 20

#: Bytes that cp1252, which Windows calls Latin-1, has no character for.
_NOT_CP1252 = re.compile(br"[\x81\x8d\x8f\x90\x9d]")
_HIGH = re.compile(br"[\x80-\xff]")
_AROUND = 200

#: A character as GB18030 has it that is no ASCII: of two bytes, or of four.
_CHARACTERS = re.compile(br"[\x81-\xfe](?:[0-9][\x81-\xfe][0-9]|[\x40-\xfe])")
#: One that is in everyday use: the punctuation and the characters of GB2312; and one of four bytes,
#: which no other text has by chance.
_COMMON = re.compile(br"[\xa1-\xa3\xb0-\xf7][\xa1-\xfe]\Z|....\Z", re.DOTALL)

_CHINESE = ("gb2312", "gbk", "gb18030", "hz-gb-2312", "cp936")
_WESTERN = ("iso-8859-1", "iso-8859-15", "windows-1252", "cp1252", "latin-1", "iso8859-1",
            "iso8859-15")
_SURE = 0.9
#: Bytes of surroundings in which so many common characters are no chance.
_ENOUGH = 500
_GUESSED = u"guessed, look at the first rows"


def guess(source):
    # type: (BinarySource) -> tuple[str, Text]
    """Return the name of the encoding, and how it was found, of a file that is no Unicode.

    Raises: BulkError: chardet, which helps to tell them, is not installed.
    """
    try:
        import chardet
    except ImportError:
        raise places.trouble(
            source.path, u'is not in UTF-8; name its encoding with --encoding, or have it found '
            u'out by pip install "waterspout-cmdb[bulk]"')
    sample, is_cp1252, is_gb18030 = _scan(source)
    latin = "cp1252" if is_cp1252 else "latin-1"
    if not is_gb18030:
        return latin, u"found out: it is neither UTF-8 nor GB18030"
    answer = chardet.detect(sample)
    name = (answer.get("encoding") or "").lower().replace("_", "-")
    if (answer.get("confidence") or 0) >= _SURE:
        if name in _CHINESE:
            return "gb18030", u"found out"
        if name in _WESTERN and not _is_chinese(sample):
            return latin, u"found out"
    if _is_chinese(sample):
        return "gb18030", u"found out" if len(sample) > _ENOUGH else _GUESSED
    return latin, _GUESSED


def _scan(source):
    """Return lines that are no ASCII; whether all is cp1252; whether all is GB18030."""
    sample, is_cp1252, is_gb18030 = b"", True, True
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    with source.open() as file:
        while True:
            chunk = file.read(_CHUNK)
            if len(sample) < _SAMPLE:
                sample += _odd_parts(chunk, _SAMPLE - len(sample))
            is_cp1252 = is_cp1252 and not _NOT_CP1252.search(chunk)
            if is_gb18030:
                try:
                    decoder.decode(chunk, not chunk)
                except UnicodeDecodeError:
                    is_gb18030 = False
            if not chunk:
                return sample, is_cp1252, is_gb18030


def _odd_parts(chunk, size):
    """Return the surroundings of bytes that are no ASCII, lines if they are short."""
    parts, end = [], 0
    while size > 0:
        match = _HIGH.search(chunk, end)
        if match is None:
            break
        start = max(end, match.start() - _AROUND)
        start = max(start, chunk.rfind(b"\n", start, match.start()) + 1)
        line_end = chunk.find(b"\n", match.end(), match.end() + 2 * _AROUND)
        end = line_end + 1 if line_end >= 0 else match.end() + 2 * _AROUND
        parts.append(chunk[start:end])
        size -= end - start
    return b"".join(parts)


def _is_chinese(sample):
    """Say whether most of the characters, read as GB18030, are in everyday use."""
    found = _CHARACTERS.findall(sample)
    return sum(1 for each in found if _COMMON.match(each)) * 10 > len(found) * 8
