"""What becomes of rows, of the target's failures, and of the sender when it is closed."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_target import NO, FakeTarget, error, row, rows
from raw_server import PATIENCE
from tornado import gen

from waterspout.testing import FakeClock
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.sending import Batch, Limits, Sender, Stopped
from waterspout_cmdb.bulk.targets import ImportResult

pytestmark = pytest.mark.usefixtures("nothing_unobserved")


class Play(object):
    """A sender to a `FakeTarget`, under a FakeClock."""

    def __init__(self, io_loop):
        self.io_loop = io_loop
        self.target = FakeTarget()
        self.messages = []
        self.seconds = 0.0
        self.sender = None

    def make(self, keys=("name",), **keywords):
        keywords.setdefault("limits", Limits(100, concurrency=4))
        self.sender = Sender(self.target, "HOST", keys, on_message=self.messages.append,
                             draw=lambda: 1.0, **keywords)
        return self.sender

    def run(self, function):
        """Run ``function(sender, clock)``, a generator function."""
        sender = self.sender or self.make()

        @gen.coroutine
        def run():
            with FakeClock() as clock:
                result = yield gen.coroutine(function)(sender, clock)
            raise gen.Return(result)

        return self.io_loop.run_sync(run, PATIENCE)

    def outcome(self, batch_rows, limit=3000.0):
        """What sending a batch resolves to; ``seconds`` is how long it took."""
        def function(sender, clock):
            future = sender.send(Batch(batch_rows))
            yield clock.advance(0)
            while not future.done() and self.seconds < limit:
                yield clock.advance(0.25)
                self.seconds += 0.25
            raise gen.Return(future.result())

        return self.run(function)


@pytest.fixture
def play(io_loop):
    return Play(io_loop)


def refused(*numbers):
    return [(number, NO) for number in numbers]


def test_rows_are_stored_and_counted(play):
    """Those that are there already are updated."""
    play.target.stored = {"n2": 1}
    assert play.outcome(rows(1, 10)) == (9, 1, [], [])
    assert play.target.calls == [["n%d" % n for n in range(1, 11)]]


def test_refused_rows_are_told_by_their_numbers(play):
    """In one request, with the CMDB's text."""
    play.target.refused = {"n3", "n7"}
    assert play.outcome(rows(1, 10)) == (8, 0, refused(3, 7), [])
    assert len(play.target.calls) == 1


@pytest.mark.parametrize("shows", [
    lambda name: None, lambda name: {}, lambda name: {"name": "n1"}, lambda name: {"name": "?"}])
def test_refused_rows_that_are_not_shown_are_settled(play, shows):
    """Those around them are sent again, which is only an update; the counts are the first ones."""
    play.target.refused = {"n3", "n7"}
    play.target.shows = shows
    inserted, updated, rejected, _warnings = play.outcome(rows(1, 10))
    if shows("n3") == {"name": "n1"}:  # The CMDB names another row: that is its word.
        assert inserted + updated + len(rejected) == 10
    else:
        assert (inserted, updated, rejected) == (8, 0, refused(3, 7))


def test_a_batch_of_which_all_rows_are_refused(play):
    """Nothing need be found out."""
    play.target.refused = {"n1", "n2"}
    play.target.shows = lambda name: None
    assert play.outcome(rows(1, 2)) == (0, 0, refused(1, 2), [])
    assert len(play.target.calls) == 1


def test_a_batch_that_is_refused_as_a_whole_is_halved_down_to_the_row(play):
    """Only the row that is the reason is rejected."""
    def refuse(names):
        if "n6" in names:
            raise error("refused", "bad value")

    play.target.always = refuse
    assert play.outcome(rows(1, 10)) == (9, 0, [(6, "bad value")], [])


def test_a_size_that_is_refused_is_learned(play):
    """The CMDB takes so many rows only: later batches are not larger."""
    def refuse(names):
        if len(names) > 5:
            raise error("refused", "datas has too many rows")

    play.target.always = refuse
    assert play.outcome(rows(1, 20)) == (20, 0, [], [])
    assert play.sender.wanted_rows <= 5


@pytest.mark.parametrize("kind, expected", [("busy", 0.5), ("unreachable", 0.5), ("failed", 0.5)])
def test_a_failure_is_tried_again_after_a_pause(play, kind, expected):
    """Nothing is lost."""
    play.target.script = [error(kind)]
    assert play.outcome(rows(1, 3)) == (3, 0, [], [])
    assert play.seconds == expected
    assert play.target.calls == [["n1", "n2", "n3"]] * 2


def test_what_was_late_is_sent_again_in_halves(play):
    """The target may have stored it: then it is updated."""
    def late(names):
        play.target.store(names)
        raise error("late")

    play.target.script = [late]
    assert play.outcome(rows(1, 4)) == (0, 4, [], [])
    assert [len(call) for call in play.target.calls] == [4, 2, 2]


def test_the_whole_sender_pauses(play):
    """As long as the target says; all that is not under way waits."""
    play.target.script = [error("busy", "slow down", 7.0)]
    play.target.seconds = 1.0

    def function(sender, clock):
        first = sender.send(Batch(rows(1, 2)))
        yield clock.advance(1.5)
        others = [sender.send(Batch([row(n)])) for n in range(3, 9)]
        yield clock.advance(6.25)
        assert len(play.target.calls) == 1
        yield clock.advance(0.5)
        assert len(play.target.calls) == 3  # Two at a time now, no longer four.
        assert play.target.calls[1] == ["n1", "n2"]  # What was begun goes first.
        yield clock.advance(10)
        assert [f.result()[0] for f in [first] + others] == [2, 1, 1, 1, 1, 1, 1]

    play.run(function)
    (message,) = play.messages
    assert "slow down" in message and message.endswith("the next request is sent in 7 s")


def test_no_more_requests_at_once_than_allowed(play):
    """Whatever was given to it."""
    play.make(limits=Limits(100, concurrency=3))
    play.target.seconds = 1.0

    def function(sender, clock):
        futures = [sender.send(Batch([row(n)])) for n in range(10)]
        yield clock.advance(4)
        assert all(future.done() for future in futures)

    play.run(function)
    assert play.target.at_once == 3


def test_sizes_follow_the_latency(play):
    """Batches grow while answers are quick, and shrink when they are slow."""
    sender = play.make(limits=Limits(1000))
    assert sender.wanted_rows == 200
    play.outcome(rows(1, 200))
    assert sender.wanted_rows == 250
    play.target.seconds = 2.0
    play.outcome(rows(1, 250))
    assert sender.wanted_rows == 125


@pytest.mark.parametrize("kind", ["busy", "unreachable", "late", "failed"])
def test_patience_ends(play, kind):
    """The error says which rows, where, why, for how long; nothing is sent after it."""
    play.make(patience=60.0)
    play.target.always = error(kind, "no places left")
    with pytest.raises(BulkError) as caught:
        play.outcome(rows(5, 6))
    text = str(caught.value)
    assert text.startswith("sending row") and "HOST at the target: no places left" in text
    assert "given up after" in text and 10 < play.seconds <= 60
    calls = len(play.target.calls)
    with pytest.raises(BulkError):
        play.outcome(rows(7, 8))
    assert len(play.target.calls) == calls and play.sender.error is caught.value


def test_a_wish_beyond_the_patience_is_not_waited_for(play):
    """It would be in vain."""
    play.target.script = [error("busy", "come back tomorrow", 86400.0)]
    with pytest.raises(BulkError) as caught:
        play.outcome(rows(1, 2))
    assert "come back tomorrow" in str(caught.value) and play.seconds == 0
    assert "it asks to wait 86400 s, which is too long: try it later" in str(caught.value)


def test_a_row_with_which_the_target_fails_is_rejected(play):
    """It is found by halving: the others are stored."""
    def fail(names):
        if "n6" in names:
            raise error("failed", "internal error (500)")

    play.target.always = fail
    assert play.outcome(rows(1, 10)) == (9, 0, [(6, "internal error (500)")], [])


def test_failures_of_other_kinds_blame_no_row(play):
    """A row is rejected after three failures with it, not after some that are the target's own."""
    for others in ("busy", "unclear", "unreachable"):
        play.target.script = [error(others), error(others), error("failed")]
        assert play.outcome([row(1)])[2] == []


def test_a_target_that_always_fails_rejects_no_row(play):
    """It is not the rows' fault."""
    play.make(patience=60.0)
    play.target.always = error("failed")
    with pytest.raises(BulkError):
        play.outcome(rows(1, 3))


def test_an_answer_that_is_not_understood_is_asked_for_again_in_parts(play):
    """Rows that were stored by the first request are updated."""
    def unclear(names):
        play.target.store(names)
        raise error("unclear")

    play.target.script = [unclear]
    assert play.outcome(rows(1, 4)) == (0, 4, [], [])


def test_a_target_that_is_never_understood(play):
    """No row is taken for stored."""
    play.target.always = error("unclear", "the answer is not understood")
    with pytest.raises(BulkError) as caught:
        play.outcome(rows(1, 4))
    assert "sending row" in str(caught.value) and "not understood" in str(caught.value)
    assert play.seconds < 120


def test_a_hopeless_failure_ends_all_at_once(play):
    """Those under way too, when they end; the error is that of all."""
    play.target.seconds = 1.0
    play.target.script = [error("hopeless", "no valid key (401); give a valid key")]

    def function(sender, clock):
        futures = [sender.send(Batch([row(n)])) for n in range(9)]
        yield clock.advance(1)
        assert len(play.target.calls) == 4
        done = [future for future in futures if future.exception() is None]
        assert len(done) == 3
        for future in [sender.close(), sender.send(Batch(rows(1, 2)))]:
            yield clock.advance(0)
            assert "no valid key" in str(future.exception())

    play.run(function)


def test_a_bug_is_not_lost(play):
    """Neither when the batch's Future is not looked at."""
    play.target.script = [ZeroDivisionError("bug")]

    def function(sender, clock):
        sender.send(Batch(rows(1, 2)))
        yield clock.advance(0)
        with pytest.raises(ZeroDivisionError):
            yield sender.close()

    play.run(function)
    assert isinstance(play.sender.error, ZeroDivisionError)


def test_closing_lets_begun_batches_end(play):
    """With what they still need; others are not begun."""
    def refuse(names):
        if len(names) > 1:
            raise error("refused")

    play.target.always = refuse
    play.target.seconds = 1.0
    play.make(limits=Limits(100, concurrency=2))

    def function(sender, clock):
        futures = [sender.send(Batch(rows(n, n + 1))) for n in (1, 3, 5, 7)]
        yield clock.advance(0.5)
        closing = sender.close()
        yield clock.advance(0.75)
        assert not closing.done()
        yield clock.advance(5)
        assert closing.result() is None
        assert [f.result() for f in futures[:2]] == [(2, 0, [], [])] * 2
        assert [type(f.exception()) for f in futures[2:]] == [Stopped] * 2
        late = sender.send(Batch(rows(9, 10)))
        yield clock.advance(0)
        assert isinstance(late.exception(), Stopped)

    play.run(function)
    assert sorted(play.target.stored) == ["n1", "n2", "n3", "n4"] and play.sender.error is None


@pytest.mark.parametrize("moment", [0.5, 5.0])
def test_closing_does_not_wait_for_the_end_of_a_pause(play, moment):
    """Whether it has begun or begins then: Ctrl-C ends soon."""
    play.target.script = [error("busy", "slow", 300.0)]
    play.target.seconds = 1.0

    def function(sender, clock):
        future = sender.send(Batch(rows(1, 2)))
        yield clock.advance(moment)
        closing = sender.close()
        yield clock.advance(1)
        assert closing.done() and closing.result() is None
        assert isinstance(future.exception(), Stopped)

    play.run(function)


def test_closing_twice_and_without_work(play):
    """It ends at once."""
    def function(sender, clock):
        yield sender.close()
        yield sender.close()

    play.run(function)


def test_futures_that_are_cancelled_disturb_no_other(play):
    """A caller may lose interest; the places are still given back."""
    play.make(limits=Limits(100, concurrency=1))
    play.target.seconds = 1.0

    def function(sender, clock):
        futures = [sender.send(Batch([row(n)])) for n in range(3)]
        if hasattr(futures[0], "get_loop"):
            futures[0].cancel()
            futures[1].cancel()
        yield clock.advance(5)
        assert futures[2].result() == (1, 0, [], [])
        yield sender.close()

    play.run(function)


def test_instances_are_named_by_their_id_only_if_they_exist(play):
    """The CMDB would insert others under another id, each time."""
    play.target.ids = {"n1", "n3"}
    play.target.stored = {"n1": 1, "n3": 1}
    play.make(keys=["instanceId"])
    inserted, updated, rejected, _warnings = play.outcome(rows(1, 3))
    assert (inserted, updated, [number for number, _reason in rejected]) == (0, 2, [2])
    assert "no HOST has this instanceId" in rejected[0][1]
    assert play.target.calls == [["n1", "n3"]]
    assert play.outcome([row(4)])[2][0][0] == 4 and len(play.target.calls) == 1


def test_warnings_are_passed_on(play):
    """Of all parts."""
    play.target.script = [lambda names: ImportResult(len(names), 0, [], ["w"])]
    assert play.outcome(rows(1, 2)).warnings == ["w"]
