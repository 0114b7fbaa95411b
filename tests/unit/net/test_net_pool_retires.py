"""A pool that keeps nothing any more, and the end of some of its exchanges."""

from __future__ import absolute_import, division, print_function

import pytest
from net_fakes import OK, Net

from waterspout.exceptions import ConnectError


def holds_nothing(net):
    """No connection, no attempt at one, no timer; and the resolver's threads were let go of."""
    return not (net.open_streams or net.connector.pending or net.loop.timers
                or not net.connector.closed)


def test_a_retired_pool_closes_idle_connections_at_once():
    """The pool then holds nothing more."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.pool.retire()
        assert holds_nothing(net)


@pytest.mark.parametrize("waits", [False, True])
def test_a_retired_pool_ends_with_its_last_response(waits):
    """Those that wait get their turn first, on the same connection."""
    with Net(max_connections=1) as net:
        exchanges = [net.run() for _ in range(1 + waits)]
        net.pool.retire()
        for exchange in exchanges:
            assert not holds_nothing(net)
            net.streams[0].says(OK)
            assert exchange.content == b"ok"
        assert holds_nothing(net) and len(net.streams) == 1


def test_a_retired_pool_ends_when_its_last_connection_fails():
    """As where the server is down."""
    with Net(at_once=False) as net:
        exchange = net.run()
        net.pool.retire()
        net.connector.pending[0].fail(ConnectError)
        assert exchange.error[0] is ConnectError
        assert holds_nothing(net)


def test_a_retired_pool_ends_when_its_last_request_cannot_be_sent():
    """The connection was made for it alone."""
    with Net(at_once=False) as net:
        exchange = net.run(method=b"NO TOKEN")
        net.pool.retire()
        net.connector.pending[0].succeed()
        assert exchange.endings == 1
        assert holds_nothing(net)


@pytest.mark.parametrize("when", ["connecting", "answering"])
@pytest.mark.parametrize("how", ["cancelled", "too slow"])
def test_a_retired_pool_ends_when_its_last_exchange_gives_up(when, how):
    """By the caller, or by its time limit."""
    with Net(at_once=when == "answering") as net:
        exchange = net.run()
        net.pool.retire()
        if how == "cancelled":
            exchange.cancel()
        else:
            net.loop.advance(1000)
        assert holds_nothing(net)


def test_the_calls_of_one_holder_end_without_a_connection_for_each():
    """Those that wait are not started first, to be stopped while they connect."""
    with Net(max_connections=3) as net:
        mine = [net.run() for _ in range(50)]
        other = net.run()
        net.pool.end_exchanges([each for each in net.pool.exchanges if each is not other])
        assert [exchange.endings for exchange in mine] == [1] * 50
        assert [stream.closed for stream in net.streams] == [True] * 3 + [False]
        net.streams[3].says(OK)
        assert other.content == b"ok"
