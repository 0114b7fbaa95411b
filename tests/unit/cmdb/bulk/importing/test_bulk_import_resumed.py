"""Imports that were stopped, have failed or were killed go on."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_importing import DictTarget, expected
from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.errors import BulkError


def stop_at(workshop, number):
    """Stop an import when it sends a batch, the first being number 1."""
    def before(names):
        if len(workshop.target.calls) >= number:
            workshop.last.stop()

    workshop.target.before = before


def fail_at(workshop, number):
    """Have the target fail from a batch on."""
    def before(names):
        if len(workshop.target.calls) >= number:
            raise BulkError("the target is away")

    workshop.target.before = before


def stop_in(workshop, stage):
    def then(progress):
        if progress.stage == stage:
            workshop.last.stop()

    workshop.heard.then = then


def resumed(workshop, **options):
    """Go on, and return the Summary; no row may be sent that an earlier run has finished."""
    workshop.target.before = None
    workshop.heard.then = lambda progress: None
    del workshop.target.calls[:]
    return workshop.run(resume=True, **options)


def test_a_stopped_import_goes_on_with_the_rows_that_are_left(workshop):
    workshop.write_hosts(200, wrong=[150])
    stop_at(workshop, 5)
    summary = workshop.run()
    assert (summary.state, summary.exit_code) == ("stopped", 130)
    stored = set(workshop.target.stored)
    assert 50 <= len(stored) <= 70
    assert summary.counts.inserted == len(stored)  # What was under way is recorded.
    assert workshop.report()["state"] == "stopped"
    summary = resumed(workshop)
    assert (summary.state, summary.exit_code) == ("done", 1)
    assert workshop.target.stored == expected(200, without=[150])
    sent = [name for call in workshop.target.calls for name in call]
    assert not stored.intersection(sent)
    assert summary.counts.inserted == 199
    assert "host-150" in workshop.read("hosts.rejects.csv")


@pytest.mark.parametrize("stage", ["hashing", "checking"])
def test_an_import_stopped_before_it_sends_begins_again(workshop, stage):
    workshop.write_hosts(1200, wrong=[1])
    stop_in(workshop, stage)
    summary = workshop.run()
    assert (summary.state, summary.exit_code) == ("stopped", 130)
    assert workshop.target.calls == []
    summary = resumed(workshop)
    assert summary.counts.rejected == 1
    assert workshop.target.stored == expected(1200, without=[1])


def test_stop_before_it_runs(workshop):
    workshop.write_hosts(10)
    made = workshop.make()
    made.stop()
    assert workshop.wait(made.run).state == "stopped"
    assert workshop.target.calls == []


@pytest.mark.parametrize("call", ["model", "find"])
def test_stop_does_not_wait_for_answers_before_rows_are_sent(workshop, monkeypatch, call):
    """A target that does not answer is no reason to press Ctrl-C twice."""
    workshop.write(u"name,rack\nhost-1,A1\n")

    def hang(*args):
        IOLoop.current().add_callback(workshop.last.stop)
        return Future()

    monkeypatch.setattr(workshop.target, call, hang)
    assert workshop.run().state == "stopped"
    assert workshop.target.calls == []
    monkeypatch.undo()
    workshop.target.racks = {"A1": "r1"}
    assert resumed(workshop).counts.inserted == 1
    assert not [name for name in workshop.names() if name.startswith(".")]


def test_stop_with_the_last_batch_is_done(workshop):
    workshop.write_hosts(20)
    stop_at(workshop, 2)
    summary = workshop.run(concurrency=1)
    assert workshop.target.stored == expected(20)
    assert summary.state in ("done", "stopped")
    assert resumed(workshop).counts.inserted == 20
    assert workshop.target.calls == []


def test_a_failed_import_says_how_to_go_on_and_goes_on(workshop):
    workshop.write_hosts(200)
    fail_at(workshop, 8)
    error = workshop.fail(concurrency=3)
    assert error.reasons[0] == "the target is away"
    assert "--resume" in error.reasons[-1]
    assert (error.summary.state, error.summary.exit_code) == ("failed", 2)
    assert workshop.report()["state"] == "failed"
    stored = set(workshop.target.stored)
    assert 40 <= error.summary.counts.inserted == len(stored) <= 70
    assert resumed(workshop).state == "done"
    assert workshop.target.stored == expected(200)
    assert not stored.intersection(sum(workshop.target.calls, []))


def test_batches_under_way_when_one_fails_are_recorded(workshop):
    """The first batch fails while the second one waits for its answer."""
    workshop.write_hosts(100)
    waiting = []

    def before(names):
        if names[0] != "host-0":
            waiting.append(Future())
            return waiting[-1]
        IOLoop.current().add_callback(lambda: waiting[0].set_result(None))
        raise BulkError("the target is away")

    workshop.target.before = before
    error = workshop.fail(concurrency=2)
    assert set(workshop.target.stored) == {"host-%d" % each for each in range(10, 20)}
    assert error.summary.counts.inserted == 10
    assert resumed(workshop).counts.inserted == 100
    assert "host-10" not in sum(workshop.target.calls, [])
    assert workshop.target.stored == expected(100)


def test_an_unfinished_import_is_neither_forgotten_nor_continued_by_accident(workshop):
    workshop.write_hosts(100)
    stop_at(workshop, 3)
    workshop.run()
    error = workshop.fail()
    assert "--resume" in str(error) and "--restart" in str(error)
    assert resumed(workshop).state == "done"


def test_restart_begins_at_the_first_row(workshop):
    workshop.write_hosts(100)
    stop_at(workshop, 3)
    workshop.run()
    workshop.target = DictTarget()
    summary = workshop.run(restart=True)
    assert summary.counts.inserted == 100
    assert workshop.target.stored == expected(100)


def test_a_new_run_after_one_that_is_done_sends_all_again(workshop):
    workshop.write_hosts(20)
    workshop.run()
    assert workshop.run().counts.updated == 20


def test_resume_of_an_import_that_is_done_has_nothing_to_do(workshop):
    workshop.write_hosts(20, wrong=[3])
    workshop.run()
    summary = resumed(workshop)
    assert (summary.state, summary.exit_code, summary.counts.inserted) == ("done", 1, 19)
    assert workshop.target.calls == []
    assert "nothing is left to do" in workshop.heard.messages[-1]


def test_resume_of_an_import_that_was_refused_has_nothing_to_do(workshop):
    workshop.write_hosts(20, wrong=[3])
    workshop.run(all_or_nothing=True)
    summary = resumed(workshop, all_or_nothing=True)
    assert (summary.state, summary.exit_code) == ("refused", 1)
    assert "was refused as a whole" in workshop.heard.messages[-1]
    assert not any("is imported" in text for text in workshop.heard.messages)


def test_resume_without_a_journal_begins_and_says_so(workshop):
    workshop.write_hosts(20)
    assert workshop.run(resume=True).counts.inserted == 20
    assert "begins at the first row" in workshop.heard.messages[0]


def test_a_changed_file_is_not_resumed(workshop):
    workshop.write_hosts(100)
    stop_at(workshop, 3)
    workshop.run()
    workshop.write_hosts(101)
    error = workshop.fail(resume=True)
    assert "hosts.csv has changed" in str(error) and "--restart" in str(error)


def test_other_options_do_not_resume(workshop):
    workshop.write_hosts(100)
    stop_at(workshop, 3)
    workshop.run()
    error = workshop.fail(resume=True, all_or_nothing=True)
    assert "--all-or-nothing" in str(error)


def test_the_rows_that_are_left_go_to_no_other_organisation(workshop):
    workshop.write_hosts(100)
    workshop.target.account = {"org": u"1", "user": u"ann"}
    stop_at(workshop, 4)
    workshop.run()
    workshop.target.account = {"org": u"2", "user": u"ann"}
    assert "the organisation (--org) is 2, it was 1" in str(workshop.fail(resume=True))
    workshop.target.account = {"org": u"1", "user": u"ann"}
    assert resumed(workshop).state == "done"


@pytest.mark.parametrize("patience", [None, 60])
def test_the_key_of_another_tenant_does_not_resume(workshop, patience):
    """Nor with --patience, where another target is in between."""
    workshop.write_hosts(100)
    workshop.target.close = None  # A `PatientTarget` has it, too.
    workshop.target.account = {"org": None, "user": None, "api_key": u"ab12"}
    stop_at(workshop, 4)
    workshop.run(patience=patience)
    stored = dict(workshop.target.stored)
    workshop.target.account = dict(workshop.target.account, api_key=u"cd34")
    error = str(workshop.fail(resume=True, patience=patience))
    assert "the API key is another one" in error and "--restart begins again" in error
    assert "ab12" not in error and "cd34" not in error and workshop.target.stored == stored
    workshop.target.before = None
    summary = workshop.run(restart=True, patience=patience)
    assert (summary.state, summary.counts.sent) == ("done", 100)


def test_other_sizes_of_batches_do_resume(workshop):
    workshop.write_hosts(500)
    stop_at(workshop, 3)
    workshop.run(rows=7)
    stored = set(workshop.target.stored)
    summary = resumed(workshop, rows=64, concurrency=4)
    assert summary.counts.inserted == 500
    assert not stored.intersection(sum(workshop.target.calls, []))


@pytest.mark.parametrize("concurrency", [1, 2, 3, 7])
def test_gaps_between_finished_batches_are_sent(workshop, concurrency):
    """Batches get done in any order; what failed in between is sent later, and nothing else."""
    workshop.write_hosts(300, wrong=[10, 11, 12, 100, 299])

    def before(names):
        if int(names[0].split("-")[1]) // 10 % 3 == 1:
            raise BulkError("the target is away")

    workshop.target.before = before
    rounds = 0
    while True:
        try:
            summary = workshop.run(resume=True, rows=9, concurrency=concurrency)
        except BulkError:
            rounds += 1
            if rounds > 3:
                workshop.target.before = None
            continue
        break
    assert summary.counts.inserted == 295
    assert workshop.target.stored == expected(300, without=[10, 11, 12, 100, 299])


def test_rejects_of_the_earlier_run_are_in_the_file_of_the_later_one(workshop):
    workshop.write_hosts(100)
    workshop.target.refused = {"host-2": "no", "host-90": "no"}
    stop_at(workshop, 4)
    assert workshop.run().counts.rejected == 1
    resumed(workshop)
    lines = workshop.read("hosts.rejects.csv").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["host-2", "host-90"]


def test_corrections_in_the_rejects_file_of_a_stopped_import_are_kept(workshop):
    workshop.write_hosts(100)
    workshop.target.refused = {"host-2": "no", "host-90": "no"}
    stop_at(workshop, 4)
    workshop.run()
    corrected = workshop.read("hosts.rejects.csv").replace("10.0.0.2,", "10.1.1.2,")
    workshop.write(corrected, "hosts.rejects.csv")
    resumed(workshop)
    assert workshop.read("hosts.rejects.csv.old") == corrected
    assert "host-90" in workshop.read("hosts.rejects.csv")


def test_the_rejects_file_of_the_stopped_run_is_replaced_by_that_of_the_whole_import(workshop):
    workshop.write_hosts(100)
    workshop.target.refused = {"host-2": "no", "host-90": "no"}
    stop_at(workshop, 4)
    workshop.run()
    resumed(workshop)
    assert "hosts.rejects.csv.old" not in workshop.names()


def test_corrections_in_an_old_rejects_file_are_kept(workshop):
    workshop.write_hosts(20, wrong=[3])
    workshop.run()
    corrected = workshop.read("hosts.rejects.csv").replace("many", "8")
    workshop.write(corrected, "hosts.rejects.csv")
    workshop.write_hosts(20)
    workshop.run()
    assert "hosts.rejects.csv" not in workshop.names()
    assert workshop.read("hosts.rejects.csv.old") == corrected
    assert any("hosts.rejects.csv.old" in text for text in workshop.heard.messages)
