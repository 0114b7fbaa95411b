"""When a worker is started again, decided without a clock or a process."""

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


def test_delay_doubles_with_each_crash_until_it_gives_up():
    """After `MAX_CRASHES` crashes in a row there is no restart."""
    policy = RestartPolicy()
    delays = [policy.delay(0.5, crashed=True) for _ in range(MAX_CRASHES + 1)]
    assert delays == [FIRST_DELAY * 2 ** n for n in range(MAX_CRASHES)] + [None]


def test_long_life_resets_the_count_of_crashes():
    """The next crash counts as the first."""
    policy = RestartPolicy()
    for _ in range(MAX_CRASHES):
        policy.delay(0.5, crashed=True)
    assert policy.delay(HEALTHY_AFTER, crashed=True) == FIRST_DELAY
    assert policy.crashes == 1


def test_exit_code_0_is_not_a_crash():
    """The worker is replaced at once, and the count of crashes is reset."""
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
def test_description_says_how_a_process_ended(code, words):
    """By an exit code or by a signal, with its number."""
    process = subprocess.Popen([sys.executable, "-c", code])
    assert describe(os.waitpid(process.pid, 0)[1]) == words
    process.returncode = 0  # Already reaped, so Popen must not wait for it.


def test_refused_start_is_tried_again_after_growing_delays():
    """The delay has a limit; a start that succeeds resets it."""
    policy = RestartPolicy()
    delays = [policy.delay_of_refused_start() for _ in range(100)]
    assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert delays[-1] == max(delays) == LONGEST_DELAY
    policy.started()
    assert policy.delay_of_refused_start() == FIRST_DELAY
    assert policy.delay(0.0, crashed=True) is not None  # Not a crash.
