"""Which format a file has: told by its content first, by its name second."""

from __future__ import absolute_import, division, print_function

import re

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import places, text_encodings

FORMATS = ("csv", "tsv", "json", "jsonl", "xlsx")

_NAMES = (
    (".xlsx", "xlsx"), (".xlsm", "xlsx"), (".jsonl", "jsonl"), (".ndjson", "jsonl"),
    (".json", "json"), (".tsv", "tsv"), (".tab", "tsv"),
)
_AS_CSV = u"save it as .xlsx or as CSV UTF-8"

#: What people give by mistake, by its first bytes.
_OTHERS = (
    (b"%PDF-", u"is a PDF document; export the table itself, as .xlsx or CSV"),
    (b"\x89PNG", u"is a picture (PNG); export the table itself, as .xlsx or CSV"),
    (b"\xff\xd8\xff", u"is a picture (JPEG); export the table itself, as .xlsx or CSV"),
    (b"GIF8", u"is a picture (GIF); export the table itself, as .xlsx or CSV"),
    (b"7z\xbc\xaf\x27\x1c", u"is a 7z archive; unpack it, and import a file in it"),
    (b"Rar!\x1a\x07", u"is a RAR archive; unpack it, and import a file in it"),
    (b"BZh", u"is packed with bzip2; unpack it with bunzip2, or pack it with gzip"),
    (b"\xfd7zXZ\0", u"is packed with xz; unpack it with unxz, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", u"is packed with zstd; unpack it with unzstd, or pack it with gzip"),
    (b"SQLite format 3\0", u"is an SQLite database; export the table as CSV"),
    (b"{\\rtf", u"is an RTF document; " + _AS_CSV),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = re.compile(br"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")

# A comment ends at the first "-->": with ".*?" there were 2 ** n ways through n comments.
_PAGE = re.compile(br"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
                   re.IGNORECASE | re.DOTALL)
_XML = re.compile(br"\s*<\?xml\b")
_ARRAY = re.compile(br"\s*\[\s*(?:[{\]]|\Z)")
_OBJECT = re.compile(br"\s*\{\s*(?:[\"}]|\Z)")
_CONTROLS = re.compile(br"[\0-\x08\x0e-\x1a]")


def find_format(source, wanted=None):
    # type: (BinarySource, str | None) -> str
    """Return "csv" (which may turn out to be "tsv"), "tsv", "json", "jsonl" or "xlsx".

    Args:
        wanted: what the user says.
    Raises: BulkError: it is something else, and what.
    """
    if wanted and wanted not in FORMATS:
        raise BulkError(u"--format %s: is none of %s" % (wanted, u", ".join(FORMATS)))
    head = source.head
    _refuse_others(source, head)
    if head.startswith(_ZIP):
        if wanted not in (None, "xlsx"):
            raise places.trouble(
                source.path, u"is a zip file, as .xlsx is, and no %s; leave --format out" % wanted)
        return "xlsx"
    if wanted == "xlsx":
        raise places.trouble(
            source.path, u"is no .xlsx file; leave --format out to have its format found out")
    if wanted:
        return wanted
    text = _MARKS.sub(b"", head).replace(b"\0", b"")  # UTF-16 becomes readable by this.
    if _ARRAY.match(text):
        return "json"
    if _OBJECT.match(text):
        return "jsonl"
    named = _named(source.path)
    if named == "xlsx":
        raise places.trouble(
            source.path, u"is named as an Excel file, and is none; if it is CSV, say --format csv")
    return "csv" if named in (None, "tsv") else named


def _named(path):
    name = path.lower()
    name = name[: -len(".gz")] if name.endswith(".gz") else name
    for ending, format in _NAMES:
        if name.endswith(ending):
            return format
    return None


def _refuse_others(source, head):
    for first, text in _OTHERS:
        if head.startswith(first):
            raise places.trouble(source.path, text)
    if head.startswith(_OLE):
        raise places.trouble(source.path, _told_of_ole(source))
    text = _MARKS.sub(b"", head).replace(b"\0", b"")
    if _PAGE.match(text):
        raise places.trouble(
            source.path, u"is a web page (HTML), perhaps a login page that was saved in place of "
            u"the file; open it to see, and fetch the file again")
    if _XML.match(text):
        raise places.trouble(source.path, u"is an XML file; " + _AS_CSV)
    if head.startswith(_ZIP) or _MARKS.match(head) or text_encodings.zero_bytes_tell(head):
        return
    if len(_CONTROLS.findall(head)) > max(8, len(head) // 50):
        raise places.trouble(
            source.path, u"is no text, and no file that is known here; " + _AS_CSV)


def _told_of_ole(source):
    encrypted, last = u"EncryptedPackage".encode("utf-16-le"), b""
    with source.open() as file:
        while True:
            chunk = file.read(1 << 20)
            if encrypted in last + chunk:
                return (u"is protected with a password; open it in Excel, take the password off "
                        u"(File, Info, Protect Workbook), and save it")
            if not chunk:
                return (u"is an old Excel file (.xls) or another old Office file; open it, and "
                        + _AS_CSV)
            last = chunk[-len(encrypted) :]
