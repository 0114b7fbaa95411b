"""What is refused of an Excel file before a byte of it is given to a parser: bombs, other files."""

from __future__ import absolute_import, division, print_function

import re
import zipfile
import zlib

from waterspout_cmdb.bulk.reading import places

MB = 1 << 20

MAX_ENTRIES = 10000
#: Bytes of all that is in the file, unpacked, and times its size.
MAX_TOTAL = 2048 * MB
MAX_RATIO = 250
SMALL = 16 * MB

#: Bytes of the texts of cells, which are kept in memory, and their number.
MAX_STRINGS = 128 * MB
MAX_STRING_COUNT = 3000000
#: Bytes of what else is parsed as a whole: styles, names, relations.
MAX_OTHER = 32 * MB
#: Rows that a sheet can have, and bytes of one.
MAX_ROWS = 1048576
MAX_ROW = 8 * MB

#: Cells beyond the header, blank ones before the last included: one cell far to the right in each
#: row would have each row, and its rejection, 16384 cells.
MAX_BEYOND = 5000000

_CHUNK = MB
_PROLOG = 65536
_DTD = re.compile(br"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(br"<(?:\w+:)?row[ />\r\n\t]")
_STRING = re.compile(br"<(?:\w+:)?si[ />\r\n\t]")

_BAD = (zipfile.BadZipfile, zlib.error, EOFError, IOError, RuntimeError, NotImplementedError,
        ValueError, KeyError, OverflowError)
DAMAGED = u"is damaged, or is no Excel file (%s); open it in Excel and save it again"


def check_archive(file, path):
    # type: (io.BufferedIOBase, str) -> None
    """Refuse a file that is no workbook, or one that would fill the memory.

    The memory of a workbook that passes is bounded: 1,000,000 different texts of 20 characters took
    160 MB, so that `MAX_STRING_COUNT` take less than 600 MB. What openpyxl keeps of each row took
    60 bytes, which is 60 MB for as many as a sheet can have. A sheet with its texts inside took
    25 MB for 200,000 rows.

    Args:
        file: it can seek; it is not closed.
    Raises: BulkError: what it is, and what to do.
    """
    size = _size(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_others(archive, entries, path)
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ENTRIES or total > MAX_TOTAL or (
                    total > SMALL and total > MAX_RATIO * size):
                raise places.trouble(
                    path, u"would unpack to %d parts and %d MB, from %d KB; that is no spreadsheet "
                    u"to import: save it as CSV if it is" % (
                        len(entries), total // MB, size // 1024))
            for entry in entries:
                _check_entry(archive, entry, path)
    except _BAD as error:
        raise places.trouble(path, DAMAGED % error)


def _size(file):
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


def _refuse_others(archive, entries, path):
    names = set(entry.filename for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise places.trouble(path, u"is a zip file with a password; take the password off")
    what = None
    if "mimetype" in names:
        what = u"is an OpenDocument file (.ods); save it as .xlsx"
    elif "xl/workbook.bin" in names:
        what = u"is a binary Excel file (.xlsb); save it as .xlsx"
    elif any(name.startswith("word/") for name in names):
        what = u"is a Word document; save its table as .xlsx or CSV"
    elif any(name.endswith(".iwa") for name in names):
        what = u"is a Numbers document; export it as Excel (.xlsx)"
    elif "[Content_Types].xml" not in names:
        inside = u", ".join(sorted(_text(name) for name in names)[:3]) or u"nothing"
        what = (u"is a zip file, and no Excel file (it has %s); unpack it, and import a file in it"
                % inside)
    if what:
        raise places.trouble(path, what)


def _check_entry(archive, entry, path):
    name = entry.filename.lower()
    if not name.endswith((".xml", ".rels", ".vml")) and entry.file_size <= MAX_OTHER:
        return  # Pictures and the like.
    is_sheet = name.startswith("xl/worksheets/")
    is_strings = name.endswith("sharedstrings.xml")
    with archive.open(entry) as part:
        if _DTD.search(part.read(_PROLOG).replace(b"\0", b"")):
            raise places.trouble(
                path, u"declares entities (in %s), which no spreadsheet does; it is not read"
                % _text(entry.filename))
    if is_sheet:
        _check_parts(archive, entry, path, _ROW, MAX_ROWS, u"rows")
    elif is_strings:
        if entry.file_size > MAX_STRINGS:
            raise places.trouble(
                path, u"has %d MB of different texts, more than %d MB; save it as CSV, which has "
                u"no limit" % (entry.file_size // MB, MAX_STRINGS // MB))
        _check_parts(archive, entry, path, _STRING, MAX_STRING_COUNT, u"texts")
    elif entry.file_size > MAX_OTHER and not name.startswith("xl/media/"):
        raise places.trouble(
            path, u"has %d MB in %s, more than %d MB; save it as CSV, which has no limit" % (
                entry.file_size // MB, _text(entry.filename), MAX_OTHER // MB))


def _check_parts(archive, entry, path, pattern, most, what):
    """Count the rows or texts of a part; none may be so long that it fills the memory."""
    count, since, rest = 0, 0, b""
    with archive.open(entry) as part:
        while True:
            chunk = part.read(_CHUNK)
            if not chunk:
                return
            found = len(pattern.findall(rest + chunk))
            count += found
            since = 0 if found else since + len(chunk)
            rest = chunk[-16:] if not pattern.search(chunk[-16:]) else b""
            if count > most or since > MAX_ROW:
                raise places.trouble(
                    path, u"has more than %d %s, or one of more than %d MB; save it as CSV, which "
                    u"has no limit" % (most, what, MAX_ROW // MB))


def _text(name):
    return name if isinstance(name, type(u"")) else name.decode("latin-1")
