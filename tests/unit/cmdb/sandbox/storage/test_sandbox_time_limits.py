"""The time that SQLite may work on one request, and the end of all work at close()."""

from __future__ import absolute_import, division, print_function

import contextlib
import threading

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.storage import Closing, Store, TookTooLong
from waterspout_cmdb.sandbox.storage.time_limits import TimeLimits

#: Works until it is interrupted, on one row after another, as a search does.
ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("sandbox.db"))


@pytest.fixture
def short(path):
    """A store that allows a request next to no time."""
    store = Store.open(path, read_seconds=0.2, write_seconds=0.2)
    yield Data(store)
    store.close()


def endless(transaction, started=None):
    if started is not None:
        started.set()
    return transaction._connection.execute(ENDLESS).fetchone()


def many_short(transaction):
    """Statements that each end soon, in a loop that does not."""
    while True:
        transaction._connection.execute("SELECT 1").fetchone()


@pytest.mark.parametrize("function", [endless, many_short])
@pytest.mark.parametrize("exists", [True, False])
def test_read_that_takes_too_long_is_stopped(short, function, exists):
    """In one statement or in many, in the file or for an unknown organisation."""
    if exists:
        short.create("HOST", name=u"web-1")
    for _ in range(2):
        with pytest.raises(TookTooLong) as caught:
            short.read(function)
        assert "0.2 seconds" in str(caught.value)
    assert short.search("HOST")["total"] == int(exists)


@pytest.mark.parametrize("function", [endless, many_short])
def test_write_that_takes_too_long_is_stopped_and_rolled_back(short, function):
    """The next write finds the data unchanged."""

    def write(transaction):
        editing_instances.create(transaction, "HOST", {"name": u"web-1"})
        function(transaction)

    for _ in range(2):
        with pytest.raises(TookTooLong):
            short.write(write)
        assert short.search("HOST")["total"] == 0
    assert short.create("HOST", name=u"web-1")["_version"] == 1


def test_error_of_a_request_is_not_reported_as_the_time_limit(short):
    """The request's own error is raised."""
    with pytest.raises(Exception) as caught:
        short.read(lambda transaction: transaction._connection.execute("SELECT nonsense"))
    assert "nonsense" in str(caught.value)


def test_close_stops_endless_work(path):
    """Running reads and a write, and those that wait behind them."""
    store = Store.open(path)
    Data(store, org=1).create("HOST", name=u"before")

    def write(transaction, started):
        editing_instances.create(transaction, "HOST", {"name": u"web-1"})
        endless(transaction, started)

    started = [threading.Event() for _ in range(5)]
    running = [store.read(org, u"u", endless, one) for org, one in enumerate(started[:4])]
    running.append(store.write(1, u"u", write, started[4]))
    for one in started:
        one.wait()
    running.append(store.read(1, u"u", endless))
    running.append(store.write(1, u"u", editing_instances.create, "HOST", {"name": u"web-2"}))
    store.close(seconds=0.2)
    for future in running:
        with pytest.raises(Closing):
            future.result()
    with contextlib.closing(Store.open(path)) as store:
        assert Data(store, org=1).names("HOST") == [u"before"]


def test_closed_store_has_no_threads(path):
    """Neither its own nor those of its pools."""
    before = set(threading.enumerate())
    store = Store.open(path)
    Data(store).create("HOST", name=u"web-1")
    assert set(threading.enumerate()) - before
    store.close()
    store.close()  # Once more is no harm.
    assert not set(threading.enumerate()) - before


def test_work_after_a_limited_block_is_not_interrupted():
    """The same connection is in use for other work."""

    class Connection(object):
        interrupted = 0

        def interrupt(self):
            self.interrupted += 1

    limits, connection = TimeLimits(tick=0.001), Connection()
    with limits.limited(connection, 60):
        pass
    limits.end_in(0)
    with pytest.raises(Closing):
        with limits.limited(connection, 60):
            raise AssertionError("it was begun")
    limits.close()
    assert connection.interrupted == 0


def test_limits_hold_after_the_system_refused_their_thread(monkeypatch):
    """The first request fails; the limits apply to the next one."""

    class Connection(object):
        interrupted = threading.Event()

        def interrupt(self):
            self.interrupted.set()

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    limits = TimeLimits(tick=0.001)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="start new thread"):
            with limits.limited(Connection(), 0.001):
                pass
    with limits.limited(Connection(), 0.001):
        assert Connection.interrupted.wait(30)
    limits.close()


def test_close_ends_at_once_if_no_thread_can_be_started(monkeypatch):
    """Closing the store does not fail without resources."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    limits = TimeLimits(tick=0.001)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    limits.end_in(60)
    with pytest.raises(Closing):
        with limits.limited(None, 60):
            raise AssertionError("it was begun")
    limits.close()
