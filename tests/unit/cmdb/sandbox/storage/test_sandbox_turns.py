"""Organisations take turns: none waits for all work of another."""

from __future__ import absolute_import, division, print_function

import threading
import traceback

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.storage import store as stores
from waterspout_cmdb.sandbox.storage.turns import Turns


@pytest.fixture
def blocked():
    """Work that goes on until it is told to end: ``blocked.wait``."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def turns(request):
    made = []

    def make(*args):
        made.append(Turns(*args))
        return made[0]

    yield make
    for one in made:
        one.shutdown()


def test_no_tenant_gets_all_threads(turns, blocked):
    """Another tenant is served at once, however much work the first one has submitted."""
    pool = turns(3, 2)
    greedy = [pool.submit("greedy", blocked.wait) for _ in range(10)]
    assert pool.submit("other", int).result(timeout=60) == 0
    assert not any(one.done() for one in greedy)
    blocked.set()
    assert [one.result(timeout=60) for one in greedy] == [True] * 10


def test_tenants_alternate_on_one_thread(turns, blocked):
    """Each tenant's work stays in order; that of the first one is not run as a whole first."""
    pool, order = turns(1, 1), []
    first = pool.submit("a", blocked.wait)
    work = [pool.submit("a", order.append, "a%d" % number) for number in range(3)]
    work += [pool.submit("b", order.append, "b%d" % number) for number in range(3)]
    blocked.set()
    first.result()
    for one in work:
        one.result(timeout=60)
    assert order == ["b0", "a0", "b1", "a1", "b2", "a2"]


def test_shutdown_finishes_all_submitted_work(turns, blocked):
    """Including waiting work; new work is refused."""
    pool = turns(2, 1)
    first = pool.submit("a", blocked.wait)
    work = [pool.submit("a", int, "%d" % number) for number in range(20)]
    closing = threading.Thread(target=pool.shutdown)
    closing.start()
    while not pool._closed:
        first.done()
    for key in ("a", "b"):
        with pytest.raises(RuntimeError):
            pool.submit(key, int)
    blocked.set()
    closing.join()
    assert [one.result(timeout=0) for one in work] == list(range(20))
    assert not pool._tenants


def test_error_arrives_with_its_traceback(turns):
    """For the log; the thread continues."""

    def breaks():
        raise KeyError("why")

    pool = turns(1, 1)
    failing = pool.submit("a", breaks)
    try:
        failing.result(timeout=60)
    except KeyError:
        assert "in breaks" in traceback.format_exc()
    assert isinstance(failing.exception(), KeyError)
    assert pool.submit("a", int).result(timeout=60) == 0


def test_cancelled_work_is_not_run(turns, blocked):
    """The tenant's next work is run."""
    pool, done = turns(1, 1), []
    pool.submit("a", blocked.wait)
    cancelled, kept = pool.submit("a", done.append, 1), pool.submit("a", done.append, 2)
    assert cancelled.cancel()
    blocked.set()
    kept.result(timeout=60)
    assert done == [2]


def test_organisation_that_reads_much_leaves_a_thread_to_others(store, blocked):
    """It submits more long searches than there are threads."""
    reads = [store.read(1, u"u", lambda _: blocked.wait()) for _ in range(2 * stores.READERS)]
    assert Data(store, org=2).search("HOST")["total"] == 0
    assert not any(one.done() for one in reads)


def test_organisation_that_writes_much_lets_others_in_between(store, blocked):
    """Although its imports were submitted first."""
    order = []

    def write(transaction, name):
        order.append(name)
        return editing_instances.create(transaction, "HOST", {"name": name})

    store.write(1, u"u", lambda _: blocked.wait())
    writes = [store.write(1, u"u", write, u"a%d" % number) for number in range(5)]
    other = store.write(2, u"u", write, u"b")
    blocked.set()
    other.result()
    for one in writes:
        one.result()
    assert order.index(u"b") < 2
    assert [name for name in order if name != u"b"] == [u"a%d" % number for number in range(5)]


def test_tenant_goes_on_after_the_system_refused_a_thread(monkeypatch):
    """The refused work is not run; the next work is."""
    turns, done = Turns(1, 1), []

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="start new thread"):
            turns.submit("a", done.append, 1)
    turns.submit("a", done.append, 2).result(30)
    turns.shutdown()
    assert done == [2]
