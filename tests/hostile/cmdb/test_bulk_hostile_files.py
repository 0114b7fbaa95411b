"""Files that are damaged anywhere: each is read, or is a BulkError; nothing stays open."""

from __future__ import absolute_import, division, print_function

import gzip
import io
import random
import zipfile

import openpyxl
import pytest
from leftovers import descriptors_at_first, open_descriptors

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import ReadOptions, open_table, ranges

TEXT = (u'name,ip,"no\nte"\n' + u"".join(
    u'w\u00e9b-%d,10.0.0.%d,"a ""b"", \u4e2d\n"\r\n' % (n, n) for n in range(40)))
LINES = u"".join(
    u'{"name": "w\u00e9b-%d", "n": [%d, 1.5e3, null], "\u4e2d": {"a": "\\u00e9"}}\n' % (n, n)
    for n in range(40))


def workbook():
    book = openpyxl.Workbook()
    for number in range(20):
        book.active.append([u"name %d" % number, number / 7, u"x" * number])
    book.active.merge_cells("A1:B1")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def packed(content):
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb") as packer:
        packer.write(content)
    return file.getvalue()


FILES = {
    "csv": TEXT.encode("utf-8"), "utf-16": TEXT.encode("utf-16"),
    "gzip": packed(TEXT.encode("utf-8")),
    "gb18030": TEXT.encode("gb18030"), "jsonl": LINES.encode("utf-8"), "xlsx": workbook(),
    "json": (u"[" + LINES.replace(u"\n", u",\n")[:-2] + u"]").encode("utf-8"),
}


def damaged(content, chance):
    """Return the bytes with some changed, taken out, put in twice, or cut off."""
    content = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(content))
        end = min(len(content), start + chance.choice([1, 1, 2, 30]))
        how = chance.randrange(5)
        if how == 0:
            content[start:end] = bytearray(chance.randrange(256) for _ in range(end - start))
        elif how == 1:
            content[start:end] = bytearray(chance.choice(
                [b"\0", b'"', b"\r", b"\n", b",", b"{", b"]", b"<", b"\xff\xfe", b"\\", b"9" * 20]))
        elif how == 2:
            del content[start:end]
        elif how == 3:
            content[start:start] = content[start:end]
        elif chance.random() < 0.2:
            del content[max(start, 1):]
    return bytes(content)


def read(path):
    """Read all that can be read, in each way."""
    with open_table(path) as table:
        rows = list(table.rows())
        assert all(isinstance(name, type(u"")) for name in table.columns)
        assert [row.number for row in rows] == sorted(set(row.number for row in rows))
        if table.format in ("csv", "tsv", "jsonl") and not table.is_gzip:
            description = table.describe()
            with io.open(path, "rb") as file:
                content = file.read()
            parts = [row for part in ranges.split(table, 300) for row in ranges.rows(
                description, content[part.start : part.end], part.first_row)]
            assert [row.number for row in parts] == [row.number for row in rows]


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_damaged_file_is_read_or_refused(tmp_path, kind):
    """No other error reaches the user, and no file stays open."""
    chance = random.Random(kind)
    path = str(tmp_path / "hosts")
    refused, before = 0, descriptors_at_first()
    for _ in range(60):
        with io.open(path, "wb") as file:
            file.write(damaged(FILES[kind], chance))
        try:
            read(path)
        except BulkError as error:
            assert "hosts" in str(error) or "--" in str(error)
            refused += 1
    assert refused > 0
    assert open_descriptors() == before


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml",
                                  "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
def test_a_damaged_part_of_a_workbook_is_read_or_refused(tmp_path, part):
    """The zip file around it is whole."""
    chance = random.Random(part)
    path = str(tmp_path / "hosts")
    for _ in range(25):
        with zipfile.ZipFile(io.BytesIO(FILES["xlsx"])) as source:
            with zipfile.ZipFile(path, "w") as target:
                for name in source.namelist():
                    data = source.read(name)
                    target.writestr(name, damaged(data, chance) if name == part else data)
        try:
            read(path)
        except BulkError:
            pass


def test_a_quote_that_is_not_closed_takes_no_memory(tmp_path):
    """The rest of a large file is not one cell."""
    resource = pytest.importorskip("resource")
    path = str(tmp_path / "hosts.csv")
    with io.open(path, "wb") as file:
        file.write(b"a,b\n" + b"1,2\n" * 40 + b'3,"4\n' + b"some text, and more of it\n" * 2000000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_table(path) as table:
        with pytest.raises(BulkError, match="row 42: .*closing quote"):
            list(table.rows())
        with pytest.raises(BulkError, match="row 42: .*closing quote"):
            ranges.split(table, 1000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


@pytest.mark.parametrize("options", [
    ReadOptions(format="csv"), ReadOptions(encoding="cp037"), ReadOptions(encoding="utf-7"),
    ReadOptions(delimiter=u"|"), ReadOptions(header_row="9"), ReadOptions(sheet=u"x")])
@pytest.mark.parametrize("kind", sorted(FILES))
def test_options_that_do_not_fit_are_no_crash(tmp_path, kind, options):
    """What is said about another file is tried, or refused."""
    path = str(tmp_path / "hosts")
    with io.open(path, "wb") as file:
        file.write(FILES[kind])
    try:
        with open_table(path, options) as table:
            list(table.rows())
    except BulkError:
        pass
