# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3
import threading

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.operations.importing_rows import import_instances
from waterspout_cmdb.sandbox.storage import StorageError, Store, migrations
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists, NotFound


def test_written_data_is_there_after_reopening(tmpdir):
    """Values are unchanged, in any script."""
    path = str(tmpdir.join("sandbox.db"))
    store = Store.open(path)
    made = Data(store).create("HOST", name=u"主机 \U0001f600 '\"\\%", tags=[u"é", 1, 0.1, True])
    store.close()
    store = Store.open(path)
    assert Data(store).get("HOST", made["instanceId"]) == made
    store.close()


def test_organisations_do_not_see_each_other(store, data):
    """Each has the models of the seed and its own instances, with their own unique values."""
    other = Data(store, org=888888)
    mine = data.create("HOST", name=u"web-1")
    yours = other.create("HOST", name=u"web-1")
    assert data.search("HOST")["list"] == [mine]
    assert other.search("HOST")["list"] == [yours]
    assert (mine["org"], yours["org"]) == (777777, 888888)
    with pytest.raises(NotFound):
        other.get("HOST", mine["instanceId"])


def test_failed_write_is_rolled_back(data):
    """The function has written before it raises."""

    def write_and_fail(transaction):
        editing_instances.create(transaction, "HOST", {"name": u"web-1"})
        raise KeyError("later")

    with pytest.raises(KeyError):
        data.write(write_and_fail)
    assert data.search("HOST")["total"] == 0


def test_error_in_a_savepoint_is_raised_after_sqlite_rolled_back(data):
    """SQLite rolls back by itself, for example when the disk is full."""

    def write_and_fail(transaction):
        with transaction.savepoint():
            transaction._connection.execute("ROLLBACK")
            raise KeyError("disk full")

    with pytest.raises(KeyError):
        data.write(write_and_fail)


@pytest.mark.parametrize("org", [777777, 888888, 999999])
def test_read_does_not_wait_for_a_write(data, org):
    """Of any organisation, known or not; it reads the state before the write."""
    Data(data.store, org=888888).create("HOST", name=u"web-1")
    started, end = threading.Event(), threading.Event()

    def write(transaction):
        editing_instances.create(transaction, "HOST", {"name": u"web-2"})
        started.set()
        end.wait()

    writing = data.store.write(777777, u"easyops", write)
    started.wait()
    total = Data(data.store, org).search("HOST")["total"]
    assert not writing.done()
    end.set()
    writing.result()
    assert total == (1 if org == 888888 else 0)


def test_read_does_not_store_an_organisation(tmpdir):
    """Only writes change the file."""
    path = str(tmpdir.join("sandbox.db"))
    store = Store.open(path)
    assert Data(store).search("HOST")["total"] == 0
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM models").fetchone() == (0,)


def test_close_finishes_submitted_work(tmpdir):
    """Accepted writes are in the file, and the log beside it is deleted."""
    path = tmpdir.join("sandbox.db")
    store = Store.open(str(path))
    futures = [
        store.write(1, u"easyops", editing_instances.create, "HOST", {"name": u"web-%d" % n})
        for n in range(20)
    ]
    store.close()
    assert all(future.done() for future in futures)
    assert [beside.basename for beside in tmpdir.listdir()] == ["sandbox.db"]
    with contextlib.closing(Store.open(str(path))) as store:
        assert Data(store, org=1).search("HOST")["total"] == 20


@pytest.mark.parametrize("exists", [True, False])
def test_reader_cannot_write(data, exists):
    """Neither in the file nor in the data of an unknown organisation."""
    if exists:
        data.create("HOST", name=u"web-1")
    with pytest.raises(sqlite3.OperationalError):
        data.read(lambda transaction: transaction.add_model({"objectId": "NEW"}))


def test_instance_ids_increase_over_organisations_and_runs(tmpdir, clock):
    """Also if the clock was set back, and after the last instance was deleted."""
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
    """A second process on the same file does not cause a loss of data."""
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


def test_store_refuses_a_file_that_a_newer_release_has_migrated(data, tmpdir):
    """It has data that this release does not update; a write would damage it."""
    path = str(tmpdir.join("sandbox.db"))
    made = data.create("HOST", name=u"web-1")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        take_over(connection)
    for attempt in (
        lambda: data.create("HOST", name=u"web-2"),
        lambda: data.get("HOST", made["instanceId"]),
    ):
        with pytest.raises(StorageError) as caught:
            attempt()
        assert str(caught.value).startswith("%s was written by a newer release (" % path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT sum(instances) FROM counts").fetchone()
    assert rows == (1,)


def test_statistics_of_a_migrated_file_are_not_renewed(store, data, tmpdir):
    """The renewal after a write is a write as well."""
    path = str(tmpdir.join("sandbox.db"))

    def load(transaction):
        rows = [{"name": u"web-%d" % number} for number in range(1500)]
        import_instances(transaction, "HOST", {"keys": ["name"], "datas": rows})
        take_over(transaction._connection)

    data.write(load)
    store.close()  # After all that was to be done.
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT max(analysed) FROM counts").fetchone() == (0,)


def take_over(connection):
    """Do to the file what a newer release would."""
    connection.execute("PRAGMA user_version = %d" % (migrations.current_version() + 1))


def test_conflict_names_the_attribute_and_the_instance(data):
    """The instance is the one that has the value."""
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


def test_unique_value_of_a_deleted_instance_is_free(data):
    """Only stored instances count."""
    data.delete("HOST", data.create("HOST", name=u"web-1")["instanceId"])
    assert data.create("HOST", name=u"web-1")["_version"] == 1


def test_composite_key_is_unique_only_if_it_is_complete(tmpdir):
    """Rows without one of its attributes do not conflict."""
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
    """Their existing models do not change."""
    path = str(tmpdir.join("sandbox.db"))
    one = {"objectId": "ONE", "attrList": [{"id": "a", "value": {"type": "str"}}]}
    store = Store.open(path, seed=[one])
    made = Data(store).create("ONE", a=u"x")
    store.close()
    store = Store.open(path, seed=[dict(one, attrList=[]), {"objectId": "TWO"}])
    assert Data(store).search("ONE", query={"a": u"x"})["list"] == [made]
    assert Data(store).search("TWO")["total"] == 0
    store.close()


def test_writes_are_synced_before_they_are_answered(data):
    """SQLite's synchronous mode is FULL, which is 2: each commit syncs the log."""

    def pragmas(transaction):
        connection = transaction.table("HOST")._connection
        names = ("journal_mode", "synchronous")
        return [connection.execute("PRAGMA " + name).fetchone()[0] for name in names]

    assert data.write(pragmas) == ["wal", 2]
