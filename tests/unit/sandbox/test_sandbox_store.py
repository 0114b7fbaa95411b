# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import sqlite3

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox import instances
from waterspout_cmdb.sandbox.errors import AlreadyExists, NotFound
from waterspout_cmdb.sandbox.storage import StorageError, Store, database, schema


def test_what_was_written_is_there_after_reopening(tmpdir):
    """Values come back as they went in, in any script."""
    path = str(tmpdir.join("sandbox.db"))
    store = Store.open(path)
    made = Data(store).create("HOST", name=u"主机 \U0001f600 '\"\\%", tags=[u"é", 1, 0.1, True])
    store.close()
    store = Store.open(path)
    assert Data(store).get("HOST", made["instanceId"]) == made
    store.close()


def test_organisations_do_not_see_each_other(store, data):
    """Each has the models of the seed and its own instances, unique among themselves."""
    other = Data(store, org=888888)
    mine = data.create("HOST", name=u"web-1")
    yours = other.create("HOST", name=u"web-1")
    assert data.search("HOST")["list"] == [mine]
    assert other.search("HOST")["list"] == [yours]
    assert (mine["org"], yours["org"]) == (777777, 888888)
    with pytest.raises(NotFound):
        other.get("HOST", mine["instanceId"])


def test_failed_write_leaves_nothing(data):
    """A function that raises after writing has not written."""

    def write_and_fail(transaction):
        instances.create(transaction, "HOST", {"name": u"web-1"})
        raise KeyError("later")

    with pytest.raises(KeyError):
        data.write(write_and_fail)
    assert data.search("HOST")["total"] == 0


def test_reader_cannot_write(data):
    """Reading threads hold connections that refuse to."""
    data.search("HOST")
    with pytest.raises(sqlite3.OperationalError):
        data.read(lambda transaction: transaction.add_model({"objectId": "NEW"}))


def test_instance_ids_increase_over_organisations_and_runs(tmpdir, clock):
    """Also when the clock was set back in between, and when the last instance was deleted."""
    path = str(tmpdir.join("sandbox.db"))
    store = Store.open(path, clock=clock)
    ids = [
        Data(store, org).create("HOST", name=name)["instanceId"]
        for org, name in ((1, u"a"), (2, u"a"), (1, u"b"))
    ]
    Data(store, 1).delete("HOST", ids[-1])
    store.close()
    clock.now -= 86400
    store = Store.open(path, clock=clock)
    ids.append(Data(store, 1).create("APP", name=u"a")["instanceId"])
    store.close()
    assert len(set(ids)) == 4
    assert ids == sorted(ids)


def test_two_stores_on_one_file_give_no_id_twice(tmpdir, clock):
    """A second process on the same file is no reason to lose data."""
    path = str(tmpdir.join("sandbox.db"))
    stores = [Store.open(path, clock=clock) for _ in range(2)]
    ids = [
        Data(store).create("HOST", name=u"%d-%d" % (turn, number))["instanceId"]
        for turn in range(3)
        for number, store in enumerate(stores)
    ]
    for store in stores:
        store.close()
    assert ids == sorted(set(ids))


def test_taken_name_says_by_whom(data):
    """The refusal names the attribute and the instance that has the value."""
    first = data.create("HOST", name=u"web-1")
    second = data.create("HOST", name=u"web-2")
    for attempt in (
        lambda: data.create("HOST", name=u"web-1"),
        lambda: data.update("HOST", second["instanceId"], name=u"web-1"),
    ):
        with pytest.raises(AlreadyExists) as caught:
            attempt()
        assert caught.value.text == u"name is taken by HOST %s" % first["instanceId"]
    assert data.names("HOST") == [u"web-2", u"web-1"]


def test_deleted_name_is_free_again(data):
    """Unique means among what is there."""
    data.delete("HOST", data.create("HOST", name=u"web-1")["instanceId"])
    assert data.create("HOST", name=u"web-1")["_version"] == 1


def test_composite_key_is_unique_as_a_whole_and_without_values_not_at_all(tmpdir):
    """Rows that lack one of its attributes do not clash."""
    attributes = [{"id": name, "value": {"type": "str"}} for name in ("a", "b")]
    index = {"propertyIds": ["a", "b"], "unique": True}
    seed = [{"objectId": "PAIR", "attrList": attributes, "indexList": [index]}]
    store = Store.open(str(tmpdir.join("sandbox.db")), seed=seed)
    data = Data(store)
    for values in ({"a": u"1", "b": u"1"}, {"a": u"1", "b": u"2"}, {"a": u"1"}, {"a": u"1"}):
        data.create("PAIR", **values)
    with pytest.raises(AlreadyExists) as caught:
        data.create("PAIR", a=u"1", b=u"2")
    assert caught.value.text.startswith(u"a, b is taken")
    store.close()


def test_model_added_to_the_seed_reaches_organisations_that_exist(tmpdir):
    """And leaves the models they have alone."""
    path = str(tmpdir.join("sandbox.db"))
    one = {"objectId": "ONE", "attrList": [{"id": "a", "value": {"type": "str"}}]}
    store = Store.open(path, seed=[one])
    made = Data(store).create("ONE", a=u"x")
    store.close()
    store = Store.open(path, seed=[dict(one, attrList=[]), {"objectId": "TWO"}])
    assert Data(store).search("ONE", query={"a": u"x"})["list"] == [made]
    assert Data(store).search("TWO")["total"] == 0
    store.close()


def test_unique_names_are_looked_up_by_index(data):
    """What the speed of imports and of searches by name rests on."""
    data.create("HOST", name=u"web-1")

    def plan(transaction):
        table = transaction.table("HOST")
        where = "json_extract(document, '$.\"name\"') = ?"
        return table._connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM %s WHERE %s" % (table.name, where), [u"web-1"]
        ).fetchall()

    assert "USING" in str(data.read(plan)) and "INDEX instances_" in str(data.read(plan))


# The file


def refusal(path, **kwargs):
    with pytest.raises(StorageError) as caught:
        Store.open(str(path), **kwargs)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_file_of_another_program_is_refused_untouched(tmpdir):
    """Whatever it is, its bytes stay as they are."""
    path = tmpdir.join("other.db")
    connection = sqlite3.connect(str(path))
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_binary()
    assert "not one of the sandbox" in refusal(path)
    assert path.read_binary() == before


def test_file_that_is_no_database_is_refused_untouched(tmpdir):
    """A text file, say."""
    path = tmpdir.join("notes.txt")
    path.write_binary(b"remember the milk " * 100)
    assert "notes.txt" in refusal(path)
    assert path.read_binary() == b"remember the milk " * 100


def test_file_of_a_newer_release_is_refused(tmpdir):
    """With both versions in the text."""
    path = tmpdir.join("sandbox.db")
    Store.open(str(path)).close()
    connection = sqlite3.connect(str(path))
    connection.execute("PRAGMA user_version = %d" % (len(schema.MIGRATIONS) + 1))
    connection.close()
    assert "newer release" in refusal(path)


def test_damaged_file_is_refused(tmpdir):
    """Found at the start, not by whoever first reads the damaged page."""
    path = tmpdir.join("sandbox.db")
    store = Store.open(str(path))
    Data(store).load("HOST", [u"name"], [{"name": u"host-%d" % n} for n in range(300)])
    store.close()
    content = bytearray(path.read_binary())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\xff" * 9000
    path.write_binary(bytes(content))
    assert "sandbox.db" in refusal(path)


def test_path_that_cannot_be_opened_is_refused(tmpdir):
    """A directory, and a file in a directory that is not there."""
    assert str(tmpdir) in refusal(tmpdir)
    assert "nowhere" in refusal(tmpdir.join("nowhere", "sandbox.db"))


def test_sqlite_without_json_functions_is_refused(tmpdir, monkeypatch):
    """The text says what is needed and what is there."""
    monkeypatch.setattr(database, "SQLITE_NEEDED", (99, 0, 0))
    assert sqlite3.sqlite_version in refusal(tmpdir.join("sandbox.db"))


def test_older_file_is_migrated(tmpdir, monkeypatch):
    """Step by step, keeping what is in it."""
    path = str(tmpdir.join("sandbox.db"))
    store = Store.open(path)
    made = Data(store).create("HOST", name=u"web-1")
    store.close()
    monkeypatch.setattr(
        database, "MIGRATIONS", schema.MIGRATIONS + [["CREATE TABLE later (x)"], ["SELECT 1"]]
    )
    store = Store.open(path)
    assert Data(store).get("HOST", made["instanceId"]) == made
    store.close()
    connection = sqlite3.connect(path)
    version = len(schema.MIGRATIONS) + 2
    assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)
    connection.close()


def test_failed_migration_leaves_the_old_version(tmpdir, monkeypatch):
    """The next start begins where this one did."""
    path = tmpdir.join("sandbox.db")
    Store.open(str(path)).close()
    broken = [["CREATE TABLE later (x)", "CREATE nonsense"]]
    monkeypatch.setattr(database, "MIGRATIONS", schema.MIGRATIONS + broken)
    assert "sandbox.db" in refusal(path)
    monkeypatch.undo()
    Store.open(str(path)).close()
    connection = sqlite3.connect(str(path))
    assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchall() == []
    connection.close()


def test_writes_are_synced_before_they_are_answered(data):
    """FULL: the write-ahead log is on the disk at each commit. 2 is SQLite's number for it."""

    def pragmas(transaction):
        connection = transaction.table("HOST")._connection
        names = ("journal_mode", "synchronous")
        return [connection.execute("PRAGMA " + name).fetchone()[0] for name in names]

    assert data.write(pragmas) == ["wal", 2]
