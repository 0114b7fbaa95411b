"""Long work in turns, on an IOLoop of its own."""

from __future__ import absolute_import, division, print_function

import pytest
import tornado
from raw_server import PATIENCE
from tornado import gen

from waterspout._driver.turns import in_turns


def steps_of(number, at, log):
    for each in range(3):
        log.append((number, each))
        if (number, each) == at:
            raise KeyboardInterrupt
        yield


def test_works_take_turns_step_by_step(io_loop):
    """One step of one, then one step of the next."""
    log = []

    def work():
        return [in_turns(steps_of(number, None, log), lambda: None) for number in range(2)]

    io_loop.run_sync(lambda: gen.multi(work()), timeout=PATIENCE)
    assert log == [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)]


@pytest.mark.skipif(tornado.version_info < (6,),
                    reason="the IOLoop of Tornado 5.1 does not run again behind an interrupt")
def test_an_interrupt_stops_no_other_work(io_loop):
    """A program that runs its IOLoop again, as a notebook does, finds the others going on."""
    log = []
    with pytest.raises(KeyboardInterrupt):
        io_loop.run_sync(lambda: gen.multi([
            in_turns(steps_of(number, (0, 1), log), lambda: None) for number in range(2)]),
            timeout=PATIENCE)
    io_loop.run_sync(lambda: in_turns(iter([]), lambda: None), timeout=PATIENCE)
    assert (1, 2) in log and (0, 2) not in log
