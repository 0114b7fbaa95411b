"""Imports of other files than CSV, and from other places than a folder."""

from __future__ import absolute_import, division, print_function

import gzip
import io
import json
import os

import pytest
from bulk_importing import expected
from tornado.escape import utf8

from waterspout_cmdb.bulk.importing import source
from waterspout_cmdb.bulk.mapping import Rules
from waterspout_cmdb.bulk.reading import ReadOptions, open_table


def stop_after(workshop, batches):
    def before(names):
        if len(workshop.target.calls) >= batches:
            workshop.last.stop()

    workshop.target.before = before


def resumed(workshop, path, **options):
    workshop.target.before = None
    return workshop.run(path, resume=True, **options)


def write_json_lines(workshop, count, wrong=()):
    """Each row has the names that it needs: those of the first are not all."""
    lines = []
    for name, row in sorted(expected(count).items(), key=lambda pair: int(pair[0][5:])):
        number = int(name[5:])
        if number < 3:
            row = {"name": name, "cpu": row["cpu"]}
        if number in wrong:
            row["cpu"] = "many"
        lines.append(json.dumps(row))
    return workshop.write(u"\n".join(lines) + u"\n", "hosts.jsonl")


def counting(table, reads):
    rows = table.rows

    def counted():
        reads.append(table)
        return rows()

    table.rows = counted
    return table


def test_json_lines_whose_columns_come_late(workshop):
    path = write_json_lines(workshop, 60, wrong=[1, 50])
    stop_after(workshop, 2)
    assert workshop.run(path).state == "stopped"
    summary = resumed(workshop, path)
    assert (summary.counts.inserted, summary.counts.rejected) == (58, 2)
    found = expected(60, without=[1, 50])
    for each in (0, 2):
        del found["host-%d" % each]["ip"]
    assert workshop.target.stored == found
    rejected = [json.loads(line) for line in workshop.read("hosts.rejects.jsonl").splitlines()]
    assert [(row["name"], row["cpu"]) for row in rejected] == [
        ("host-1", "many"), ("host-50", "many")]
    assert all(row["reason"] for row in rejected)


def test_a_column_that_comes_late_and_is_unknown(workshop):
    path = workshop.write(u'{"name": "a"}\n' * 600 + u'{"name": "b", "shoe": 1}\n', "hosts.jsonl")
    error = workshop.fail(path)
    assert "601" in str(error) and "shoe" in str(error)
    assert workshop.target.calls == []


def test_a_json_array(workshop):
    rows = sorted(expected(30).values(), key=lambda row: row["name"])
    path = workshop.write(u"%s" % json.dumps(rows), "hosts.json")
    assert workshop.run(path).counts.inserted == 30
    assert workshop.target.stored == expected(30)


def test_gzip(workshop):
    workshop.write_hosts(30, wrong=[5])
    path = workshop.path("hosts.csv.gz")
    with gzip.open(path, "wb") as file:
        file.write(utf8(workshop.read("hosts.csv")))
    assert workshop.run(path).counts.inserted == 29
    assert "host-5" in workshop.read("hosts.csv.gz.rejects.csv")


def test_excel_is_read_once(workshop, monkeypatch):
    """The rows of the first pass are kept for the second one; a resumed import reads them again."""
    reads = []
    monkeypatch.setattr(source, "open_table", lambda *args: counting(open_table(*args), reads))
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("defusedxml")
    book = openpyxl.Workbook()
    book.active.append(["name", "ip", "cpu"])
    for each in range(600):
        book.active.append(["host-%d" % each, "10.0.0.%d" % (each % 250), each % 64])
    book.active.append(["bad", "10.0.0.1", "many"])
    path = workshop.path("hosts.xlsx")
    book.save(path)
    stop_after(workshop, 3)
    assert workshop.run(path).state == "stopped"
    assert len(reads) == 1
    summary = resumed(workshop, path)
    assert len(reads) == 2
    assert (summary.counts.inserted, summary.counts.rejected) == (600, 1)
    assert workshop.target.stored == expected(600)
    rejects = openpyxl.load_workbook(workshop.path("hosts.rejects.xlsx")).active
    assert [row[0] for row in rejects.iter_rows(values_only=True)] == ["name", "bad"]


def test_a_corrected_rejects_file_is_imported_itself(workshop):
    workshop.write_hosts(30, wrong=[5, 6])
    workshop.run()
    path = workshop.path("hosts.rejects.csv")
    workshop.write(workshop.read("hosts.rejects.csv").replace("many", "5"), "hosts.rejects.csv")
    summary = workshop.run(path)
    assert (summary.exit_code, summary.counts.inserted) == (0, 2)
    assert len(workshop.target.stored) == 30


def test_a_wrong_encoding_and_separator_told(workshop):
    path = workshop.path("hosts.csv")
    with io.open(path, "w", encoding="gb18030") as file:
        file.write(u"\u540d\u79f0;cpu\n\u4e3b\u673a;4\n")
    summary = workshop.run(
        read=ReadOptions(encoding="gb18030", delimiter=";"),
        rules=Rules(map={u"\u540d\u79f0": "name"}))
    assert summary.exit_code == 0
    assert workshop.target.stored == {u"\u4e3b\u673a": {"name": u"\u4e3b\u673a", "cpu": 4}}


def test_standard_input(workshop, monkeypatch):
    """It is kept while it is imported, and what is written is in the current folder."""
    workshop.write_hosts(30, wrong=[5])
    with io.open(workshop.path("hosts.csv"), "r", encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        with workshop.folder.as_cwd():
            summary = workshop.run("-")
    assert summary.counts.inserted == 29
    assert workshop.names() == [
        "hosts.csv", "stdin.journal", "stdin.rejects.csv", "stdin.report.json"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file(workshop, make):
    make(workshop.path("hosts.csv"))
    assert "not a plain file" in str(workshop.fail())
