"""``waterspout-cmdb search``: tables, lines of JSON, CSV."""

from __future__ import absolute_import, division, print_function

import json
import sys

import pytest
from bulk_fakes import Stream, Target

from waterspout_cmdb.commands import main as commands
from waterspout_cmdb.commands import search_command
from waterspout_cmdb.commands.printing import Printer
from waterspout_cmdb.commands.search_table import cell_text, table_lines

HOSTS = [{"name": u"web-%d" % n, "ip": u"10.0.0.%d" % n, "tags": [u"a", u"b"]}
         for n in range(1, 6)]


@pytest.fixture
def search(monkeypatch, capfd):
    target = Target(HOSTS, {"objectId": "HOST", "attrList": [
        {"id": each, "name": each, "value": {"type": "str"}} for each in ("name", "ip", "tags")]})
    monkeypatch.setattr(search_command, "make_target", lambda options: target)
    monkeypatch.setattr(search_command, "_PAGE", 2)

    def search(*arguments):
        code = commands.main(["search", "HOST", "--fields=name,tags"] + list(arguments), {})
        assert target.is_closed
        return (code,) + tuple(capfd.readouterr())

    search.target = target
    return search


def test_lines_of_json_where_another_program_reads(search):
    code, out, err = search("--query", '{"cpu": {"$gte": 4}}')
    assert code == 0 and err == ""
    assert [json.loads(line) for line in out.splitlines()] == HOSTS
    assert [asked[1:] for asked in search.target.asked] == [
        ({"cpu": {"$gte": 4}}, [u"name", u"tags"], page, 2, [(u"instanceId", 1)])
        for page in (1, 2, 3)]


def test_csv_has_a_header_and_quotes(search):
    code, out, err = search("--format=csv", "--limit=1")
    assert (code, out) == (0, 'name,tags\nweb-1,"a,b"\n')
    assert err == "1 of 5; --limit=N shows more\n"


def test_table(search):
    code, out, err = search("--format=table", "--limit=2")
    assert out == "name   tags\n-----  ----\nweb-1  a,b\nweb-2  a,b\n"
    assert err == "2 of 5; --limit=N shows more\n"


@pytest.mark.parametrize("arguments, words", [
    (["--query={"], "--query: it is not JSON"), (["--query=[]"], "it must be one object"),
    (["--limit=0"], "--limit must be a number from 1"), (["x"], "one argument too many"),
    (["--format=xlsx"], "--format must be one of")])
def test_mistakes(search, arguments, words, capfd):
    assert commands.main(["search", "HOST"] + arguments, {}) == 2
    err = capfd.readouterr()[1]
    assert words in err and err.startswith("waterspout-cmdb search: ")


def test_fields_that_the_model_does_not_have(search, capfd):
    """The CMDB leaves them out in silence, and a person would see empty lines."""
    assert commands.main(["search", "HOST", "--fields=nam,tags.x,_version,ctime"], {}) == 2
    out, err = capfd.readouterr()
    assert err == "waterspout-cmdb search: HOST has no attribute nam; is name meant?\n"
    assert (out, search.target.asked) == ("", [])


def test_wide_characters_take_two_columns_and_long_cells_are_cut():
    lines = list(table_lines(["name", "owner"], [
        [u"web-1", u"\u674e\u96f7" * 30], [u"x\x1b[2J", u"e\u0301"]], 30))
    assert lines[2] == u"web-1  " + u"\u674e\u96f7" * 5 + u"..."
    assert lines[3] == u"x [2J  e\u0301"


def test_cells_of_every_kind():
    assert [cell_text(value) for value in (None, u"a", 4, True, [u"a", u"b"], {"a": 1}, [1])] == [
        u"", u"a", u"4", u"true", u"a,b", u'{"a": 1}', u"[1]"]


class Broken(Stream):
    """A pipe whose reader has gone."""

    def write(self, text):
        raise EnvironmentError(32, "Broken pipe")

    def flush(self):
        pass


def test_reader_that_leaves_is_no_error():
    with Printer(Broken()) as printer:
        printer.line(u"a")
        printer.line(u"b")
    assert printer.is_broken


def test_without_standard_output_nothing_is_printed(search, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert search()[0] == 0


def test_a_terminal_gets_no_command_from_a_value():
    stream = Stream(terminal=True)
    with Printer(stream) as printer:
        printer.line(u"a\x1b]0;x\x07\x9b2J\u674e")
    assert stream.text.rstrip("\n").endswith("J\xe6\x9d\x8e" if str is bytes else u"J\u674e")
    assert "\x1b" not in stream.text
