"""The journal of an import: what is recorded, and for whom it can be opened."""

from __future__ import absolute_import, division, print_function

import datetime
import errno
import fcntl
import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.recording import Journal, differences, fingerprint, read_progress
from waterspout_cmdb.bulk.rows import ABSENT

IDENTITY = {
    u"source": u"hosts.csv", u"size": 1200, u"sha256": u"ab", u"object": u"APP",
    u"keys": [u"name"], u"target": u"http://127.0.0.1:8080", u"rules": {u"empty": u"keep"},
}


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("hosts.csv.journal"))


@pytest.fixture
def journal(path):
    with Journal.create(path, IDENTITY, clock=lambda: 1000.5) as journal:
        yield journal


def reopened(journal):
    journal.close()
    return Journal.open(journal.path)


def test_what_is_recorded_is_there_after_opening_again(journal):
    """Identity, state, counts, ranges and rejected rows survive a close."""
    journal.reject(3, u'cpu: "many" is not a whole number', [u"web3", u"many"])
    journal.check_done(rows=10, columns=[u"name", u"cpu"])
    journal.set_state("sending")
    assert journal.finish(2, 6, 4, inserted=2, updated=1, rejects=[(5, u"no", [u"web5", u"1"])])
    with reopened(journal) as again:
        assert again.identity == IDENTITY
        assert (again.state, again.is_checked) == ("sending", True)
        assert again.columns == [u"name", u"cpu"]
        assert again.finished_ranges() == [(2, 6)]
        assert again.counts()._asdict() == {
            "rows": 10, "checked": 10, "sent": 4, "inserted": 2, "updated": 1, "unchanged": 0,
            "rejected": 2}
        assert list(again.rejects()) == [
            (3, u'cpu: "many" is not a whole number', [u"web3", u"many"]),
            (5, u"no", [u"web5", u"1"])]
        assert list(again.rejected_rows("check")) == [3]
        assert list(again.rejected_rows()) == [3, 5]


def test_cells_keep_their_types(journal):
    """A rejected row's cells are the same when they are read, and of the same types."""
    cells = [
        u"0012", u"\u4e3b\u673a\ud800", None, True, 7, 2.5, ABSENT, {u"date": [1]}, 10 ** 30,
        datetime.date(2024, 2, 29), datetime.datetime(1, 2, 3, 4, 5, 6, 7),
        datetime.datetime(2024, 1, 1)]
    journal.reject(2, u"bad \ud800", cells)
    (_, _, found), = journal.rejects()
    assert found == cells
    assert [type(each) for each in found] == [type(each) for each in cells]
    assert found[6] is ABSENT


def test_ranges_merge_in_any_order(journal):
    """Batches that end in any order become one range when all are done."""
    batches = [(first, first + 9) for first in range(2, 2002, 10)]
    random.Random(5).shuffle(batches)
    for first, last in batches:
        assert journal.finish(first, last, 10, 10, 0)
    assert journal.finished_ranges() == [(2, 2001)]
    assert journal.counts().sent == 2000


def test_ranges_with_a_gap_stay_apart_until_it_is_filled(journal):
    for first, last in [(2, 5), (9, 12), (20, 20)]:
        journal.finish(first, last, 1, 1, 0)
    assert journal.finished_ranges() == [(2, 5), (9, 12), (20, 20)]
    journal.finish(6, 8, 1, 1, 0)
    assert journal.finished_ranges() == [(2, 12), (20, 20)]


def test_a_batch_that_is_finished_twice_counts_once(journal):
    """A worker that was thought dead may report late: nothing is counted again."""
    journal.finish(2, 11, 10, 10, 0)
    assert not journal.finish(2, 11, 10, 10, 0, rejects=[(3, u"no", [u"x"])])
    assert not journal.finish(4, 6, 3, 3, 0)
    assert (journal.counts().sent, journal.counts().rejected) == (10, 0)
    with pytest.raises(ValueError):
        journal.finish(10, 15, 6, 6, 0)
    assert journal.finished_ranges() == [(2, 11)]
    journal.finish(12, 15, 4, 4, 0)  # The failed one has left no transaction open.


def test_a_row_with_two_reasons_is_one_rejected_row(journal):
    for reason in (u"a is bad", u"b is bad", u"a is bad"):
        journal.reject(2, reason, [u"x"])
    assert list(journal.rejects()) == [(2, u"a is bad; b is bad", [u"x"])]
    assert journal.counts().rejected == 1


def test_a_check_that_begins_again_forgets_the_first(journal):
    journal.reject(2, u"bad", [u"x"])
    with reopened(journal) as again:
        assert not again.is_checked
        again.start_check()
        again.reject(3, u"bad", [u"y"])
        again.check_done(2, [u"name"])
        assert list(again.rejected_rows()) == [3]
        assert again.counts().rejected == 1


def test_rejects_can_be_read_while_batches_are_finished(journal):
    """The sender leaves out rejected rows, and reads them page by page as it goes."""
    for row in range(2, 5002, 2):
        journal.reject(row, u"bad", [u"x"])
    journal.check_done(5000, [u"name"])
    found = []
    for row in journal.rejected_rows("check"):
        journal.finish(row + 1, row + 1, 1, 1, 0)
        found.append(row)
    assert found == list(range(2, 5002, 2))


def test_reasons_are_counted_without_their_values(journal):
    for row in range(2, 12):
        journal.reject(row, u'cpu: "%d x" is not a whole number' % row, [u"x"])
    for row in range(12, 15):
        journal.reject(row, u"name web is there twice", [u"x"], kind=u"name is there twice")
    first, second = journal.reasons(first_rows=2)
    assert first == {
        "reason": u'cpu: "..." is not a whole number', "rows": 10,
        "first": [{"row": 2, "reason": u'cpu: "2 x" is not a whole number'},
                  {"row": 3, "reason": u'cpu: "3 x" is not a whole number'}]}
    assert (second["reason"], second["rows"]) == (u"name is there twice", 3)
    assert journal.number_of_reasons() == 2
    assert len(journal.reasons(most=1)) == 1


def test_warnings_are_counted_and_bounded(journal):
    journal.finish(2, 3, 2, 2, 0, warnings=[u"no such attribute: a"] * 2)
    journal.finish(4, 5, 2, 2, 0, warnings=[u"remark %d" % number for number in range(300)])
    assert journal.warnings()[0] == (u"no such attribute: a", 2)
    assert len(journal.warnings()) == 200


def test_values_of_the_callers_are_kept(journal):
    journal.remember("findings", [u"encoding GB18030"])
    with reopened(journal) as again:
        assert again.recall("findings") == [u"encoding GB18030"]
        assert again.recall("other", 3) == 3


def test_a_wrong_state_is_refused(journal):
    with pytest.raises(ValueError):
        journal.set_state("asleep")


# Who may have it.


def test_a_running_import_has_it_alone(journal, path):
    """A second import is refused at once, and the first goes on."""
    for attempt in (lambda: Journal.open(path), lambda: Journal.create(path, IDENTITY, True)):
        with pytest.raises(BulkError) as caught:
            attempt()
        assert "in use by an import that is running" in str(caught.value)
    journal.finish(2, 3, 2, 2, 0)
    journal.close()
    assert os.listdir(os.path.dirname(path)) == ["hosts.csv.journal"]
    Journal.open(path).close()


def test_a_folder_without_locks_is_told(path, monkeypatch):
    """As on some network file systems."""
    def no_locks(file, kind):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(BulkError) as caught:
        Journal.create(path, IDENTITY)
    assert "cannot be locked (No locks available): name a file on a local disk" in str(
        caught.value)
    assert read_progress(path)["is_running"] is False


def test_others_read_its_progress(journal, path):
    journal.check_done(rows=10, columns=[])
    journal.set_state("sending")
    journal.finish(2, 3, 2, 1, 1)
    progress = read_progress(path)
    assert progress["state"] == u"sending"
    assert progress["is_running"] and progress["is_checked"]
    assert [progress[name] for name in ("rows", "sent", "inserted", "updated")] == [10, 2, 1, 1]
    assert progress["started"] == progress["changed"] == 1000.5
    journal.set_state("failed", u"the target is down")
    journal.close()
    progress = read_progress(path)
    assert (progress["state"], progress["error"]) == (u"failed", u"the target is down")
    assert not progress["is_running"]


def test_progress_is_read_within_a_transaction_of_the_writer(journal, path):
    """A reader does not wait for a commit; it sees what was committed."""
    journal._database.execute("BEGIN EXCLUSIVE")
    journal._database.execute("UPDATE progress SET sent = 9")
    assert read_progress(path)["sent"] == 0
    journal._database.execute("COMMIT")
    assert read_progress(path)["sent"] == 9


def test_progress_of_a_check_is_seen(journal, path):
    journal.note_checked(500)
    journal.flush()
    assert read_progress(path)["checked"] == 500


def test_progress_of_a_check_is_seen_after_a_second_also_if_no_row_is_rejected(path):
    """A job over HTTP shows it; a check of a large file takes a minute."""
    now = [1000.0]
    with Journal.create(path, IDENTITY, clock=lambda: now[0]) as journal:
        journal.start_check()
        journal.note_checked(500)
        assert read_progress(path)["checked"] == 0  # Not written with each chunk.
        now[0] += 1.5
        journal.note_checked(1000)
        assert read_progress(path)["checked"] == 1000


@pytest.mark.parametrize("content", [None, b""])
def test_progress_of_a_journal_that_is_not_there_yet(path, content):
    if content is not None:
        with io.open(path, "wb") as file:
            file.write(content)
    progress = read_progress(path)
    assert (progress["state"], progress["rows"], progress["sent"]) == (u"unknown", None, 0)
    assert not progress["is_running"]
    assert os.path.exists(path) == (content is not None)


def test_progress_of_another_file_is_refused(path):
    with io.open(path, "wb") as file:
        file.write(b"name,cpu\n" * 1000)
    with pytest.raises(BulkError):
        read_progress(path)


# What may be replaced.


def test_a_journal_that_is_done_is_replaced(journal, path):
    journal.finish(2, 3, 2, 2, 0)
    journal.reject(4, u"bad", [u"x"])
    journal.set_state("done")
    journal.close()
    with Journal.create(path, {u"source": u"b"}) as again:
        assert again.identity == {u"source": u"b"}
        assert (again.state, again.finished_ranges(), list(again.rejects())) == ("checking", [], [])
        assert again.counts() == (None, 0, 0, 0, 0, 0, 0)


def test_a_journal_that_can_go_on_is_replaced_only_if_told(journal, path):
    journal.check_done(10, [])
    journal.finish(2, 3, 2, 2, 0)
    journal.close()
    with pytest.raises(BulkError) as caught:
        Journal.create(path, IDENTITY)
    assert "2 of 10 rows are sent): --resume goes on" in str(caught.value)
    with Journal.open(path) as same:
        assert same.finished_ranges() == [(2, 3)]
    with Journal.create(path, IDENTITY, replace=True) as again:
        assert again.finished_ranges() == []


@pytest.mark.parametrize("content", [b"name,cpu\nweb,1\n" * 50, None])
def test_a_file_that_is_no_journal_is_never_replaced(path, content):
    """``--journal hosts.csv`` by mistake, or another program's database: it stays."""
    if content is None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE progress (id)")
        other.commit()
        other.close()
    else:
        with io.open(path, "wb") as file:
            file.write(content)
    with io.open(path, "rb") as file:
        before = file.read()
    for attempt in (lambda: Journal.create(path, IDENTITY, True), lambda: Journal.open(path)):
        with pytest.raises(BulkError) as caught:
            attempt()
        assert "name another file with --journal" in str(caught.value)
    with io.open(path, "rb") as file:
        assert file.read() == before


def test_no_journal_to_go_on_from(path):
    with pytest.raises(BulkError) as caught:
        Journal.open(path)
    assert "there is no journal" in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == []


@pytest.mark.parametrize("version, words", [(2, "newer release"), (0, "older release")])
def test_a_journal_of_another_version(journal, path, version, words):
    journal._database.execute("PRAGMA user_version = %d" % version)
    journal.close()
    for attempt in (lambda: Journal.open(path), lambda: Journal.create(path, IDENTITY)):
        with pytest.raises(BulkError) as caught:
            attempt()
        assert words in str(caught.value) and "--restart" in str(caught.value)
    Journal.create(path, IDENTITY, replace=True).close()


def test_a_damaged_journal(journal, path):
    """Truncated at any page: said at once, and --restart replaces it."""
    for row in range(2, 3000):
        journal.reject(row, u"bad", [u"x" * 50])
    journal.close()
    with io.open(path, "rb") as file:
        whole = file.read()
    for size in (50, 100, 4096, len(whole) // 2, len(whole) - 1):
        with io.open(path, "wb") as file:
            file.write(whole[:size])
        with pytest.raises(BulkError) as caught:
            Journal.open(path)
        assert "damaged" in str(caught.value) or "not a journal" in str(caught.value)
        try:
            read_progress(path)
        except BulkError:
            pass  # Its first pages may be whole.
    with pytest.raises(BulkError):
        Journal.create(path, IDENTITY)
    with Journal.create(path, IDENTITY, replace=True) as again:
        assert list(again.rejects()) == []


def test_a_journal_that_was_not_begun(journal, path):
    """Killed while it was made: nothing was sent, and the next import takes it."""
    journal._database.execute("DELETE FROM progress")
    journal.close()
    assert read_progress(path)["state"] == u"unknown"
    with pytest.raises(BulkError) as caught:
        Journal.open(path)
    assert "nothing has been sent" in str(caught.value)
    Journal.create(path, IDENTITY).close()


def test_a_folder_that_cannot_be_written(tmpdir):
    with pytest.raises(BulkError) as caught:
        Journal.create(str(tmpdir.join("no", "such", "folder")), IDENTITY)
    assert "--journal" in str(caught.value)


# Failures.


@pytest.mark.parametrize("phase", ["check", "send"])
def test_a_full_disk_is_told_and_the_import_can_go_on(journal, path, phase):
    """What was recorded before stays; nothing is half there."""
    journal.finish(2, 11, 10, 10, 0)
    pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute("PRAGMA max_page_count = %d" % (pages + 2))
    with pytest.raises(BulkError) as caught:
        if phase == "check":
            for row in range(12, 5000):
                journal.reject(row, u"bad", [u"x" * 100])
        else:
            refused = [(row, u"bad", [u"x" * 100]) for row in range(12, 5000)]
            journal.finish(12, 5000, 0, 0, 0, refused)
    assert "full" in str(caught.value) and "--resume" in str(caught.value)
    journal.close()
    with Journal.open(path) as again:
        assert again.finished_ranges() == [(2, 11)]
        assert list(again.rejects()) == []
        assert again.counts().rejected == 0
        again.finish(12, 20, 9, 9, 0)


KILLED = """
    import os, sys
    from waterspout_cmdb.bulk.recording import Journal
    journal = Journal.create(sys.argv[1], {"source": "x"}, replace=True)
    for row in range(2, 1002):
        journal.reject(row, u"bad", [u"x"])
    journal.check_done(5000, [u"name"])
    print("sending")
    for number in range(1000000):
        first = 2 + 10 * number
        journal.finish(first, first + 9, 10, 10, 0, [(5000000 + number, u"no", [u"x"])])
        print(first + 9)
        sys.stdout.flush()
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_all_that_finish_returned_for(path):
    """Each batch that was told as finished is there, and at most the one under way besides."""
    choose = random.Random(7)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), path], stdout=subprocess.PIPE,
            env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)))
        told = 0
        for _ in range(choose.randrange(1, 60)):
            line = process.stdout.readline().strip()
            told = int(line) if line.isdigit() else told
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split(b"\n")[:-1]
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        told = max([told] + [int(line) for line in rest if line.isdigit()])
        progress = read_progress(path)
        assert not progress["is_running"]
        with Journal.open(path) as journal:
            ranges = journal.finished_ranges()
            last = ranges[0][1] if ranges else 0
            assert len(ranges) <= 1 and last in (told, max(told, 1) + 10)
            counts = journal.counts()
            batches = counts.sent // 10
            assert counts.inserted == counts.sent == (last - 1 if last else 0)
            assert counts.rejected == len(list(journal.rejects())) == 1000 + batches


# Identities.


def test_the_same_import_has_no_differences(journal):
    journal.check_identity(dict(IDENTITY, source=u"moved.csv"))
    assert differences(IDENTITY, dict(IDENTITY, keys=(u"name",))) == []


@pytest.mark.parametrize("change, sentence", [
    ({u"size": 1234}, u"hosts.csv has changed since (size 1234, was 1200)"),
    ({u"sha256": u"cd"},
     u"hosts.csv has changed since (its size is the same, its content is not)"),
    ({u"object": u"HOST"}, u"the object is HOST, it was APP"),
    ({u"keys": [u"name", u"ip"]}, u"the key (--key) is name, ip, it was name"),
    ({u"target": None}, u"the target is not given, it was http://127.0.0.1:8080"),
    ({u"rules": {u"empty": u"clear"}}, u"--empty is clear, it was keep"),
    ({u"rules": {u"empty": u"keep", u"map": {u"A": u"name"}}},
     u'--map is {"A": "name"}, it was not given'),
    ({u"rules": {u"empty": u"keep", u"utc_offset": u"+08:00"}},
     u"--utc-offset is +08:00, it was not given"),
    ({u"rules": {u"empty": u"keep", u"ignore_columns": [u"Rack"]}},
     u"--ignore is Rack, it was not given"),
    ({u"options": {u"all_or_nothing": True}}, u"--all-or-nothing is on, it was not given"),
])
def test_differences_in_plain_words(journal, change, sentence):
    current = dict(IDENTITY, **{str(name): value for name, value in change.items()})
    assert differences(IDENTITY, current) == [sentence]
    with pytest.raises(BulkError) as caught:
        journal.check_identity(current)
    assert str(caught.value).splitlines() == [
        "the import cannot go on: %s" % sentence, "--restart begins again, with a new journal"]


ACCOUNT = {u"org": u"1", u"user": None, u"api_key": u"ab12"}


@pytest.mark.parametrize("recorded, current, sentences", [
    (ACCOUNT, ACCOUNT, []),
    (ACCOUNT, dict(ACCOUNT, org=u"2"), [u"the organisation (--org) is 2, it was 1"]),
    (ACCOUNT, dict(ACCOUNT, api_key=u"cd34"), [
        u"the API key is another one, which may be of another organisation: give the key that it "
        u"began with"]),
    (dict(ACCOUNT, api_key=None), ACCOUNT, [
        u"there is an API key, it began without: leave it out"]),
    (ACCOUNT, dict(ACCOUNT, api_key=None), [
        u"there is no API key, it began with one: give that"]),
    # Of an earlier release, which did not record all of it.
    ({u"org": u"1", u"user": None}, ACCOUNT, []),
    ({}, ACCOUNT, []),
])
def test_an_import_goes_on_for_whom_it_began(recorded, current, sentences):
    """What says for whom is not shown if it is made of a key."""
    assert differences(dict(IDENTITY, account=recorded),
                       dict(IDENTITY, account=current)) == sentences


def test_an_option_that_may_be_repeated_was_not_given():
    recorded = {u"rules": {u"map": {}, u"ignore_columns": []}}
    assert differences(recorded, {u"rules": {u"map": {u"A": u"b"}, u"ignore_columns": [u"C"]}}) == [
        u"--ignore is C, it was not given", u'--map is {"A": "b"}, it was not given']


def test_fingerprint(tmpdir):
    file = tmpdir.join("hosts.csv")
    file.write_binary(b"name\nweb\n")
    assert fingerprint(str(file)) == {
        u"source": u"hosts.csv", u"size": 9,
        u"sha256": u"b5283f347fa94cd2afa83e27fd40edd7bd1ec459f0a82fc83af3ce27176dc4b8"}
    with pytest.raises(BulkError):
        fingerprint(str(tmpdir.join("none")))
