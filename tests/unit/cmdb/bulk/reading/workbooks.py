"""Excel files for tests: made by openpyxl, and changed as other programs would."""

from __future__ import absolute_import, division, print_function

import io
import re
import zipfile

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows, sheet=u"Hosts", more=(), formats=None, merged=(), hidden=(), epoch=None):
    """Return the bytes of a workbook; ``more`` are names of other sheets, before this."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in more:
        book.create_sheet(name).append([u"in " + name, u"b"])
        book[name].append([u"1", u"2"])
        if name in hidden:
            book[name].sheet_state = "hidden"
    if epoch is not None:
        book.epoch = epoch
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    for place, number_format in (formats or {}).items():
        page[place].number_format = number_format
    for place in merged:
        page.merge_cells(place)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(content, part, old, new):
    """Return a workbook of which a part has other bytes; ``old`` None: the part is new."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                data = source.read(name)
                if name == part and old is not None:
                    assert old in data
                    data = data.replace(old, new)
                if name != part or old is not None:
                    target.writestr(name, data)
            if old is None:
                target.writestr(part, new)
    return result.getvalue()


def with_shared_strings(content):
    """Return a workbook whose texts are in a part of their own, as Excel writes them."""
    found = []

    def shared(match):
        found.append(match.group(1))
        return b't="s"><v>%d</v>' % (len(found) - 1)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old = archive.read(SHEET)
    content = changed(content, SHEET, old, re.sub(
        b't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', shared, old))
    texts = b"".join(b'<si><t xml:space="preserve">' + text + b"</t></si>" for text in found)
    content = changed(content, "xl/sharedStrings.xml", None, (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + texts + b"</sst>"))
    return changed(content, "[Content_Types].xml", b"</Types>", (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats'
        b'-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'))


def zipped(**parts):
    """Return a zip file; names have ``__`` for a slash and ``_`` for a point."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name.replace("__", "/").replace("_", "."), data)
    return result.getvalue()
