"""``waterspout-cmdb import`` with a pipeline of the tests: what it prints, and its exit code."""

from __future__ import absolute_import, division, print_function

import collections
import os
import shlex
import signal

import pytest
from bulk_fakes import Target, progress, summary
from tornado import gen
from tornado.concurrent import Future
from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.commands import import_command
from waterspout_cmdb.commands import main as commands

Changes = collections.namedtuple("Changes", "by_field changes")
Change = collections.namedtuple("Change", "row key fields")


class FakeImport(object):
    """Runs what the test says, or until it is stopped."""

    def __init__(self, listener, work):
        self.listener = listener
        self.work = work
        self.stopped = Future()

    def run(self):
        return self.work(self)

    def stop(self):
        self.stopped.set_result(None)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command on a file; the exit code, standard output and standard error."""
    path = tmp_path / "hosts.csv"
    path.write_bytes(b"name\nweb-1\n")
    monkeypatch.chdir(tmp_path)
    target = Target()
    monkeypatch.setattr(import_command, "make_target", lambda options: target)

    def run(work, *arguments):
        monkeypatch.setattr(
            import_command, "_new_import", lambda options, to, listener: FakeImport(listener, work))
        code = commands.main(
            ["import", "hosts.csv", "--object=HOST", "--key=name"] + list(arguments), {})
        assert target.is_closed
        return (code,) + tuple(capsys.readouterr())

    return run


def ends(result):
    @gen.coroutine
    def work(job):
        job.listener.on_findings(["encoding GB18030"])
        job.listener.on_progress(progress("sending", 12, 12, inserted=12))
        if isinstance(result, Exception):
            raise result
        raise gen.Return(result)

    return work


def test_summary_is_on_standard_output_and_the_rest_is_not(run):
    code, out, err = run(ends(summary()))
    assert code == 0
    assert out == (
        "Imported, in 1.5 s:\n  inserted            12\n  updated              0\n"
        "  rejected             0\n  of                  12\n\nReport: hosts.csv.report.json\n")
    assert err == "waterspout-cmdb import: encoding GB18030\n"


def test_what_the_rows_have_is_noted_also_if_it_is_to_be_quiet(run):
    """It may not be what the user wants."""
    result = summary(code=1, rejected=1, problems=[(3, u"x")])._replace(
        notes=[u"2 times have an\noffset"])
    _, out, _ = run(ends(result), "--quiet")
    assert "  row 3: x\n\n2 times have an offset\n\nRejected rows" in out


def test_file_without_rows_is_told(run):
    code, out, err = run(ends(summary(rows=0)))
    assert code == 0 and "The file has no rows below the names of its columns.\n" in out


def test_rejected_rows_are_shown_and_their_file_is_named(run):
    code, out, err = run(ends(summary(code=1, rejected=7, problems=[
        (3 + n, u"cpu: \u516b is not a whole number") for n in range(7)])), "--quiet")
    assert (code, err) == (1, "")
    assert out.count("is not a whole number") == 5 and "The first rejected rows:" in out
    assert "hosts.rejects.csv; correct them there and import that file\n" in out


def test_the_line_that_imports_what_was_corrected(run):
    """With the options of the import, but for those that are of its file alone."""
    code, out, err = run(
        ends(summary(code=1, rejected=1, problems=[(3, u"x")])), "--restart", "--header-row", "3",
        "--report=r.json", "--map", "Host Name=name")
    assert err.endswith(
        " import hosts.rejects.csv --object=HOST --key=name --map 'Host Name=name'\n\n")
    assert "when the rejected rows are correct, this imports them:" in err
    for other in (summary(), summary("refused", 1, rejected=1), summary("stopped", 1, rejected=1),
                  summary(code=1, rejected=1, changes=Changes({}, []))):
        assert "hosts.rejects.csv" not in run(ends(other))[2]


def test_many_rejected_rows_are_shown_by_their_reasons(run):
    """With their number and the first rows: what is wrong in most rows is seen first."""
    reasons = [
        {"reason": u'cpu: "..." is not a whole number', "rows": 1204, "first": [
            {"row": row, "reason": u'cpu: "x%d"  is not\na whole number' % row}
            for row in (3, 4, 7)]},
        {"reason": u"ip is empty", "rows": 1, "first": [{"row": 9, "reason": u"ip is empty"}]}]
    _, out, _ = run(ends(summary(
        code=1, rejected=1205, rows=2000, reasons=reasons, problems=[(3, u"x")])), "--quiet")
    assert (
        "Why rows were rejected, the most frequent reasons first:\n"
        '  1,204 rows (3, 4, 7, ...): cpu: "x3" is not a whole number\n'
        "  1 row (9): ip is empty\n") in out


def test_all_or_nothing_says_that_nothing_was_sent(run):
    """And that the whole file is to be imported again: the rejects are not all that is missing."""
    code, out, err = run(ends(summary("refused", 1, rejected=1)), "--quiet")
    assert code == 1 and out.startswith("Nothing was sent")
    assert "hosts.rejects.csv; correct them in hosts.csv and import that again\n" in out
    assert "import that file" not in out


def test_a_stop_before_any_row_tells_no_counts(run):
    """They would be those of this run; with --resume an earlier one may have sent rows."""
    before = summary("stopped", 130, rows=None)
    before = before._replace(
        counts=before.counts._replace(checked=0, inserted=0),
        files=before.files._replace(journal=None, report=None))
    code, out, err = run(ends(before), "--quiet")
    assert (code, out) == (130, "Stopped before any row was looked at.\n")
    assert "waterspout-cmdb import: this goes on:" in err


def test_rejects_of_a_dry_run_are_corrected_in_the_file_itself(run):
    code, out, err = run(ends(summary(code=1, rejected=1, changes=Changes({}, []))), "--quiet")
    assert "hosts.rejects.csv; correct them in hosts.csv and import that again\n" in out


def test_rejects_of_a_stopped_import_are_not_all(run):
    """It goes on with the same file of rejects, so that corrections come later."""
    code, out, err = run(ends(summary("stopped", 130, rejected=1)), "--quiet")
    assert "Rejected rows so far, with the reason: hosts.rejects.csv\n" in out


def test_what_takes_no_time_is_not_shown_as_none(run):
    code, out, err = run(ends(summary()._replace(seconds=0.0612)), "--quiet")
    assert out.startswith("Imported, in 0.06 s:\n")


def test_what_could_not_run_has_a_line_for_each_reason_and_goes_on_if_it_had_begun(run):
    error = BulkError(["the gateway is gone", "after 3 attempts"])
    error.summary = summary("failed", 2)
    code, out, err = run(ends(error), "--quiet")
    assert (code, out) == (2, "")
    assert "waterspout-cmdb import: the gateway is gone\n" in err
    assert "waterspout-cmdb import: after 3 attempts\n" in err
    assert "waterspout-cmdb import: this goes on:" in err and "--resume\n" in err


def test_mistakes_before_anything_was_sent_offer_no_resume(run):
    def work(job):
        raise BulkError("hosts.csv has no column name")

    assert run(work) == (2, "", "waterspout-cmdb import: hosts.csv has no column name\n")


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_after_the_batches_under_way(run, signum):
    """And the line that goes on can be pasted: it has what was typed, quoted."""
    @gen.coroutine
    def work(job):
        job.listener.on_progress(progress("sending", 0, 12))
        os.kill(os.getpid(), signum)
        yield job.stopped
        job.listener.on_progress(progress("sending", 5, 12, 4, 1))
        raise gen.Return(summary("stopped", 130))

    before = signal.getsignal(signum)
    code, out, err = run(work, "--restart", "--map", "Host, Name=name")
    assert code == 130 and out.startswith("Stopped")
    assert "stopping when the batches under way have ended; once more ends it at once" in err
    assert "12 of 12 rows are in; this goes on:" in err
    (line,) = [line for line in err.split("\n") if line.startswith("  ")]
    words = shlex.split(line)
    assert words[words.index("import"):] == [
        "import", "hosts.csv", "--object=HOST", "--key=name", "--map", "Host, Name=name",
        "--resume"]
    assert signal.getsignal(signum) == before


def test_a_dry_run_says_what_would_change(run):
    changes = Changes({u"cpu": 3, u"owner": 1}, [
        Change(2, (u"web-1",), {u"cpu": (4, 8), u"owner": (None, u"\u674e\u96f7")})])
    code, out, err = run(ends(summary(changes=changes)), "--quiet", "--dry-run")
    assert code == 0 and out.startswith("Dry run: nothing was sent.")
    assert "\n  unchanged            0\n" in out
    assert "Fields that would change, by rows: cpu in 3, owner in 1\n" in out
    assert u'  row 2: cpu 4 -> 8, owner null -> "\u674e\u96f7"\n' in to_unicode(out)


def test_what_a_file_has_gives_the_terminal_no_command(run):
    """The name of a column may be in a finding, a reason or an error."""
    evil = u"\x1b]0;title\x07\x1b[2J\x9b2J\nline"
    result = summary(code=1, rejected=1, problems=[(3, evil + u" is wrong")], changes=Changes(
        {u"cpu": 1}, [Change(2, (u"a",), {u"cpu": (evil, evil)})]))

    @gen.coroutine
    def work(job):
        job.listener.on_findings([evil])
        job.listener.on_message(evil)
        raise gen.Return(result)

    def fails(job):
        raise BulkError(evil)

    for _, out, err in (run(work), run(fails)):
        assert not [each for each in to_unicode(out + err) if each in u"\x1b\x07\x9b"]
