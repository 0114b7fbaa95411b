"""Which encoding a text has that is no Unicode: GB18030, or cp1252, the Latin-1 of Windows.

What surely is neither, such as Russian or Japanese, is refused: its encoding must be named.
"""

from __future__ import absolute_import, division, print_function

import codecs
import re

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.reading import places

#: Bytes of lines that are not ASCII which are looked at, from all over the file.
_SAMPLE = 65536
_CHUNK = 1 << 20

#: Bytes that cp1252, which Windows calls Latin-1, has no character for.
_NOT_CP1252 = re.compile(br"[\x81\x8d\x8f\x90\x9d]")
_HIGH = re.compile(br"[\x80-\xff]")
_AROUND = 200

#: In a row, which accented letters of Western languages are not: letters of another alphabet.
_ROWS = re.compile(br"[\x80-\xff]{3,}")
#: Signs of cp1252 between letters, or a capital behind small ones: letters of another encoding,
#: such as those of DOS, of a Mac or of Polish: M\u0178nchen.
_NO_LETTERS = re.compile(
    br"(?<=[A-Za-z\xc0-\xff])[\x82\x84\x86\x87\x89\x94\xa1-\xa7\xac\xaf\xb1\xb3\xb6\xb8\xb9\xbc-\xbf]"
    br"(?=[A-Za-z\xc0-\xff])|(?<=[a-z])[\x8a\x8e\x9f]")

#: A character as GB18030 has it that is no ASCII: of two bytes, or of four.
_CHARACTERS = re.compile(br"[\x81-\xfe](?:[0-9][\x81-\xfe][0-9]|[\x40-\xfe])")
#: One that is in everyday use: the punctuation and the characters of GB2312; and one of four bytes,
#: which no other text has by chance.
_COMMON = re.compile(br"[\xa1-\xa3\xb0-\xf7][\xa1-\xfe]\Z|....\Z", re.DOTALL)

#: One that stands alone in a word: two accented letters of a Western language, as in Gr\xf6\xdfe.
_IN_A_WORD = re.compile(br"(?<=[A-Za-z])[\x81-\xfe][\x80-\xfe](?=[A-Za-z])")

_CHINESE = ("gb2312", "gbk", "gb18030", "hz-gb-2312", "cp936")
#: In GB18030 a third of the characters in use are behind these, which Korean text in EUC-KR is not.
_KOREAN = re.compile(br"[\xb0-\xc8]")
_TELLING = 12
_WESTERN = ("iso-8859-1", "iso-8859-15", "windows-1252", "cp1252", "latin-1", "iso8859-1",
            "iso8859-15")
_SURE = 0.9
#: Bytes of surroundings in which so many common characters are no chance.
_ENOUGH = 500

#: Words that are not all ASCII, at which a person sees whether the encoding is right.
_BETWEEN_WORDS = re.compile(u"[\\s,;\"]+")
_NOT_ASCII = re.compile(u"[^\\x00-\\x7f]")
_SHOWN_WORDS = 3
_SHOWN_LETTERS = 30


def guess(source):
    # type: (BinarySource) -> tuple[str, Text]
    """Return the name of the encoding, and how it was found, of a file that is no Unicode.

    Raises: BulkError: it surely is in another one; or chardet, which helps to tell them, is not
        installed.
    """
    try:
        import chardet
    except ImportError:
        raise places.trouble(
            source.path, u'is not in UTF-8; name its encoding with --encoding, or have it found '
            u'out by pip install "waterspout-cmdb[bulk]"')
    sample, is_cp1252, is_gb18030 = _scan(source)
    answer = chardet.detect(sample)
    is_western = is_cp1252 and _is_western(sample)
    if not is_gb18030 and is_western:
        return "cp1252", u"found out: it is neither UTF-8 nor GB18030"
    is_chinese = is_gb18030 and _is_chinese(sample)
    if not is_western and not is_chinese:
        raise _unknown(source, sample, answer.get("encoding"))
    name = (answer.get("encoding") or "").lower().replace("_", "-")
    if (answer.get("confidence") or 0) >= _SURE:
        if name in _CHINESE:
            return "gb18030", u"found out"
        if name in _WESTERN and not is_chinese:
            return "cp1252", u"found out"
    if is_chinese:
        return "gb18030", u"found out" if len(sample) > _ENOUGH else _guessed(sample, "gb18030")
    return "cp1252", _guessed(sample, "cp1252")


def _guessed(sample, name):
    """Say so, with some words to look at."""
    words = []  # type: list
    for word in _BETWEEN_WORDS.split(sample.decode(name, "ignore")):
        word = word[:_SHOWN_LETTERS]
        if len(words) < _SHOWN_WORDS and word not in words and _NOT_ASCII.search(word):
            words.append(word)
    return u"guessed, it makes these words: %s" % u", ".join(words)


def _unknown(source, sample, name):
    maybe = u"such as mac-roman, cp850 or cp1250"
    if name and _is_of_another_alphabet(sample):  # Others are told apart by chance.
        maybe = u"perhaps %s" % to_unicode(name)
    return places.trouble(
        source.path, u"is not in UTF-8, and makes no words as GB18030 or cp1252 (Latin-1): save it "
        u"as CSV UTF-8, or name its encoding with --encoding, %s" % maybe)


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


def _is_western(sample):
    """Say whether the bytes that are no ASCII may be letters and signs of Western languages."""
    return not _is_of_another_alphabet(sample) and (
        len(_NO_LETTERS.findall(sample)) * 5 <= len(_HIGH.findall(sample)))


def _is_of_another_alphabet(sample):
    in_rows = sum(len(each) for each in _ROWS.findall(sample))
    return in_rows * 2 > len(_HIGH.findall(sample))


def _is_chinese(sample):
    """Say whether most of the characters, read as GB18030, are in everyday use."""
    found = _CHARACTERS.findall(sample)
    if len(found) >= _TELLING and sum(1 for each in found if not _KOREAN.match(each)) * 30 < len(
            found):
        return False
    if len(_IN_A_WORD.findall(sample)) * 2 > len(found):
        return False
    return sum(1 for each in found if _COMMON.match(each)) * 10 > len(found) * 8
