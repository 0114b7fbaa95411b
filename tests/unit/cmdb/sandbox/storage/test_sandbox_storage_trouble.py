"""Failures of the file while it is in use: the errors, and no loss of acknowledged data."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import shutil
import sqlite3

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.storage import StorageError, Store, database

ROWS = [{"name": u"host-%d" % number, "owner": u"x" * 1000} for number in range(50)]


@pytest.fixture
def path(tmpdir):
    return tmpdir.join("sandbox.db")


@pytest.fixture
def data(path):
    store = Store.open(str(path))
    yield Data(store)
    store.close()


def trouble(function, *args, **kwargs):
    """The reason of a StorageError; its line names the file."""
    with pytest.raises(StorageError) as caught:
        function(*args, **kwargs)
    assert "\n" not in str(caught.value)
    assert "sandbox.db" in str(caught.value)
    return caught.value.reason


def limit_pages(data, pages):
    """Let the file, with what is in its log, grow no further: the disk is full."""
    data.write(
        lambda transaction: transaction._connection.execute(
            "PRAGMA max_page_count = %d" % pages
        ).fetchone()
    )


def pages(data):
    return data.write(
        lambda transaction: transaction._connection.execute("PRAGMA page_count").fetchone()[0]
    )


# The disk is full


def test_full_disk_loses_nothing_that_was_answered(path, data):
    """A request without space is refused as a whole; stored data stays readable."""
    data.create("HOST", name=u"first")
    limit_pages(data, pages(data) + 150)
    stored = 1
    for turn in range(100):
        rows = [dict(row, name=u"%d-%s" % (turn, row["name"])) for row in ROWS]
        try:
            stored += data.load("HOST", [u"name"], rows)["insert_count"]
        except StorageError as error:
            assert error.reason == u"database or disk is full"
            break
    else:
        pytest.fail("there was no end to the disk")
    assert stored > 1
    assert data.search("HOST")["total"] == stored
    data.store.close()
    with contextlib.closing(Store.open(str(path))) as store:
        assert Data(store).search("HOST")["total"] == stored


def test_writes_succeed_again_when_there_is_space(data):
    """Without a restart."""
    data.create("HOST", name=u"first")
    limit_pages(data, pages(data))
    assert trouble(data.load, "HOST", [u"name"], ROWS) == u"database or disk is full"
    # The limit was that of a connection, which is not used again after an error.
    assert data.load("HOST", [u"name"], ROWS)["insert_count"] == len(ROWS)
    assert data.search("HOST")["total"] == 1 + len(ROWS)


# Another program


def test_file_locked_by_another_program(path, data, monkeypatch):
    """Such as a backup that takes longer than the lock timeout."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.05)
    with contextlib.closing(sqlite3.connect(str(path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert trouble(data.create, "HOST", name=u"web-1") == u"database is locked"
        assert data.search("HOST")["total"] == 0
        other.execute("COMMIT")
    assert data.create("HOST", name=u"web-1")["_version"] == 1


def test_file_that_becomes_read_only(data, path):
    """As after a disk error, when the system remounts the disk read-only."""
    data.create("HOST", name=u"web-1")
    data.write(lambda transaction: database.forbid_writing(transaction._connection))
    with pytest.raises(StorageError) as caught:
        data.create("HOST", name=u"web-2")
    assert caught.value.reason == u"attempt to write a readonly database"
    assert data.names("HOST") == [u"web-1"]


def test_page_that_is_damaged_while_in_use(data, path):
    """The error is about the file, not about the request."""
    data.load("HOST", [u"name"], ROWS)
    with contextlib.closing(sqlite3.connect(str(path))) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    size = path.size()
    with open(str(path), "r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    assert u"malformed" in trouble(data.search, "HOST", query={"owner": {"$like": u"%y%"}})


def test_error_in_our_sql_is_not_a_storage_error(data):
    """Our own bugs are logged with their traceback."""
    for attempt in (data.read, data.write):
        with pytest.raises(sqlite3.OperationalError) as caught:
            attempt(lambda transaction: transaction._connection.execute("SELECT nonsense"))
        assert "nonsense" in str(caught.value)


# The file is not there any more


def deleted(path):
    path.remove()


def moved(path):
    path.rename(str(path) + ".old")


def replaced(path):
    shutil.copy(str(path), str(path) + ".new")
    os.rename(str(path) + ".new", str(path))


def folder_deleted(path):
    shutil.rmtree(path.dirname)


def log_deleted(path):
    os.remove(str(path) + "-wal")


def index_deleted(path):
    os.remove(str(path) + "-shm")


LOSSES = [deleted, moved, replaced, folder_deleted, log_deleted, index_deleted]


@pytest.mark.parametrize("lose", LOSSES, ids=[lose.__name__ for lose in LOSSES])
@pytest.mark.parametrize("used", [True, False], ids=["used before", "not used before"])
def test_deleted_file_refuses_reads_and_writes(tmpdir, lose, used):
    """A write would be lost with the process; no file is created."""
    folder = tmpdir.mkdir("data")
    path = folder.join("sandbox.db")
    store = Store.open(str(path))
    data = Data(store)
    if used:
        data.create("HOST", name=u"web-1")
        data.search("HOST")
    lose(path)
    left = sorted(one.basename for one in folder.listdir()) if folder.check() else None
    for attempt in (data.create, data.create, data.search):
        kwargs = {} if attempt == data.search else {"name": u"web-2"}
        reason = trouble(attempt, "HOST", **kwargs)
        assert reason == u"it was deleted, moved or replaced while in use"
    if left is not None:
        assert sorted(one.basename for one in folder.listdir()) == left
    store.close()


def test_restored_file_is_used_again(path, data):
    """It is the same file, so no data was lost."""
    data.create("HOST", name=u"web-1")
    aside = path.dirpath("aside")
    path.rename(aside)
    trouble(data.search, "HOST")
    aside.rename(path)
    assert data.names("HOST") == [u"web-1"]
    data.create("HOST", name=u"web-2")
    assert data.names("HOST") == [u"web-2", u"web-1"]


def test_file_that_is_deleted_during_a_write(path, data):
    """It is noticed before the answer, which would claim that the instance is stored."""

    def write(transaction):
        path.remove()
        return transaction.new_row(lambda instance_id: {"instanceId": instance_id})

    trouble(data.write, write)


def test_link_to_a_file(tmpdir):
    """The files beside the database are beside the target of the link."""
    target = tmpdir.mkdir("real").join("sandbox.db")
    link = tmpdir.join("sandbox.db")
    Store.open(str(target)).close()
    link.mksymlinkto(target)
    with contextlib.closing(Store.open(str(link))) as store:
        data = Data(store)
        data.create("HOST", name=u"web-1")
        assert data.names("HOST") == [u"web-1"]
        link.remove()
        trouble(data.search, "HOST")
