from __future__ import absolute_import, division, print_function

import pytest
from net_exchanges import HERE, RecordedExchange
from net_fakes import CLOSING, OK, Net, reset

from waterspout._net.origin import Origin
from waterspout.exceptions import (
    ConnectError,
    ConnectionError,
    InvalidHeader,
    PoolTimeout,
    QueueFull,
    SessionClosed,
)

THERE = Origin("http", "there.example", 80)
ELSEWHERE = Origin("http", "elsewhere.example", 80)


def test_connection_is_used_again():
    """The second exchange goes over the connection of the first."""
    with Net() as net:
        for _ in range(3):
            exchange = net.run()
            net.streams[0].says(OK)
            assert exchange.content == b"ok" and exchange.endings == 1
        assert len(net.streams) == 1
        assert net.pool.stats() == {
            "http://here.example:80":
                {"active": 0, "idle": 1, "queued": 0, "opened": 1, "reused": 2}}


def test_last_used_connection_is_used_first():
    """The server is least likely to have closed the one that was used last."""
    with Net() as net:
        for _ in range(3):
            net.run()
        for index in (2, 0, 1):
            net.streams[index].says(OK)
        for index in (1, 0, 2):
            before = net.streams[index].requests
            net.run()
            assert net.streams[index].requests == before + 1


def test_each_origin_has_connections_of_its_own():
    """A connection serves the origin that it leads to, and no other."""
    with Net() as net:
        net.run(origin=HERE)
        net.streams[0].says(OK)
        net.run(origin=THERE)
        assert len(net.streams) == 2
        assert net.streams[0].requests == net.streams[1].requests == 1


def test_closing_response_ends_the_connection():
    """What the server will close is not kept."""
    with Net() as net:
        exchange = net.run()
        net.streams[0].says(CLOSING)
        assert exchange.content == b"ok"
        assert net.streams[0].closed
        assert net.counts() == (0, 0, 0, 1, 0)


def test_total_limit_holds():
    """No more connections than the limit, over all origins; the rest waits."""
    with Net(max_connections=2) as net:
        net.run(origin=HERE)
        net.run(origin=THERE)
        waiting = net.run(origin=ELSEWHERE)
        assert waiting.waiting and waiting.phase == "pool"
        assert len(net.streams) == 2
        net.streams[0].says(CLOSING)
        assert len(net.streams) == 3 and not waiting.waiting


def test_limit_of_an_origin_holds():
    """One origin at its limit waits, another does not."""
    with Net(max_connections=10, max_connections_per_origin=1) as net:
        net.run(origin=HERE)
        here = net.run(origin=HERE)
        there = net.run(origin=THERE)
        assert here.waiting and not there.waiting


def test_queue_is_first_come_first_served():
    """Those who wait are served in the order in which they came."""
    with Net(max_connections=1) as net:
        exchanges = [net.run(target=b"/%d" % number) for number in range(4)]
        for exchange in exchanges:
            assert not exchange.waiting
            assert exchange.target + b" HTTP" in net.streams[0].sent
            net.streams[0].says(OK)
        assert [exchange.endings for exchange in exchanges] == [1] * 4


def test_queue_skips_those_that_cannot_run():
    """An origin at its own limit does not hold up the others that came later."""
    with Net(max_connections=2, max_connections_per_origin=1) as net:
        net.run(origin=HERE)
        net.run(origin=THERE)
        here = net.run(origin=HERE)
        elsewhere = net.run(origin=ELSEWHERE)
        net.streams[1].says(CLOSING)
        assert here.waiting and not elsewhere.waiting
        net.streams[0].says(CLOSING)
        assert not here.waiting


def test_order_holds_across_origins():
    """The one that came first gets the room that is made, whatever its origin."""
    with Net(max_connections=1) as net:
        net.run(origin=HERE)
        there, here = net.run(origin=THERE), net.run(origin=HERE)
        net.streams[0].says(OK)
        assert net.streams[0].closed  # Its place went to who came first, for elsewhere.
        assert not there.waiting and here.waiting


def test_at_the_limit_the_longest_idle_connection_is_closed_for_a_new_origin():
    """A new origin is served at the limit if a connection idles: the one that idled longest."""
    with Net(max_connections=3) as net:
        for origin in (HERE, THERE, HERE):
            net.run(origin=origin)
        for index in (1, 0, 2):
            net.streams[index].says(OK)
            net.loop.advance(1)
        net.run(origin=ELSEWHERE)
        assert [stream.closed for stream in net.streams] == [False, True, False, False]
        net.run(origin=THERE)
        assert [stream.closed for stream in net.streams] == [True, True, False, False, False]


def test_a_full_queue_refuses_at_once():
    """More would only wait to time out; the error names the origin."""
    with Net(max_connections=1, max_queued=2) as net:
        net.run()
        net.run()
        net.run()
        refused = net.run()
        assert refused.failure is QueueFull and issubclass(QueueFull, PoolTimeout)
        assert "http://here.example:80" in refused.error[1]
        assert refused.done and refused.endings == 1
        assert net.counts() == (1, 0, 2, 1, 0)


def test_pool_timeout_sends_nothing():
    """Who waits too long gives up without having touched a connection."""
    with Net(max_connections=1) as net:
        net.run(timeout=100)
        waiting = net.run(timeout=3)
        net.loop.advance(2.9)
        assert waiting.endings == 0
        net.loop.advance(0.2)
        assert waiting.failure is PoolTimeout and waiting.phase == "pool"
        assert net.streams[0].requests == 1
        assert net.counts() == (1, 0, 0, 1, 0)


def test_exchanges_that_gave_up_are_not_performed():
    """A place that comes free goes to the next that still waits."""
    with Net(max_connections=1) as net:
        net.run()
        gone = net.run()
        net.run(target=b"/still")
        gone.cancel()
        assert gone.endings == 0 and net.counts()[2] == 1
        net.streams[0].says(OK)
        assert b"/still" in net.streams[0].sent


def test_the_queue_does_not_keep_exchanges_that_gave_up():
    """One that waits long does not keep those behind it, which have ended, in memory."""
    with Net(max_connections=1) as net:
        net.run(timeout=None)
        net.run(timeout=None)
        for _ in range(1000):
            net.run(timeout=None).cancel()
        (bucket,) = net.pool._buckets.values()
        assert bucket.queued == 1 and len(bucket.waiting) < 100


def test_idle_connection_expires():
    """A connection unused for max_idle seconds is closed when they are over, not later."""
    with Net(max_idle=60) as net:
        net.run()
        net.loop.advance(10)
        net.streams[0].says(OK)
        net.loop.advance(59.9)
        assert not net.streams[0].closed
        net.loop.advance(0.2)
        assert net.streams[0].closed
        assert net.counts()[:2] == (0, 0)


def test_idle_connections_expire_while_others_wait():
    """That there is a queue, for another origin, keeps no idle connection alive."""
    with Net(max_connections=3, max_connections_per_origin=1, max_idle=60) as net:
        net.run(origin=HERE, timeout=None)
        net.run(origin=THERE, timeout=None)
        waiting = net.run(origin=HERE, timeout=None)
        net.streams[1].says(OK)
        net.loop.advance(120.1)
        assert net.streams[1].closed and waiting.waiting


def test_connection_that_idled_too_long_is_not_used():
    """Even if the timer did not come to it yet."""
    with Net(max_idle=60) as net:
        net.run()
        net.streams[0].says(OK)
        net.loop.now += 61
        net.run()
        assert net.streams[0].closed and len(net.streams) == 2


def test_old_connection_is_not_used():
    """A host that moved is found after max_age, however busy its connection was."""
    with Net(max_age=600) as net:
        net.run()
        for _ in range(12):
            net.streams[0].says(OK)
            net.loop.advance(50)
            exchange = net.run()
        assert not net.streams[0].closed and net.streams[0].requests == 13
        net.streams[0].says(OK)
        net.loop.advance(1)
        exchange = net.run()
        assert net.streams[0].closed and exchange.connection.uses == 1


def test_the_place_of_an_old_connection_serves_one_exchange():
    """When the connection that came free is too old, its place still serves only one."""
    with Net(max_connections=1, max_age=600) as net:
        net.run(timeout=None)
        here, there = net.run(timeout=None), net.run(origin=THERE, timeout=None)
        net.loop.advance(601)
        net.streams[0].says(OK)
        assert not here.waiting and there.waiting
        assert len(net.open_streams) == 1


def test_an_origin_without_connections_is_forgotten():
    """Nothing is kept of an origin to which nothing leads any more."""
    with Net(max_idle=60) as net:
        net.run(origin=HERE)
        net.streams[0].says(CLOSING)
        assert list(net.pool.stats()) == ["http://here.example:80"]
        net.loop.advance(61)
        assert net.pool.stats() == {} and net.loop.timers == []


def test_origin_that_never_answered_is_forgotten():
    """The pool keeps nothing of an origin that could not be connected."""
    with Net(at_once=False, max_idle=60) as net:
        for number in range(5):
            net.run(origin=Origin("http", "host%d.example" % number, 80))
            net.connector.pending[0].fail(ConnectError)
        net.loop.advance(200)
        assert net.pool.stats() == {} and net.loop.timers == []


def test_origins_that_look_alike_are_counted_together():
    """stats() says nothing of TLS options, but loses nothing over them either."""
    with Net() as net:
        net.run(origin=Origin("http", "here.example", 80))
        net.run(origin=Origin("http", "here.example", 80, source_address="127.0.0.9"))
        (counts,) = net.pool.stats().values()
        assert counts["active"] == counts["opened"] == 2


def test_failure_to_connect_ends_the_exchange_and_frees_its_place():
    """The next exchange that waits gets the place."""
    with Net(at_once=False, max_connections=1) as net:
        first, second = net.run(), net.run()
        net.connector.pending[0].fail(ConnectError, "refused")
        assert first.error[:2] == (ConnectError, "refused")
        assert not second.waiting and len(net.connector.pending) == 1
        net.connector.pending[0].succeed().says(OK)
        assert second.content == b"ok"


def test_a_cancelled_connection_attempt_is_abandoned():
    """A connection that its exchange does not need any more is not waited for."""
    with Net(at_once=False, max_connections=1) as net:
        first, second = net.run(), net.run()
        (attempt,) = net.connector.pending
        first.cancel()
        assert attempt not in net.connector.pending
        assert len(net.connector.pending) == 1 and not second.waiting
        assert first.endings == 0


def test_request_that_cannot_be_sent_wastes_no_connection():
    """What the wire refuses fails its call; the connection serves the next."""
    with Net(max_connections=1) as net:
        refused = net.run(method=b"B A D")
        assert refused.failure is InvalidHeader
        assert net.counts() == (0, 1, 0, 1, 0)
        net.run()
        queued_bad, queued_good = net.run(method=b"B A D"), net.run()
        net.streams[0].says(OK)
        assert queued_bad.failure is InvalidHeader and queued_bad.endings == 1
        net.streams[0].says(OK)
        assert queued_good.content == b"ok"
        assert net.counts() == (0, 1, 0, 1, 2 + 1)


def test_a_type_error_of_the_caller_wastes_no_connection():
    """Text where bytes belong fails that call, and nothing else."""
    with Net(max_connections=1) as net:
        broken = net.run(target=object())
        assert broken.endings == 1 and isinstance(broken.error[2], Exception)
        assert net.counts()[:3] == (0, 1, 0)


def test_an_exchange_moved_off_a_stale_connection_keeps_its_place():
    """An exchange that moves off a stale connection is not overtaken, and no limit is passed."""
    with Net(max_connections=1) as net:
        net.run()
        net.streams[0].says(OK)
        moved, waiting = net.run(), net.run()
        net.streams[0].says(reset())
        assert net.streams[0].closed and moved.replaced
        assert len(net.open_streams) == 1 and waiting.waiting
        net.streams[1].says(OK)
        assert moved.content == b"ok"
        net.streams[1].says(OK)
        assert waiting.content == b"ok"


def test_a_queued_exchange_that_gets_a_dead_connection_is_counted_once():
    """One that gets its turn on a connection that cannot be written to is counted once."""
    with Net(max_connections=1) as net:
        first, second = net.run(), net.run(method=b"POST", body=b"x")
        net.streams[0].send_error = reset()
        net.streams[0].says(OK)
        assert first.content == b"ok"
        net.streams[1].says(OK)  # Nothing of the POST had left.
        assert second.content == b"ok"
        assert net.counts() == (0, 1, 0, 2, 1)


def test_close_ends_everything():
    """Those under way, those connecting and those waiting fail; every socket is closed."""
    with Net(at_once=False, max_connections=3) as net:
        idle, active, connecting, waiting = [
            net.run(), net.run(), net.run(), net.run()]
        for _ in range(2):
            net.connector.pending[0].succeed()
        net.streams[0].says(CLOSING)
        net.streams[1].says(OK)
        net.run()
        net.pool.close()
        assert idle.content == active.content == b"ok"
        for exchange in (connecting, waiting):
            assert exchange.failure is ConnectionError and exchange.endings == 1
        assert net.open_streams == [] and net.connector.pending == []
        assert net.loop.timers == [] and net.loop.handlers == {}
        assert net.connector.closed == 1
        assert repr(net.pool) == "<Pool 0/3 connections: 0 active, 0 idle, 0 queued, closed>"
        net.pool.close()
        assert net.connector.closed == 1


def test_a_closed_pool_refuses_exchanges():
    """It is a bug of the caller, and said at once."""
    with Net() as net:
        net.pool.close()
        with pytest.raises(SessionClosed):
            net.run()


def test_closing_a_pool_goes_on_when_a_callback_raises():
    """An error of one caller does not leave the others waiting."""
    with Net() as net:
        def explode(exchange):
            raise ZeroDivisionError

        exchanges = [net.run() for _ in range(4)]
        exchanges[1].on_end = exchanges[2].on_end = explode
        net.pool.close()
        assert [each.failure for each in exchanges] == [ConnectionError] * 4
        assert net.open_streams == []


def test_the_repr_of_a_pool_has_its_counts():
    """Worth pasting into a ticket."""
    with Net(max_connections=2) as net:
        for _ in range(3):
            exchange = net.run()
        net.streams[0].says(OK)
        net.streams[0].says(OK)
        assert repr(net.pool) == "<Pool 2/2 connections: 1 active, 1 idle, 0 queued>"
        assert exchange.endings == 1
        connections = sorted(repr(handler.__self__) for handler, _, _ in net.loop.handlers.values())
        assert connections == [
            "<Connection to http://here.example:80, active, 1 uses>",
            "<Connection to http://here.example:80, idle, 2 uses>"]


def test_cancelling_an_exchange_of_a_closed_pool_does_nothing():
    """Cancelling, or failing, what is over does nothing."""
    with Net() as net:
        exchange = RecordedExchange()
        net.pool.run(exchange)
        net.pool.close()
        exchange.cancel()
        exchange.fail(ConnectError, "again")
        exchange.raised(KeyError())
        assert exchange.endings == 1 and net.counts()[:3] == (0, 0, 0)
