# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import contextlib
import hashlib
import json
import os
import signal
import sqlite3

import pytest
from sandbox_models import RELATED, attribute, relation
from sandbox_process import Sandbox, answer, port_in
from tornado.escape import native_str

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_it_after_the_requests_in_flight(start, signum):
    """An import that is running at the signal is answered and stored."""
    sandbox = start()
    sandbox.total()
    rows = [{"name": "host-%d" % row} for row in range(2000)]
    body = {"keys": ["name"], "datas": rows}
    connection = sandbox.send("POST", "/object/HOST/instance/_import", body)
    # A later request that is answered: the earlier one has been accepted.
    assert sandbox.total() in (0, 2000)
    sandbox.process.send_signal(signum)
    assert answer(connection)["insert_count"] == 2000
    assert sandbox.end() == (0, [])
    assert start().total() == 2000


def test_sandbox_ends_with_the_program_that_started_it(tmpdir):
    """With --until-stdin-closes it ends when its standard input ends."""
    sandbox = Sandbox(
        tmpdir.join("sandbox.db"), "--port=0", "--until-stdin-closes", "--logging=info"
    )
    line = sandbox.process.stderr.readline()
    sandbox.port = port_in(line)
    assert sandbox.total() == 0
    assert sandbox.process.poll() is None
    assert sandbox.end()[0] == 0  # which closes its standard input


def test_end_of_standard_input_is_ignored_by_default(start):
    """As for a background process without input."""
    sandbox = start()
    sandbox.process.stdin.close()
    sandbox.process.stdin = None  # for communicate()
    assert sandbox.load([{"name": "host-1"}])["insert_count"] == 1
    assert sandbox.end(signal.SIGTERM) == (0, [])


def refusal(db, *arguments):
    """The one line on stderr of a process that must end with exit code 2."""
    code, lines = Sandbox(db, *arguments).end()
    assert (code, len(lines)) == (2, 1), lines
    assert lines[0].startswith("waterspout_cmdb.sandbox: ")
    return lines[0]


def test_seed_file_adds_models_and_relations(tmpdir, start):
    """In any script; a model added later reaches existing organisations, whose data stays."""
    seed = tmpdir.join("models.json")
    write_seed(seed, RELATED)
    sandbox = start("--seed=%s" % seed)
    assert sandbox.call("GET", "/object/APP", {})["name"] == u"应用 \U0001f600"
    app = {"name": u"网站", "owner": [{"name": u"安", "boss": [{"name": u"李"}]}]}
    body = {"keys": ["name"], "datas": [app]}
    assert sandbox.call("POST", "/object/APP/instance/_import", body)["insert_count"] == 1
    sandbox.end(signal.SIGTERM)
    rack = {"objectId": "RACK", "relation_list": [relation("RACK", "apps", "rack", "APP")]}
    write_seed(seed, RELATED + [rack])
    sandbox = start("--seed=%s" % seed)
    body = {"apps": [{"name": u"另一个"}]}
    assert sandbox.call("POST", "/v2/object/RACK/instance", body)["_version"] == 1
    query = {"query": {"owner.boss.name": u"李", "rack": None}}
    found = sandbox.call("POST", "/object/APP/instance/_search", query)["list"]
    assert [one["name"] for one in found] == [u"网站"]


def write_seed(path, models):
    text = u"%s" % json.dumps(models, ensure_ascii=False)
    text = text.replace(u"Application", u"应用 \U0001f600")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("[1]", "list of models"),
        ('[{"objectId": "A", "name": "A"}, {"objectId": "A", "name": "B"}]', "several models A"),
        ('[{"objectId": "A", "name": NaN}]', "NaN"),
        ("[" * 100000, "nested too deep"),
    ],
)
def test_invalid_seed_file_is_one_line(tmpdir, text, complaint):
    """It names the file and the error."""
    seed = tmpdir.join("models.json")
    seed.write(text)
    line = refusal(tmpdir.join("x.db"), "--port=0", "--seed=%s" % seed)
    assert str(seed) in line and complaint in line


def test_contradicting_models_of_a_seed_are_one_line(tmpdir):
    """A relation's field has the name of an attribute."""
    seed = tmpdir.join("models.json")
    model = {"objectId": "A", "name": "A", "attrList": [attribute("x", "str")]}
    write_seed(seed, [dict(model, relation_list=[relation("A", "x", "y", "A")])])
    line = refusal(tmpdir.join("x.db"), "--port=0", "--seed=%s" % seed)
    assert "do not fit together: A has a field x already" in line


def test_seed_that_contradicts_stored_models_is_one_line(tmpdir, start):
    """An organisation has an attribute with the name of the new relation's field."""
    seed = tmpdir.join("models.json")
    model = {"objectId": "A", "name": "A"}
    write_seed(seed, [model])
    sandbox = start("--seed=%s" % seed)
    assert sandbox.call("POST", "/object/A/attr", dict(attribute("bs", "str"), name="b"))
    sandbox.end(signal.SIGTERM)
    other = {"objectId": "B", "name": "B", "relation_list": [relation("A", "bs", "as", "B")]}
    write_seed(seed, [model, other])
    line = refusal(tmpdir.join("sandbox.db"), "--port=0", "--seed=%s" % seed)
    assert "do not fit what is in" in line and "A has a field bs already" in line


def test_pipe_in_place_of_a_file_is_one_line(tmpdir):
    """The sandbox does not wait for the pipe."""
    os.mkfifo(str(tmpdir.join("pipe")))
    assert "is not a file" in refusal(tmpdir.join("pipe"), "--port=0")


def test_file_may_have_a_name_in_any_script(tmpdir):
    """Both in the line of the start and in an error."""
    path = os.path.join(str(tmpdir), native_str(u"数据.db"))
    sandbox = Sandbox(path, "--port=0").wait_until_ready()
    sandbox.end(signal.SIGTERM)
    with open(path, "wb") as file:
        file.write(b"no database")
    assert u"数据.db" in refusal(path, "--port=0")


def test_sandbox_port_in_use_is_one_line(tmpdir, start):
    """It has the address; the data file of the running sandbox does not change."""
    port = start().port
    line = refusal(tmpdir.join("other.db"), "--port=%d" % port)
    assert "127.0.0.1:%d" % port in line


def test_bad_option_is_one_line(tmpdir):
    """It names the option."""
    assert "--prot" in refusal(tmpdir.join("x.db"), "--prot=1")


def test_file_that_cannot_be_used_is_one_line(tmpdir):
    """It names the file: not a database, or in a directory that does not exist."""
    tmpdir.join("notes.txt").write("remember the milk " * 100)
    for path in (tmpdir.join("notes.txt"), tmpdir.join("nowhere", "x.db"), tmpdir):
        assert str(path) in refusal(path, "--port=0")


def test_file_of_a_newer_release_or_damaged_is_one_line(start, tmpdir):
    """It has the remedy, and the file does not change."""
    start().end(signal.SIGTERM)
    path = tmpdir.join("sandbox.db")
    whole = path.read_binary()
    with contextlib.closing(sqlite3.connect(str(path))) as connection:
        connection.execute("PRAGMA user_version = 99")
    newer = path.read_binary()
    damaged = whole[:4096] + b"\xff" * 4096 + whole[8192:]
    for content, advice in ((newer, "start that release"), (damaged, "from a backup")):
        path.write_binary(content)
        assert advice in refusal(path, "--port=0")
        assert hashlib.sha256(path.read_binary()).digest() == hashlib.sha256(content).digest()
