from __future__ import absolute_import, division, print_function

import contextlib
import fcntl
import hashlib
import os
import sqlite3

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.storage import StorageError, Store, preparation, schema


@pytest.fixture
def path(tmpdir):
    return tmpdir.join("sandbox.db")


@pytest.fixture
def made(path):
    """A file with one HOST in it, closed; the value is the instance."""
    with opened(path) as data:
        return data.create("HOST", name=u"web-1")


@contextlib.contextmanager
def opened(path):
    store = Store.open(str(path))
    yield Data(store)
    store.close()


def execute(path, sql):
    """What another program does to the file."""
    with contextlib.closing(sqlite3.connect(str(path))) as connection:
        return connection.execute(sql).fetchall()


def refusal(path):
    """The line of a refusal, which must name the file, say what to do, and change nothing."""
    before = digest(path)
    with pytest.raises(StorageError) as caught:
        Store.open(str(path))
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(str(path))
    assert digest(path) == before
    return line


def digest(path):
    """Of the content of a file; shorter to show than what differs in it."""
    return hashlib.sha256(path.read_binary()).hexdigest() if path.isfile() else None


# Files that are not ours


def test_file_of_another_program_is_refused_and_not_changed(path):
    """Its bytes are the same afterwards."""
    execute(path, "CREATE TABLE theirs (x)")
    line = refusal(path)
    assert line.endswith("is a database, but not one of the sandbox: choose another file")


def test_database_in_use_by_another_program_is_refused_and_not_changed(path, tmpdir):
    """Including its write-ahead log, which SQLite would merge into the file."""
    with contextlib.closing(sqlite3.connect(str(path))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE theirs (x)")
        log = tmpdir.join("sandbox.db-wal")
        before = digest(log)
        assert "not one of the sandbox" in refusal(path)
        assert before and digest(log) == before


@pytest.mark.parametrize(
    "content",
    [b"remember the milk " * 100, b"x", b"SQLite format 3\x00", b"\x00" * 4096],
    ids=["notes", "a letter", "too short", "zeros"],
)
def test_file_that_is_not_a_database_is_refused_and_not_changed(path, content):
    """Such as a text file, or a part of a database."""
    path.write_binary(content)
    assert refusal(path).endswith("is not an SQLite database: choose another file")


def test_empty_file_is_used_as_new(path):
    """Programs that create temporary names make empty files."""
    path.write_binary(b"")
    with opened(path) as data:
        assert data.search("HOST")["total"] == 0


def test_path_that_cannot_be_opened_is_refused(path, tmpdir):
    """A directory, and a file in a directory that does not exist."""
    assert "directory" in refusal(tmpdir)
    with pytest.raises(StorageError) as caught:
        Store.open(str(tmpdir.join("nowhere", "sandbox.db")))
    assert "nowhere" in str(caught.value)


# Files that were ours


def test_file_of_a_newer_release_is_refused(path, made):
    """The text has both versions."""
    current = len(schema.STEPS)
    execute(path, "PRAGMA user_version = %d" % (current + 1))
    line = refusal(path)
    assert "version %d, this one reads up to %d" % (current + 1, current) in line
    assert line.endswith("start that release, or choose another file")


@pytest.mark.parametrize(
    "at, garbage",
    [(100, b"\xff" * 8), (4096, b"\xff" * 4096), (0.5, b"\xff" * 9000), (-4096, b"\x00" * 4096)],
    ids=["schema", "second page", "middle", "last page"],
)
def test_damaged_file_is_refused(path, at, garbage):
    """At the start, not when the damaged page is read."""
    with opened(path) as data:
        data.load("HOST", [u"name"], [{"name": u"host-%d" % n} for n in range(300)])
    content = bytearray(path.read_binary())
    at = int(at * len(content)) if isinstance(at, float) else at % len(content)
    content[at : at + len(garbage)] = garbage
    path.write_binary(bytes(content))
    line = refusal(path)
    assert "is damaged (" in line
    assert line.endswith("restore it from a backup, or choose another file")


def test_truncated_file_is_refused(path, made):
    """As a copy on a full disk."""
    path.write_binary(path.read_binary()[:-4096])
    assert "is damaged (" in refusal(path)


# SQLite itself


def test_sqlite_that_is_too_old_is_refused(path, monkeypatch):
    """The text has the needed and the present version; no file is created."""
    monkeypatch.setattr(preparation, "SQLITE_NEEDED", (99, 1, 0))
    with pytest.raises(StorageError) as caught:
        Store.open(str(path))
    assert "needs SQLite 99.1.0 or newer" in str(caught.value)
    assert sqlite3.sqlite_version in str(caught.value)
    assert not path.check()


def test_sqlite_without_json_functions_is_refused(path, monkeypatch):
    """They were optional in older versions."""

    class Connection(sqlite3.Connection):
        def execute(self, sql, *args):
            assert "json_" in sql
            raise sqlite3.OperationalError("no such function: json_extract")

    monkeypatch.setattr(sqlite3, "connect", lambda path: Connection(path))
    with pytest.raises(StorageError) as caught:
        Store.open(str(path))
    assert "with its JSON functions" in str(caught.value)


# Versions


def _later(connection):
    connection.execute("CREATE TABLE later (x)")


def _more(connection):
    connection.execute("INSERT INTO later SELECT count(*) FROM models")


def _broken(connection):
    connection.execute("CREATE nonsense")


def test_new_file_has_the_current_version(path, made):
    """It also has the sandbox's mark."""
    assert execute(path, "PRAGMA user_version") == [(len(schema.STEPS),)]
    assert execute(path, "PRAGMA application_id") == [(schema.APPLICATION_ID,)]


def test_older_file_is_migrated(path, made, monkeypatch):
    """Step by step, with its data, which a step may read."""
    monkeypatch.setattr(schema, "STEPS", schema.STEPS + [_later, _more])
    for _ in range(2):  # The second time there is nothing left to do.
        with opened(path) as data:
            assert data.get("HOST", made["instanceId"]) == made
        assert execute(path, "PRAGMA user_version") == [(len(schema.STEPS),)]
        assert execute(path, "SELECT x FROM later") == [(2,)]


def test_failed_migration_leaves_the_old_version(path, made, monkeypatch):
    """The next start runs the same steps."""
    monkeypatch.setattr(schema, "STEPS", schema.STEPS + [_later, _broken])
    refusal(path)
    monkeypatch.undo()
    assert execute(path, "PRAGMA user_version") == [(len(schema.STEPS),)]
    assert execute(path, "SELECT 1 FROM sqlite_master WHERE name = 'later'") == []
    with opened(path) as data:
        assert data.get("HOST", made["instanceId"]) == made


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs Linux's /proc")
def test_programs_that_are_started_do_not_inherit_the_file(path):
    """SQLite prevents it for the file and its log, also on 2.7, so that no other program has our
    locks."""
    with opened(path) as data:
        data.create("HOST", name=u"web-1")
        flags = {}
        for number in os.listdir("/proc/self/fd"):
            try:
                link = os.readlink("/proc/self/fd/" + number)
            except OSError:
                continue
            if link.startswith(str(path)):
                flags[link] = fcntl.fcntl(int(number), fcntl.F_GETFD)
        assert str(path) in flags
        assert all(value & fcntl.FD_CLOEXEC for value in flags.values())
