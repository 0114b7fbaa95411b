"""What goes wrong around an import: its file, its folder, the disk, a second import."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import resource

import pytest
from bulk_importing import expected
from tornado import gen

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import Import, ImportOptions


def test_a_file_that_is_not_there(workshop):
    error = workshop.fail()
    assert "hosts.csv" in str(error)
    assert workshop.names() == []


def test_a_file_that_is_truncated_between_the_passes(workshop):
    """Nothing is sent, and the rejects that were found are told."""
    workshop.write_hosts(1000, wrong=[7])

    def then(progress):
        if progress.stage == "checking" and progress.rows == 1000:
            with open(workshop.path("hosts.csv"), "r+") as file:
                file.truncate(300)

    workshop.heard.then = then
    error = workshop.fail()
    assert "hosts.csv was changed while it was imported" in str(error)
    assert workshop.target.calls == []
    assert workshop.report()["state"] == "failed"


def test_a_file_that_is_changed_while_it_is_sent(workshop):
    """Batches that were under way are recorded, and no changed row is sent."""
    workshop.write_hosts(300)

    def before(names):
        if len(workshop.target.calls) >= 5:
            workshop.write(workshop.read("hosts.csv").replace("10.0.0.", "10.9.9."))

    workshop.target.before = before
    error = workshop.fail()
    assert "was changed while it was imported" in str(error)
    assert 50 <= error.summary.counts.inserted == len(workshop.target.stored) <= 70
    assert all(row["ip"].startswith("10.0.0.") for row in workshop.target.stored.values())
    workshop.target.before = None
    assert "has changed since" in str(workshop.fail(resume=True))
    assert workshop.run(restart=True).counts.rows == 300


def test_two_imports_of_one_file_at_a_time(workshop):
    """The second one is refused and changes nothing; the first one goes on."""
    workshop.write_hosts(40)
    errors = []

    @gen.coroutine
    def another():
        for options in (ImportOptions(), ImportOptions(resume=True), ImportOptions(restart=True)):
            try:
                yield Import(
                    workshop.path("hosts.csv"), "HOST", ["name"], workshop.target, options).run()
            except BulkError as error:
                errors.append(str(error))

    def before(names):
        workshop.target.before = None
        return another()

    workshop.target.before = before
    assert workshop.run().counts.inserted == 40
    assert len(errors) == 3 and all("in use" in each for each in errors)
    assert workshop.target.stored == expected(40)
    assert len(workshop.target.calls) == 4


def test_a_folder_that_cannot_be_written(workshop):
    """Found out before anything else is done; the journal can be elsewhere."""
    if os.getuid() == 0:
        pytest.skip("root may write everywhere")
    workshop.write_hosts(3)
    elsewhere = workshop.folder.mkdir("elsewhere")
    os.chmod(str(workshop.folder), 0o500)
    try:
        error = workshop.fail()
        assert "--journal, --rejects and --report" in str(error)
        names = {name: str(elsewhere.join(name)) for name in ("journal", "rejects", "report")}
        assert workshop.run(**names).exit_code == 0
    finally:
        os.chmod(str(workshop.folder), 0o700)


def test_files_that_are_one(workshop):
    workshop.write_hosts(3)
    error = workshop.fail(rejects=workshop.path("hosts.csv"))
    assert "the source and the rejects are both" in str(error)
    assert len(workshop.read("hosts.csv").splitlines()) == 4


def test_a_journal_that_is_another_file(workshop):
    workshop.write_hosts(3)
    workshop.write(u"mine\n", "hosts.csv.journal")
    for options in ({}, {"restart": True}, {"resume": True}):
        assert "journal" in str(workshop.fail(**options))
    assert workshop.read("hosts.csv.journal") == "mine\n"


def test_an_error_that_is_none_of_ours_is_raised_as_it_is(workshop):
    """The import can go on after the mistake is repaired."""
    workshop.write_hosts(40)

    def before(names):
        if len(workshop.target.calls) >= 3:
            raise ZeroDivisionError()

    workshop.target.before = before
    with pytest.raises(ZeroDivisionError):
        workshop.run()
    report = workshop.report()
    assert report["state"] == "failed" and "ZeroDivisionError" in report["error"]
    workshop.target.before = None
    assert workshop.run(resume=True).counts.inserted == 40


def test_a_listener_that_fails(workshop):
    """Such as one that prints into a closed pipe: what it did not stop goes on later."""
    workshop.write_hosts(40)

    def then(progress):
        if progress.inserted >= 20:
            workshop.heard.then = lambda progress: None
            raise IOError("broken pipe")

    workshop.heard.then = then
    with pytest.raises(IOError):
        workshop.run()
    assert 20 <= workshop.report()["inserted"] == len(workshop.target.stored)
    assert workshop.run(resume=True).state == "done"
    assert workshop.target.stored == expected(40)


def test_a_name_whose_bytes_are_no_characters(workshop):
    folder = workshop.path("").encode("ascii")
    workshop.write_hosts(3, wrong=[1])
    path = os.path.join(folder, b"h\xe4.csv")
    os.rename(workshop.path("hosts.csv"), path)
    if str is bytes:
        assert "not in UTF-8" in str(workshop.fail(path))
        return

    def before(names):
        with open(path, "ab") as file:
            file.write(b"x,1\n")

    path = os.fsdecode(path)
    assert workshop.run(path).counts.inserted == 2
    workshop.target.before = before
    assert "was changed" in str(workshop.fail(path, rows=1, concurrency=1))


def test_unknown_columns_end_it_before_there_is_a_journal(workshop):
    workshop.write(u"name,shoe\na,1\n")
    assert "shoe" in str(workshop.fail())
    assert workshop.names() == ["hosts.csv"]


@pytest.mark.parametrize("wrong", [
    {"resume": True, "restart": True}, {"dry_run": True, "resume": True}, {"dry_run": 1},
    {"journal": ""}, {"rejects": 3}, {"read": "csv"}, {"limits": 7}, {"rules": {}},
    {"shown_changes": -1}, {"shown_changes": True},
])  # fmt: skip
def test_options_that_cannot_be(wrong):
    with pytest.raises(BulkError) as caught:
        ImportOptions(**wrong)
    assert len(caught.value.reasons) == 1


@contextlib.contextmanager
def files_up_to(size):
    """Let no file of this process become larger, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_is_full_while_rows_are_checked(workshop):
    """Nothing was sent; with room again the import begins again."""
    workshop.write_hosts(6000, wrong=range(5000))
    with files_up_to(150000):
        error = workshop.fail()
    assert "make room" in str(error)
    assert workshop.target.calls == []
    summary = workshop.run(resume=True, rows=500)
    assert (summary.counts.inserted, summary.counts.rejected) == (1000, 5000)


def test_a_disk_that_is_full_while_rows_are_sent(workshop):
    """What is recorded is not sent again; what could not be recorded is, and nothing else."""
    workshop.write_hosts(3000)
    names = ["host-%d" % each for each in range(400, 3000)]
    workshop.target.refused = {name: "no, and this is why: " + "x" * 200 for name in names}
    with files_up_to(1000000):
        error = workshop.fail(rows=100)
    assert "make room" in str(error)
    sent = set(sum(workshop.target.calls, []))
    assert 400 < len(sent) < 3000
    del workshop.target.calls[:]
    summary = workshop.run(resume=True, rows=100)
    again = set(sum(workshop.target.calls, []))
    assert (summary.counts.inserted + summary.counts.updated, summary.counts.rejected) == (
        400, 2600)
    assert sent | again == set(expected(3000))
    assert len(sent & again) <= 300
    assert len(workshop.read("hosts.rejects.csv").splitlines()) == 2601
