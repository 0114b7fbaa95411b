from __future__ import absolute_import, division, print_function

import gzip
import io
import zlib

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading.sources import gzip_limits

TEXT = u"name,ip\n" + u"".join(u"web-%d,10.0.0.%d\n" % (n, n % 256) for n in range(20000))


def packed(text):
    result = io.BytesIO()
    with gzip.GzipFile(fileobj=result, mode="wb") as file:
        file.write(text.encode("utf-8") if isinstance(text, type(u"")) else text)
    return result.getvalue()


@pytest.mark.parametrize("content", [
    packed(TEXT), packed(TEXT[:7000]) + packed(TEXT[7000:]), packed(TEXT) + b"\0" * 1000,
    packed(u"") + packed(TEXT) + packed(u"")], ids=["one", "two", "zeros", "empty"])
@pytest.mark.parametrize("name", ["hosts.csv.gz", "hosts.csv"])
def test_gzip_is_told_by_its_bytes(folder, content, name):
    """Of one member or more, also with zeros behind them as tapes have."""
    table = folder.open(content, name)
    assert (table.is_gzip, table.format) == (True, "csv")
    rows = list(table.rows())
    assert (len(rows), rows[-1].number) == (20000, 20001)


def test_json_in_gzip_is_read(folder):
    """Whatever format is in it."""
    assert folder.open(packed(u'[{"a": 1}]'), "a.json.gz").format == "json"
    assert folder.open(packed(u'{"a": 1}\n'), "a.gz").format == "jsonl"


def test_a_byte_that_is_not_in_the_encoding_is_named(folder):
    """As in a file that is not in gzip."""
    content = packed(TEXT.encode("utf-8") + b"x,\xff\n")
    with pytest.raises(BulkError, match=r"row 20002: byte [0-9]+ \(ff\) is no UTF-8"):
        folder.open(content, encoding_option="utf-8")


@pytest.mark.parametrize("left", [1, 9, 5000])
def test_a_gzip_file_that_ends_too_early_is_told(folder, left):
    """Before its first row is imported."""
    with pytest.raises(BulkError, match="hosts.csv: ends too early, after [0-9]+ bytes"):
        folder.open(packed(TEXT)[:-left])


def test_a_member_that_ends_too_early_is_told(folder):
    """Whole members before it do not hide it."""
    with pytest.raises(BulkError, match="ends too early"):
        folder.open(packed(TEXT) + packed(TEXT)[:-9])


@pytest.mark.parametrize("content", [
    packed(TEXT) + b"more", packed(TEXT)[:3000] + b"xxxx" + packed(TEXT)[3004:],
    packed(TEXT)[:-6] + b"xxxxxx", b"\x1f\x8bxxxxxx"], ids=["more", "middle", "end", "head"])
def test_a_damaged_gzip_file_is_told(folder, content):
    """Its checksum is looked at."""
    with pytest.raises(BulkError, match="is damaged: after byte"):
        folder.open(content)


@pytest.mark.parametrize("limit, words", [("MAX_RATIO", "times its size"), (None, "")])
def test_a_bomb_is_refused(folder, limit, words):
    """What grows a thousand times is no table; what is large may be."""
    size = 20 << 20
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    content = pack.compress(b"a,b\n" + b"0" * size if limit else b"a,b\n") + pack.flush()
    if limit:
        with pytest.raises(BulkError, match=words):
            folder.open(content)
    else:
        assert folder.open(content).columns == [u"a", u"b"]


def test_the_total_is_bounded(folder, monkeypatch):
    """Also of what is packed as text is."""
    monkeypatch.setattr(gzip_limits, "MAX_TOTAL", 100000)
    with pytest.raises(BulkError, match="unpack it with gunzip"):
        folder.open(packed(TEXT))
