"""While many exchanges are under way, the requests of an iteration of the IOLoop leave together."""

from __future__ import absolute_import, division, print_function

import os

import pytest
from net_exchanges import LONG
from net_fakes import OK, Net
from tornado.ioloop import IOLoop

from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.pool import BUSY
from waterspout.exceptions import ConnectionError, DeadlineExceeded, InvalidHeader, ReadTimeout


@pytest.fixture(name="net")
def busy_net():
    """Many exchanges are under way, the last one was sent right now, two connections are idle."""
    with Net() as net:
        first = [net.run() for _ in range(BUSY + 3)]
        for exchange in first[:3]:
            exchange.connection.stream.says(OK)
        net.run()
        yield net


def requests(net):
    return [stream.requests for stream in net.streams]


def test_few_exchanges_are_sent_at_once():
    with Net() as net:
        for _ in range(BUSY - 1):
            net.run()
        assert requests(net) == [1] * (BUSY - 1) and not net.loop.callbacks


def test_many_are_sent_at_the_end_of_the_iteration(net):
    later = [net.run(target=b"/%d" % number) for number in range(2)]
    assert requests(net) == [1, 1, 2] + [1] * BUSY and len(net.loop.callbacks) == 1
    net.loop.run_callbacks()
    assert [each.connection.stream.sent.rpartition(b"GET ")[2][:2] for each in later] == [
        b"/0", b"/1"]
    for exchange in later:
        exchange.connection.stream.says(OK)
        assert exchange.content == b"ok"


def test_the_time_of_a_request_is_when_it_left(net):
    exchange = net.run()
    net.loop.now += 1.5
    net.loop.run_callbacks()
    assert exchange.sent == exchange.ready + 1.5 and exchange.phase == "read"
    net.loop.advance(LONG - 0.1)
    assert exchange.failure is None
    net.loop.advance(0.2)
    assert exchange.failure is ReadTimeout


def test_requests_that_come_slowly_are_sent_at_once(net):
    """They would be alone in their batch."""
    net.loop.now += 0.001
    exchange = net.run()
    assert exchange.connection.stream.requests == 2 and not net.loop.callbacks


def test_a_request_whose_deadline_has_passed_is_not_sent(net):
    """The program computed meanwhile. The phase says that nothing was sent."""
    exchange = net.run(deadline=net.loop.now + 1)
    stream = exchange.connection.stream
    net.loop.now += 2
    net.loop.run_callbacks()
    assert exchange.failure is DeadlineExceeded and exchange.phase == "pool"
    assert stream.requests == 1 and exchange.endings == 1


def test_a_larger_request_leaves_at_once(net):
    exchange = net.run(b"PUT", body=b"x" * 5000)
    assert exchange.connection.stream.sent.endswith(b"xxx") and not net.loop.callbacks


def test_a_request_does_not_overtake_those_that_wait(net):
    """Although it came later than they did by more than the time of quick succession."""
    first = net.run(target=b"/first")
    net.loop.now += 0.001
    second = net.run(target=b"/second")
    assert second.connection.stream.requests == first.connection.stream.requests == 1


def test_an_interrupt_holds_up_no_request(net):
    """KeyboardInterrupt ends the loop; the program may run it again."""
    def interrupt(data):
        raise KeyboardInterrupt

    first, second = net.run(), net.run()
    first.connection.stream.send = interrupt
    with pytest.raises(KeyboardInterrupt):
        net.loop.run_callbacks()
    net.loop.run_callbacks()
    assert second.connection.stream.requests == 2


def test_a_forked_process_does_not_send_the_requests_of_its_parent(net, monkeypatch):
    exchange = net.run()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    net.loop.run_callbacks()
    assert exchange.connection.stream.requests == 1


def test_bytes_after_a_full_read_are_no_response_to_a_request_of_the_batch():
    """The connection is used again while it is being read."""
    with Net(max_connections=BUSY + 1, max_queued=5) as net:
        first = [net.run() for _ in range(BUSY + 1)]
        first[0].connection.stream.says(OK)
        net.run()
        waiting = net.run()
        stream = first[1].connection.stream
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
        size = stream.full_bytes - len(head % stream.full_bytes)
        full = head % size + b"x" * size
        assert len(full) == stream.full_bytes
        stream.incoming.extend([full, OK])
        net.loop.fire(stream.fd, IOLoop.READ)
        assert first[1].head is not None and first[1].endings == 1
        assert waiting.endings == 0
        net.loop.run_callbacks()
        assert waiting.endings == 0 and stream.closed and waiting.replaced
        waiting.connection.stream.says(OK)
        assert waiting.content == b"ok"


def test_a_refused_request_leaves_the_connection_as_it_was(net):
    """It is found before the request gets into the batch."""
    bad = net.run(b"B A D")
    assert bad.failure is InvalidHeader
    exchange = net.run()
    net.loop.run_callbacks()
    exchange.connection.stream.says(OK)
    assert exchange.content == b"ok" and len(net.streams) == BUSY + 3


def test_limits_hold_when_connections_of_the_batch_die():
    """A waiting exchange does not get the place of one that is moved."""
    with Net(max_connections=BUSY + 3, max_queued=5) as net:
        first = [net.run() for _ in range(BUSY + 3)]
        for exchange in first[:3]:
            exchange.connection.stream.says(OK)
        net.run()
        moved = [net.run() for _ in range(2)]
        waiting = net.run()
        for exchange in moved:
            exchange.connection.stream.says(b"")
        assert len(net.open_streams) == BUSY + 3 and waiting.waiting
        net.loop.run_callbacks()
        assert len(net.open_streams) == BUSY + 3
        assert [each.connection.stream.requests for each in moved] == [1, 1]


def test_a_cancelled_exchange_is_not_sent(net):
    exchange = net.run()
    stream = exchange.connection.stream
    exchange.cancel()
    net.loop.run_callbacks()
    assert stream.requests == 1 and stream.closed and exchange.endings == 0


def test_a_closed_pool_sends_nothing(net):
    exchange = net.run()
    before = requests(net)
    net.pool.close()
    net.loop.run_callbacks()
    assert requests(net) == before and exchange.failure is ConnectionError
    assert exchange.endings == 1


@pytest.mark.parametrize("told", [True, False], ids=["the loop told", "unheard"])
@pytest.mark.parametrize("said", [b"", OK], ids=["end", "bytes"])
def test_a_connection_that_dies_meanwhile_is_replaced(net, told, said):
    """Nothing was sent, so that a POST is sent on a new connection too; no byte is its response."""
    exchange = net.run(b"POST", body=b"once")
    stream = exchange.connection.stream
    if told:
        stream.says(said)
    else:
        stream.incoming.append(said)
    net.loop.run_callbacks()
    assert stream.closed and stream.requests == 1 and exchange.endings == 0
    net.loop.run_callbacks()
    exchange.connection.stream.says(OK)
    assert exchange.content == b"ok" and net.streams[-1].sent.endswith(b"\r\n\r\nonce")
    assert len(net.open_streams) == net.counts()[0] + net.counts()[1]


def test_the_head_of_a_request_with_an_iterated_body_leaves_at_once(net):
    exchange = net.run(b"POST", body=IteratorBodySource(iter([b"piece"]), 5))
    assert exchange.connection.stream.requests == 2 and not net.loop.callbacks


def test_requests_of_callbacks_leave_in_the_next_iteration(net):
    begun = []
    exchange = net.run()
    exchange.on_end = lambda ended: begun.append(net.run())
    exchange.connection.stream.incoming.append(b"garbage\r\n")
    exchange.replaced = True  # So that it fails during the batch, and its callback runs then.
    net.loop.run_callbacks()
    assert exchange.endings == 1
    begun[0].connection.stream.says(OK)
    assert begun[0].content == b"ok"


def test_a_callback_that_raises_holds_up_no_other_request(net, caplog):
    def fail(ended):
        raise RuntimeError("a callback's own")

    exchange, other = net.run(), net.run()
    exchange.on_end = fail
    exchange.connection.stream.incoming.append(b"")
    exchange.replaced = True
    net.loop.run_callbacks()
    assert other.connection.stream.requests == 2
    assert "the callback of a call raised" in caplog.text
