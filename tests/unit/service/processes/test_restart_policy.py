"""When a worker is started again: decisions without a clock or a process."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import pytest

from waterspout.service._processes.restart_policy import (
    FIRST_DELAY,
    HEALTHY_AFTER,
    LONGEST_DELAY,
    MAX_CRASHES,
    RestartPolicy,
)
from waterspout.service._processes.supervisor import describe


def test_delay_doubles_with_each_crash_then_ends():
    """A worker that keeps crashing is restarted ever later, and at last not at all."""
    policy = RestartPolicy()
    delays = [policy.delay(0.5, crashed=True) for _ in range(MAX_CRASHES + 1)]
    assert delays == [FIRST_DELAY * 2 ** n for n in range(MAX_CRASHES)] + [None]


def test_a_healthy_life_forgives_earlier_crashes():
    """After a long life the next crash counts as the first."""
    policy = RestartPolicy()
    for _ in range(MAX_CRASHES):
        policy.delay(0.5, crashed=True)
    assert policy.delay(HEALTHY_AFTER, crashed=True) == FIRST_DELAY
    assert policy.crashes == 1


def test_stopping_as_told_is_no_crash():
    """A worker that was asked to stop is replaced at once, and forgiven."""
    policy = RestartPolicy()
    policy.delay(0.5, crashed=True)
    assert policy.delay(0.5, crashed=False) == 0.0
    assert policy.crashes == 0


@pytest.mark.parametrize(
    "code, words",
    [
        ("pass", "ended with exit code 0"),
        ("import sys; sys.exit(3)", "ended with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "was killed by signal 9"),
    ],
)
def test_describes_how_a_process_ended(code, words):
    """The log says whether it was killed or ended, and by what."""
    process = subprocess.Popen([sys.executable, "-c", code])
    assert describe(os.waitpid(process.pid, 0)[1]) == words
    process.returncode = 0  # It is reaped; Popen need not look for it.


def test_refused_starts_are_tried_again_ever_more_slowly():
    """Up to a limit, and from the beginning once one has succeeded."""
    policy = RestartPolicy()
    delays = [policy.delay_of_refused_start() for _ in range(100)]
    assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert delays[-1] == max(delays) == LONGEST_DELAY
    policy.started()
    assert policy.delay_of_refused_start() == FIRST_DELAY
    assert policy.delay(0.0, crashed=True) is not None  # It is no crash.
