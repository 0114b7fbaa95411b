"""The files at the end of an import: rejected rows to be corrected, and the report."""

from __future__ import absolute_import, division, print_function

import collections
import io
import json
import os

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules
from waterspout_cmdb.bulk.reading import ReadOptions, open_table
from waterspout_cmdb.bulk.recording import Journal, write_rejects, write_report
from waterspout_cmdb.bulk.rows import ABSENT

Table = collections.namedtuple("Table", "columns format encoding delimiter sheet")
Files = collections.namedtuple("Files", "source journal rejects report")
Summary = collections.namedtuple(
    "Summary", "state exit_code counts seconds files findings problems changes error notes")

MODEL = Model({
    "objectId": "HOST",
    "attrList": [{"id": "name", "value": {"type": "str"}}, {"id": "cpu", "value": {"type": "int"}},
                 {"id": "note", "value": {"type": "str"}}]})


def table_of(format="csv", encoding="utf-8", delimiter=u",", columns=(u"name", u"cpu")):
    return Table(list(columns), format, encoding, delimiter, None)


@pytest.fixture
def journal(tmpdir):
    identity = {"source": u"h.csv", "object": u"HOST", "keys": [u"name"], "target": u"gateway",
                "size": 12, "sha256": u"ab"}
    with Journal.create(str(tmpdir.join("journal")), identity, clock=lambda: 951782400) as journal:
        yield journal


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("h.rejects"))


def rejects(path, table, journal, rows, columns=None):
    for number, (reason, cells) in enumerate(rows, 2):
        journal.reject(number, reason, cells)
    journal.check_done(len(rows), columns or table.columns)
    findings = write_rejects(path, table, journal)
    with io.open(path, "rb") as file:
        return file.read(), findings


def test_the_input_s_own_format(path, journal):
    found, findings = rejects(
        path, table_of(encoding="gb18030", delimiter=u";"), journal,
        [(u"cpu: is bad", [u"\u4e3b\u673a", u"x;y"]), (u"b", [u"=1+1", u"-5"])])
    assert found.decode("gb18030") == (
        u'name;cpu;reason\r\n\u4e3b\u673a;"x;y";cpu: is bad\r\n\'=1+1;-5;b\r\n')
    assert findings == []


def test_a_row_that_is_shorter_or_longer_than_the_header(path, journal):
    """Nothing is lost: what a row has beyond its header is behind the reason."""
    found, _ = rejects(path, table_of(), journal, [
        (u"a", [u"web"]), (u"b", [u"web", u"1", u"2", u"3"])])
    assert found == b"name,cpu,reason\r\nweb,,a\r\nweb,1,b,2,3\r\n"


def test_a_rejects_file_that_is_rejected_again(path, journal):
    """The old reasons are replaced, and a quote that is there is not doubled."""
    table = table_of(columns=[u"name", u"Reason", u"cpu"])
    found, _ = rejects(path, table, journal, [
        (u"new", [u"'=1", u"old", u"x"]), (u"new", [u"web"])])
    assert found == b"name,Reason,cpu\r\n'=1,new,x\r\nweb,new,\r\n"


def test_a_reason_that_the_encoding_cannot_write(path, journal):
    """The input was in cp1252, the CMDB answers in Chinese."""
    found, _ = rejects(path, table_of(encoding="cp1252"), journal, [
        (u"\u4e3b", [u"caf\xe9", u"1"])])
    assert found == b"name,cpu,reason\r\ncaf\xe9,1,\\u4e3b\r\n"


def test_json_keeps_its_values(path, journal):
    """Types, missing names and columns that came late stay; nothing is neutralized."""
    found, _ = rejects(
        path, table_of("json", None, None), journal,
        [(u"a", [u"=1", 8]), (u"b", [ABSENT, None, [1, {u"a": True}]])],
        columns=[u"name", u"cpu", u"note"])
    assert json.loads(found.decode("utf-8")) == [
        {u"name": u"=1", u"cpu": 8, u"reason": u"a"},
        {u"cpu": None, u"note": [1, {u"a": True}], u"reason": u"b"}]


def test_no_file_is_replaced_at_an_error(path, journal):
    with io.open(path, "w") as file:
        file.write(u"corrections")
    with pytest.raises(BulkError):
        rejects(path, table_of(encoding="ascii"), journal, [(u"a", [u"\u4e3b"])])
    with io.open(path) as file:
        assert file.read() == u"corrections"
    assert sorted(os.listdir(os.path.dirname(path))) == [
        "h.rejects", "journal", "journal-shm", "journal-wal", "journal.lock"]


@pytest.mark.parametrize("content", [
    u"name,cpu,note\nweb1,x,=1+1\n\"a\nb\",,+49 1 2\nweb3,-5,'@x\n",
    u"\ufeffname;cpu;note\nweb1;x;\u4e3b\u673a\n",
    u"name\tcpu\tnote\n=a\t1\tb\n",
])
def test_what_is_written_is_read_as_the_same_rows(tmpdir, path, journal, content):
    """Rejects that are imported again, uncorrected, become the same documents."""
    source = tmpdir.join("hosts.csv")
    source.write_binary(content.encode("utf-8"))
    table = open_table(str(source), ReadOptions())
    rows = list(table.rows())
    rejects(path, table, journal, [(u"because", row.cells) for row in rows])
    again = open_table(path, ReadOptions())
    assert again.columns == table.columns + [u"reason"]
    assert (again.delimiter, again.encoding) == (table.delimiter, table.encoding)
    mapper, found = Mapper(MODEL, [u"name"], Rules()), []
    for one in (table, again):
        mapper.use(one.columns)
        mapped = [mapper.map(row) for row in one.rows()]
        found.append([(each.document, len(each.problems)) for each in mapped])
        one.close()
    assert found[0] == found[1] and len(found[0]) == len(rows)


def test_the_report(tmpdir, journal):
    journal.reject(2, u'cpu: "x" is bad', [u"a", u"x"])
    journal.reject(3, u'cpu: "y" is bad', [u"b", u"y"])
    journal.check_done(5, [u"name"])
    journal.finish(2, 6, 3, 2, 1, warnings=[u"no attribute z"])
    path = tmpdir.join("h.report.json")
    files = Files("h.csv", "h.csv.journal", "h.rejects.csv", str(path))
    write_report(str(path), Summary(
        "done", 1, None, 1.23456, files, [u"encoding GB18030"], [], None, None,
        [u"2 times have an offset"]), journal)
    report = json.loads(path.read_binary().decode("utf-8"))
    program = report.pop(u"program")
    assert program.startswith(u"waterspout-cmdb ")
    assert report == {
        u"version": 1, u"state": u"done", u"exit_code": 1, u"error": None, u"source": u"h.csv",
        u"size": 12, u"sha256": u"ab", u"object": u"HOST", u"keys": [u"name"],
        u"target": u"gateway", u"started": u"2000-02-29T00:00:00Z", u"seconds": 1.235, u"rows": 5,
        u"checked": 5, u"sent": 3, u"inserted": 2, u"updated": 1, u"unchanged": 0, u"rejected": 2,
        u"reasons": [{u"reason": u'cpu: "..." is bad', u"rows": 2, u"first": [
            {u"row": 2, u"reason": u'cpu: "x" is bad'},
            {u"row": 3, u"reason": u'cpu: "y" is bad'}]}],
        u"reasons_total": 1, u"warnings": [{u"text": u"no attribute z", u"times": 1}],
        u"findings": [u"encoding GB18030", u"2 times have an offset"], u"changes": None,
        u"files": {u"source": u"h.csv", u"journal": u"h.csv.journal",
                   u"rejects": u"h.rejects.csv", u"report": str(path)}}


def test_the_report_is_bounded(tmpdir, journal):
    """A hundred thousand different reasons do not make a report of their size."""
    for row in range(3000):
        journal.reject(row, u"reason number %d" % row, [u"a"])
    path = tmpdir.join("h.report.json")
    files = Files("h.csv", None, None, None)
    write_report(
        str(path), Summary("done", 1, None, 1, files, [u"f"] * 999, [], None, None, []), journal)
    report = json.loads(path.read_binary().decode("utf-8"))
    assert (len(report["reasons"]), report["reasons_total"]) == (100, 3000)
    assert len(report["findings"]) == 100
