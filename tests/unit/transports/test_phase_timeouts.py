"""Which timeout ends an exchange on another library's client; time is moved by hand."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.exceptions import (
    ConnectTimeout,
    DeadlineExceeded,
    PoolTimeout,
    ReadTimeout,
    WriteTimeout,
)
from waterspout.timeouts import ClientTimeout
from waterspout.transports.borrowed.phase_timeouts import PhaseTimeouts


@pytest.fixture
def begin(loop):
    """Make the timeouts of an exchange; ``expired`` collects the errors and their texts."""
    def begin(deadline=None, **limits):
        expired = []
        timeouts = PhaseTimeouts(
            ClientTimeout(**limits), deadline, loop,
            lambda error_class, what, cause=None: expired.append((error_class, what)))
        timeouts.expired = expired
        return timeouts

    return begin


def test_pool_timeout_names_the_connections_in_use(begin, loop):
    """An exchange that waits for its turn fails after ``timeout.pool``, not before."""
    timeouts = begin(pool=3)
    timeouts.wait_for_turn(8)
    loop.advance(2.9)
    assert timeouts.expired == []
    loop.advance(0.2)
    assert timeouts.expired == [(PoolTimeout, "all 8 connections were in use for 3 s")]


def test_connecting_starts_the_connect_timeout(begin, loop):
    """A turn ends ``timeout.pool``; ``timeout.connect`` runs from then on."""
    timeouts = begin(pool=3, connect=5)
    timeouts.wait_for_turn(8)
    loop.advance(2)
    timeouts.connecting()
    assert timeouts.phase == "connect"
    loop.advance(4.9)
    assert timeouts.expired == [] and timeouts.connecting_for() == pytest.approx(4.9)
    loop.advance(0.2)
    assert timeouts.expired == [(ConnectTimeout, "no connection within 5 s")]


def test_each_byte_starts_the_read_timeout_again(begin, loop):
    """Any number of bytes, each within ``timeout.read``, is in time."""
    timeouts = begin(connect=3, read=10)
    timeouts.connecting()
    timeouts.connected()
    for _ in range(3):
        loop.advance(9)
        timeouts.byte_received()
    loop.advance(9.9)
    assert timeouts.expired == []
    loop.advance(0.2)
    assert timeouts.expired == [(ReadTimeout, "no byte for 10 s")]


def test_a_piece_of_the_body_that_is_not_taken_is_a_write_timeout(begin, loop):
    """Only while a piece is being sent, not while the caller makes the next one."""
    timeouts = begin(read=10)
    timeouts.connecting()
    timeouts.connected()
    timeouts.awaiting_body()
    loop.advance(100)
    assert timeouts.expired == []
    timeouts.sending()
    loop.advance(10)
    assert timeouts.expired == [(WriteTimeout, "no byte taken for 10 s")]


def test_after_the_head_the_phase_stays_read(begin):
    """Pieces of the body that are sent after the response's head do not change the phase."""
    timeouts = begin(read=10)
    timeouts.connecting()
    timeouts.sending()
    timeouts.responding()
    timeouts.head_received()
    timeouts.sending()
    assert timeouts.phase == "read"


def test_a_pause_suspends_the_read_timeout(begin, loop):
    """A slow reader is not the server's fault; afterwards the timeout begins again."""
    timeouts = begin(read=10)
    timeouts.connecting()
    timeouts.connected()
    timeouts.pause()
    loop.advance(100)
    timeouts.resume()
    loop.advance(9.9)
    assert timeouts.expired == []
    loop.advance(0.2)
    assert timeouts.expired == [(ReadTimeout, "no byte for 10 s")]


def test_the_deadline_passes_in_every_phase(begin, loop):
    """``timeout.total`` runs beside the phase's timeout, also for a client with its own."""
    timeouts = begin(deadline=loop.now + 5, total=5)
    timeouts.handed_over()
    loop.advance(5)
    assert timeouts.expired == [(DeadlineExceeded, "not finished within 5 s in total")]


def test_after_stop_nothing_expires(begin, loop):
    """No timer is left, none is started, and a client's own timeout is ignored."""
    timeouts = begin(deadline=loop.now + 5, connect=3, read=10, total=5)
    timeouts.connecting()
    timeouts.stop()
    timeouts.connected()
    timeouts.read_timed_out()
    assert loop.timers == [] and timeouts.expired == []
