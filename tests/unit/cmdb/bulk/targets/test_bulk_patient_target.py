"""A target whose reads wait while it is away: for how long, for what, and until it is stopped."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

from waterspout.testing import FakeClock
from waterspout_cmdb.bulk.targets import PatientTarget, TargetError
from waterspout_cmdb.bulk.targets import target_error as kinds


class Away(object):
    """A target that fails so often, with these kinds, before it answers."""

    name = "CMDB http://cmdb.test"
    import_rows = close = None

    def __init__(self, *failures):
        self.failures = list(failures)
        self.calls = []

    @gen.coroutine
    def model(self, *arguments):
        self.calls.append(arguments)
        yield gen.moment
        if self.failures:
            raise TargetError(self.failures.pop(0), "reading the model", "no")
        raise gen.Return("a model")

    search = find = model


@pytest.fixture
def run(io_loop):
    def run(target, seconds, read="model", patience=100, stop=False):
        lines = []

        @gen.coroutine
        def wait():
            with FakeClock() as clock:
                patient = PatientTarget(target, patience, lines.append)
                call = getattr(patient, read)("HOST")
                yield clock.advance(seconds)
                if stop:
                    patient.give_up()
                    yield clock.advance(0)
                assert call.done()
            raise gen.Return(call)

        return io_loop.run_sync(wait), lines

    return run


@pytest.mark.parametrize("read", ["model", "search", "find"])
@pytest.mark.parametrize("kind", [kinds.UNREACHABLE, kinds.BUSY, kinds.LATE])
def test_a_read_waits_until_the_target_is_back(run, kind, read):
    target = Away(kind, kind)
    call, lines = run(target, 3, read)
    assert call.result() == "a model" and target.calls == [("HOST",)] * 3
    assert lines == ["reading the model: no; it is tried again for 100 s"]


@pytest.mark.parametrize("kind", [kinds.HOPELESS, kinds.REFUSED, kinds.FAILED, kinds.UNCLEAR])
def test_a_mistake_is_told_at_once(run, kind):
    call, lines = run(Away(kind), 0)
    assert call.exception().kind == kind and not lines


def test_the_patience_ends(run):
    call, _ = run(Away(*[kinds.UNREACHABLE] * 100), 100)
    assert call.exception().kind == kinds.UNREACHABLE


def test_a_stop_does_not_wait(run):
    target = Away(*[kinds.UNREACHABLE] * 9)
    call, _ = run(target, 4, stop=True)
    assert call.exception().kind == kinds.UNREACHABLE and len(target.calls) == 4
