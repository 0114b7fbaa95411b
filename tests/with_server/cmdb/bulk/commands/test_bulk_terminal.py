"""``waterspout-cmdb import`` on a terminal, with a pipeline of the tests: its bar, and Ctrl-C."""

from __future__ import absolute_import, division, print_function

import re
import signal

import pytest
from terminals import Terminal

#: An import that sends 40 of 100 rows and then waits for its end, which ``how`` gives.
PROGRAM = u"""
import collections, logging, sys
from tornado import gen
from tornado.concurrent import Future
from waterspout_cmdb.commands import import_command, main
from waterspout_cmdb.commands.options import importing

Progress = collections.namedtuple(
    "Progress", "stage rows total_rows inserted updated unchanged rejected")
Counts = collections.namedtuple("Counts", "rows inserted updated unchanged rejected")
Files = collections.namedtuple("Files", "journal rejects report")
Summary = collections.namedtuple(
    "Summary", "state exit_code counts seconds files findings problems changes error notes")

class Import(object):
    def __init__(self, listener):
        self.listener, self.asked = listener, Future()

    @gen.coroutine
    def run(self):
        tell = self.listener.on_progress
        self.listener.on_findings(["encoding GB18030 (found out; --encoding names another)"])
        tell(Progress("checking", 0, None, 0, 0, 0, 0))
        tell(Progress("checking", 100, 100, 0, 0, 0, 3))
        tell(Progress("sending", 0, 100, 0, 0, 0, 3))
        tell(Progress("sending", 40, 100, 30, 7, 0, 3))
        self.listener.on_message("ready")
        logging.getLogger("waterspout.test").warning("a batch is sent again")
        if HOW == "goes on":
            yield self.asked
            tell(Progress("sending", 60, 100, 45, 12, 0, 3))
            counts = Counts(100, 45, 12, 0, 3)
            raise gen.Return(Summary(
                "stopped", 130, counts, 2, Files("j", None, None), [], [], None, None, []))
        if HOW == "hangs":
            yield Future()
        tell(Progress("sending", 100, 100, 80, 17, 0, 3))
        counts = Counts(100, 80, 17, 0, 3)
        raise gen.Return(Summary("done", 1, counts, 2, Files("j", "r.csv", "r.json"), [],
                                 [(7, "cpu: eight is not a whole number")], None, None, []))

    def stop(self):
        self.asked.set_result(None)

class Target(object):
    @gen.coroutine
    def close(self):
        pass

HOW = sys.argv[1]
import_command.make_target = lambda options: Target()
import_command._new_import = lambda options, target, listener: Import(listener)
importing.import_options = lambda options: None
sys.exit(main.main(
    ["import", "hosts.csv", "--object=HOST", "--key=name"], {}, main.SCRIPT))
"""


@pytest.fixture
def terminal(tmp_path):
    pytest.importorskip("tqdm")
    (tmp_path / "hosts.csv").write_bytes(b"name\nweb-1\n")
    (tmp_path / "program.py").write_bytes(PROGRAM.encode("ascii"))

    def terminal(how):
        return Terminal(["program.py", how], cwd=tmp_path)

    return terminal


def test_bar_and_messages_have_lines_of_their_own(terminal):
    with terminal("ends") as program:
        assert program.wait() == 1
        lines = program.lines
    assert lines[0] == (
        "waterspout-cmdb import: encoding GB18030 (found out; --encoding names another)")
    assert re.match("checking: 100%.*100/100.*rejected 3", lines[1])
    assert lines[2] == "waterspout-cmdb import: ready"
    assert lines[3].endswith("a batch is sent again") and "sending" not in lines[3]
    assert re.match("sending: 100%.*100/100.*rows/s, inserted 80, updated 17, rejected 3", lines[4])
    assert lines[5].startswith("Imported, in 2.0 s:")


def test_ctrl_c_stops_after_the_batches_under_way_and_says_how_it_goes_on(terminal):
    with terminal("goes on") as program:
        program.wait_for("ready")
        program.type(u"\x03")
        assert program.wait() == 130
        lines = program.lines
    stopping = [each for each in lines if "stopping when the batches under way have ended" in each]
    assert stopping == [
        "waterspout-cmdb import: stopping when the batches under way have ended; once more ends it "
        "at once"]
    assert "waterspout-cmdb import: 57 of 100 rows are in; this goes on:" in lines
    assert any(each.startswith("  ") and each.endswith(
        "import hosts.csv --object=HOST --key=name --resume") for each in lines)
    assert "Stopped, in 2.0 s:" in lines


def test_second_ctrl_c_ends_at_once(terminal):
    """The import hangs, and is not waited for."""
    with terminal("hangs") as program:
        program.wait_for("ready")
        program.type(u"\x03")
        program.wait_for("once more ends it at once")
        program.type(u"\x03")
        assert program.wait() == 130
        lines = program.lines
    assert "waterspout-cmdb import: 37 of 100 rows are in; this goes on:" in lines
    assert "Traceback" not in program.shown


def test_sigterm_is_as_ctrl_c(terminal):
    with terminal("goes on") as program:
        program.wait_for("ready")
        program.signal(signal.SIGTERM)
        assert program.wait() == 130
        assert "--resume" in program.shown
