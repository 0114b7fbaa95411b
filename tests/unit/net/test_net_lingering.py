"""Lingering ends at the peer's end or at one of its limits, whichever comes first."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop
from net_fakes import FakeStream, reset

import waterspout._net.lingering
import waterspout._net.timeout_sweep
from waterspout._net.lingering import Lingering
from waterspout._net.timeout_sweep import TimeoutSweep


class Stream(FakeStream):
    """Notes its half-close; `refuses` makes that fail."""

    refuses = shut = False

    def shutdown_write(self):
        if self.refuses:
            raise reset()
        self.shut = True


class Case(object):
    def __init__(self, loop, refuses=False):
        self.loop, self.done = loop, []
        self.sweep = TimeoutSweep(loop, 0.5)
        self.stream = Stream(loop, 7)
        self.stream.refuses = refuses
        self.started = loop.now
        self.lingering = Lingering(loop, self.stream, self.sweep, self.note)

    def note(self):
        assert self.stream.closed and not self.sweep.watched and not self.loop.handlers
        self.done.append(self.loop.now - self.started)


@pytest.fixture
def loop(monkeypatch):
    loop = FakeLoop()
    for module in (waterspout._net.lingering, waterspout._net.timeout_sweep):
        monkeypatch.setattr(module, "monotonic", loop.clock)
    return loop


def test_the_peers_end_ends_it(loop):
    """What came before is dropped."""
    case = Case(loop)
    assert case.stream.shut and not case.stream.closed
    case.stream.says(b"the rest of a body", b"and more")
    assert not case.done
    case.stream.says(b"")
    assert case.done == [0]


def test_a_reset_ends_it(loop):
    case = Case(loop)
    case.stream.says(reset())
    assert case.done == [0]


def test_a_silent_peer_is_waited_for_five_seconds(loop):
    """After each byte."""
    case = Case(loop)
    loop.advance(4)
    case.stream.says(b"x")
    loop.advance(4)
    assert not case.done
    loop.advance(60)
    assert len(case.done) == 1 and 9 <= case.done[0] <= 9.5


def test_a_peer_that_never_stops_is_read_for_thirty_seconds(loop):
    """However slowly it sends."""
    case = Case(loop)
    for _ in range(100):
        loop.advance(1)
        if not case.done:
            case.stream.says(b"x")
    assert len(case.done) == 1 and 30 <= case.done[0] <= 30.5


def test_a_peer_that_sends_very_much_is_not_read_to_its_end(loop):
    """However fast it sends."""
    case = Case(loop)
    piece, sent = b"x" * 65536, 0
    while not case.done:
        case.stream.says(piece)
        sent += len(piece)
    assert sent == 32 * 1024 * 1024


def test_a_wake_up_without_bytes_changes_nothing(loop):
    """The end of the wait for bytes does not move."""
    case = Case(loop)
    loop.advance(4)
    loop.fire(7, loop.handlers[7][1])
    loop.advance(2)
    assert len(case.done) == 1


def test_a_connection_that_was_reset_is_done_in_the_next_iteration(loop):
    """The caller has the object by then."""
    case = Case(loop, refuses=True)
    assert not case.done
    loop.run_callbacks()
    assert case.done == [0]


@pytest.mark.parametrize("refuses", [False, True])
def test_close_ends_it_at_once_and_once(loop, refuses):
    case = Case(loop, refuses)
    case.lingering.close()
    case.lingering.close()
    loop.run_callbacks()
    loop.advance(100)
    assert case.done == [0]
