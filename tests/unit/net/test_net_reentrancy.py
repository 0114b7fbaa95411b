"""What an exchange may do to the others, and to the pool, when something becomes of it."""

from __future__ import absolute_import, division, print_function

import pytest
from net_exchanges import RecordedExchange
from net_fakes import CLOSING, OK, Net, reset

from waterspout._net.body_sources import IteratorBodySource
from waterspout.exceptions import ConnectError, ConnectionError

PARTIAL = OK[:-1]


def balanced(net):
    """Nothing under way is counted and nothing that is counted is gone."""
    active, idle, queued = net.counts()[:3]
    return active == queued == 0 and idle == len(net.open_streams) == len(net.loop.handlers)


def test_a_request_made_by_a_response_finds_the_connection_free():
    """It finds the connection free already."""
    with Net() as net:
        following = RecordedExchange(target=b"/next")
        first = net.run()
        first.on_end = lambda exchange: net.pool.run(following)
        net.streams[0].says(OK)
        assert net.streams[0].requests == 2
        net.streams[0].says(OK)
        assert following.content == b"ok" and balanced(net)


def test_next_request_does_not_overtake_those_that_wait():
    """The connection goes to the queue first."""
    with Net(max_connections=1) as net:
        first, waiting = net.run(), net.run(target=b"/waited")
        following = RecordedExchange(target=b"/next")
        first.on_end = lambda exchange: net.pool.run(following)
        net.streams[0].says(OK)
        assert b"/waited" in net.streams[0].sent and following.waiting
        net.streams[0].says(OK)
        net.streams[0].says(OK)
        assert waiting.content == following.content == b"ok" and balanced(net)


@pytest.mark.parametrize("answer", [OK, CLOSING, PARTIAL, b"garbage\r\n", b"", reset()])
def test_a_pool_may_be_closed_from_a_callback(answer):
    """A response, a piece of one, or a failure: each may be the reason to stop everything."""
    with Net(max_connections=3) as net:
        others = [net.run(), net.run(), net.run()]
        waiting = net.run()
        first = others[0]
        first.on_received = first.on_end = lambda exchange: net.pool.close()
        net.streams[0].says(answer)
        for other in others[1:] + [waiting]:
            assert other.failure is ConnectionError and other.endings == 1
        assert first.endings == 1
        assert net.open_streams == [] and net.loop.handlers == {} and net.loop.timers == []
        assert balanced(net)


@pytest.mark.parametrize("answer", [OK, CLOSING, PARTIAL, b"garbage\r\n", b"", reset()])
def test_other_exchanges_may_be_cancelled_from_a_callback(answer):
    """Active ones and waiting ones; the pool serves on."""
    with Net(max_connections=2) as net:
        first, active, waiting = net.run(), net.run(), net.run()

        def cancel_others(exchange):
            for other in (active, waiting, first):
                other.cancel()

        first.on_received = first.on_end = cancel_others
        net.streams[0].says(answer)
        assert active.endings == waiting.endings == 0
        assert balanced(net)
        again = net.run()
        net.open_streams[-1].says(OK)
        assert again.content == b"ok" and balanced(net)


def test_an_exchange_may_cancel_itself_from_a_callback():
    """What comes afterwards is dropped."""
    with Net() as net:
        first = net.run()
        first.on_received = lambda exchange: exchange.cancel()
        net.streams[0].says(PARTIAL, OK[-1:])
        assert first.endings == 0 and net.streams[0].closed and balanced(net)


def test_a_failure_may_begin_another_attempt():
    """As often as the caller likes; each attempt is counted once."""
    with Net(at_once=False, max_connections=1) as net:
        tries = []

        def again(exchange):
            if len(tries) < 5:
                tries.append(RecordedExchange())
                tries[-1].on_end = again
                net.pool.run(tries[-1])

        again(None)
        while net.connector.pending:
            net.connector.pending[0].fail(ConnectError)
        assert [each.failure for each in tries] == [ConnectError] * 5 and balanced(net)


def test_many_that_cannot_be_sent_do_not_recurse():
    """One after the other fails on the same connection, however many wait."""
    with Net(max_connections=1) as net:
        net.run()
        refused = [net.run(method=b"B A D") for _ in range(3000)]
        good = net.run()
        net.streams[0].says(OK)
        assert all(each.endings == 1 for each in refused)
        net.streams[0].says(OK)
        assert good.content == b"ok" and balanced(net)


def test_many_that_cannot_connect_do_not_recurse():
    """One after the other fails at once, however many wait."""
    with Net(max_connections=1) as net:
        def refuse(stream):
            raise AssertionError("no connection was to be made")

        net.run()
        waiting = [net.run() for _ in range(3000)]
        net.connector.prepare = refuse
        connect = net.connector.connect

        def failing(origin, on_connected, on_failed):
            attempt = connect(origin, on_connected, on_failed)
            attempt.succeed = lambda: attempt.fail(ConnectError)
            return attempt

        net.connector.connect = failing
        net.streams[0].says(CLOSING)
        assert all(each.failure is ConnectError for each in waiting) and balanced(net)


def test_a_request_that_cannot_be_sent_may_close_the_pool():
    """A request that cannot be sent may be the end of everything, its connection included."""
    with Net() as net:
        refused = RecordedExchange(b"B A D")
        refused.on_end = lambda exchange: net.pool.close()
        net.pool.run(refused)
        assert refused.endings == 1 and net.open_streams == [] and balanced(net)


def test_a_timeout_may_close_the_pool():
    """The sweep that found it goes on over what is left: nothing."""
    with Net(max_connections=2) as net:
        exchanges = [net.run(timeout=1) for _ in range(4)]
        exchanges[0].on_end = exchanges[3].on_end = lambda exchange: net.pool.close()
        net.loop.advance(1.2)
        assert [each.endings for each in exchanges] == [1] * 4
        assert net.open_streams == [] and net.loop.timers == [] and balanced(net)


def test_a_timeout_may_cancel_others_that_are_due():
    """They are not told twice."""
    with Net() as net:
        exchanges = [net.run(timeout=1) for _ in range(4)]

        def cancel_all(exchange):
            for other in exchanges:
                other.cancel()

        for exchange in exchanges:
            exchange.on_end = cancel_all
        net.loop.advance(1.2)
        assert sum(each.endings for each in exchanges) == 1 and balanced(net)


@pytest.mark.parametrize("what", ["cancel", "close"])
@pytest.mark.parametrize("when", [0, 1])
def test_a_body_may_end_its_own_call(what, when):
    """The iterator that is asked for a piece cancels the call, or closes everything."""
    with Net() as net:
        closed = []

        def pieces():
            try:
                for number in range(3):
                    if number == when:
                        exchange.cancel() if what == "cancel" else net.pool.close()
                    yield b"piece"
            finally:
                closed.append(True)

        exchange = RecordedExchange(b"PUT", body=IteratorBodySource(pieces()))
        net.pool.run(exchange)
        for _ in range(5):
            if net.open_streams:
                net.streams[0].takes(None)
        assert closed == [True] and net.streams[0].closed and balanced(net)
        assert exchange.endings == (what == "close")


def test_an_error_of_closing_a_body_is_logged():
    """Its bug is logged; the connection is gone all the same."""
    with Net() as net:
        def pieces():
            try:
                yield b"piece"
                yield b"piece"
            finally:
                raise ZeroDivisionError

        exchange = net.run(b"PUT", body=IteratorBodySource(pieces()))
        net.streams[0].takes(None)
        exchange.cancel()
        assert net.streams[0].closed and balanced(net)


def test_callbacks_after_close_do_nothing():
    """Whatever the loop still has for us."""
    with Net() as net:
        exchange = net.run()
        connection = exchange.connection
        net.pool.close()
        connection._handle_events(net.streams[0].fd, 1)
        connection._handle_events(net.streams[0].fd, 4)
        net.pool._idle_expiry._run()
        net.pool._sweep._run()
        assert exchange.endings == 1 and net.loop.timers == []
