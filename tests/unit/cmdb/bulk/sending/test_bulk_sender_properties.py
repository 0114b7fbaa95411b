"""Whatever a target does to a batch, each row ends in exactly one of the three counts."""

from __future__ import absolute_import, division, print_function

from fake_target import NO, FakeTarget, error, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import PATIENCE
from tornado import gen
from tornado.ioloop import IOLoop

from waterspout.testing import FakeClock
from waterspout_cmdb.bulk.sending import Batch, Limits, Sender

#: How the target shows a row that has failed.
SHOWS = {
    "key": lambda name: {"name": name, "cpu": 4},
    "nothing": lambda name: None,
    "no key": lambda name: {"cpu": 4},
    "another": lambda name: {"name": "other"},
}

#: Failures for which a row is blamed in the end come at most so often.
MOST = {"failed": 2, "unclear": 5}

#: What happens to a whole request. After "lost" it was carried out.
EVENTS = ["busy", "unreachable", "late", "refused", "unclear", "failed", "lost", "fine", "fine"]


def play(count, refused, there, shows, events, batch_rows):
    """Send ``count`` rows; return the target and the results of the batches."""
    target = FakeTarget(0.1)
    target.refused = set("n%d" % number for number in refused)
    target.stored = dict(("n%d" % number, 1) for number in there if number not in refused)
    target.shows = SHOWS[shows]

    def happen(names):
        event = events.pop() if events else "fine"
        if event == "lost":
            target.store(names)
            raise error("late")
        if event == "refused" and len(names) == 1:
            return  # It would be the row's own.
        if event != "fine":
            raise error(event)

    target.always = happen

    @gen.coroutine
    def run():
        sender = Sender(target, "HOST", ["name"], Limits(batch_rows, concurrency=3))
        all_rows = rows(1, count)
        with FakeClock() as clock:
            futures = [sender.send(Batch(all_rows[start : start + batch_rows]))
                       for start in range(0, count, batch_rows)]
            closing = None
            for _ in range(100):
                yield clock.advance(10)
                if all(future.done() for future in futures):
                    closing = sender.close()
                    break
            yield closing
        raise gen.Return([future.result() for future in futures])

    loop = IOLoop(make_current=False)
    try:
        return target, loop.run_sync(run, PATIENCE)
    finally:
        loop.close()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_row_ends_once(data):
    """Refused rows are rejected with their own text; all others are stored."""
    count = data.draw(st.integers(1, 40))
    numbers = st.sets(st.integers(1, count))
    refused, there = data.draw(numbers), data.draw(numbers)
    shows = data.draw(st.sampled_from(sorted(SHOWS)))
    events = data.draw(st.lists(st.sampled_from(EVENTS), max_size=12))
    events = [event for index, event in enumerate(events)
              if events[:index].count(event) < MOST.get(event, 12)]
    batch_rows = data.draw(st.integers(1, 40))
    was_fine = not set(events) - set(["fine", "busy", "unreachable", "unclear", "failed"])
    target, results = play(count, refused, there, shows, list(events), batch_rows)
    rejected = [pair for result in results for pair in result.rejected]
    assert rejected == [(number, NO) for number in sorted(refused)]
    accepted = sum(result.inserted + result.updated for result in results)
    assert accepted + len(rejected) == count
    assert set(target.stored) == set(
        "n%d" % number for number in range(1, count + 1) if number not in refused)
    if was_fine:  # No request was carried out whose answer was lost: the counts are exact.
        updated = sum(result.updated for result in results)
        assert updated == len(there - refused)


def test_the_order_of_rows_is_that_of_the_batches():
    """A result is that of its own batch, whichever ends first."""
    _target, results = play(30, {1, 11, 21}, set(), "key", ["late", "busy"], 10)
    assert [[number for number, _reason in result.rejected] for result in results] == [
        [1], [11], [21]]
