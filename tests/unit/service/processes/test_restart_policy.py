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
    MAX_FAILED_STARTS,
    CrashCount,
    RestartPolicy,
    gives_up,
)
from waterspout.service._processes.slot import describe


def crash(policy, lived=0.5, others_serve=True):
    return policy.delay(lived, crashed=True, others_serve=others_serve)


def failed(times):
    policy = RestartPolicy()
    for _ in range(times):
        policy.delay_of_failed_start()
    return policy


def test_delay_doubles_with_each_crash_up_to_a_limit():
    """There is always a restart, whatever the number of crashes."""
    policy = RestartPolicy()
    delays = [crash(policy) for _ in range(100)]
    assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert delays[-1] == max(delays) == LONGEST_DELAY


def test_last_worker_that_serves_is_restarted_soon():
    """A longer delay would be an outage, since the others wait for their own restarts."""
    policy = RestartPolicy()
    for _ in range(100):
        crash(policy)
    assert crash(policy, others_serve=False) == FIRST_DELAY


def test_long_life_resets_the_count_of_crashes():
    """The next crash counts as the first."""
    policy = RestartPolicy()
    for _ in range(6):
        crash(policy)
    assert crash(policy, lived=HEALTHY_AFTER) == FIRST_DELAY
    assert policy.crashes == 1


def test_exit_code_0_after_a_long_life_is_not_a_crash():
    """The worker is replaced at once, and the count of crashes is reset."""
    policy = RestartPolicy()
    crash(policy)
    assert policy.delay(HEALTHY_AFTER, crashed=False, others_serve=True) == 0.0
    assert policy.crashes == 0


def test_workers_that_end_soon_with_exit_code_0_are_delayed_like_crashes():
    """Otherwise what ends each of them would have the parent fork without a pause."""
    policy = RestartPolicy()
    delays = [policy.delay(0.5, crashed=False, others_serve=True) for _ in range(100)]
    assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert delays[-1] == LONGEST_DELAY


def test_failed_starts_are_counted_apart_from_crashes():
    """A worker that served before it crashed shows that workers can start."""
    policy = failed(MAX_FAILED_STARTS)
    policy.ready()
    crash(policy)
    assert (policy.failed_starts, policy.crashes) == (0, 1)
    assert policy.delay_of_failed_start() == FIRST_DELAY


def test_service_gives_up_when_no_worker_can_start():
    """Each has failed `MAX_FAILED_STARTS` times and once more, and none serves."""
    policies = [failed(MAX_FAILED_STARTS + 1), failed(MAX_FAILED_STARTS + 1)]
    assert gives_up(policies, one_serves=False)


@pytest.mark.parametrize(
    "failures, one_serves",
    [([9, 9, 0], True), ([9, MAX_FAILED_STARTS], False), ([9, 0], False)],
)
def test_service_goes_on_while_a_worker_serves_or_may_start(failures, one_serves):
    """However often the others fail."""
    assert not gives_up([failed(times) for times in failures], one_serves)


def test_crashes_in_quick_succession_are_counted_for_the_log():
    """With the time from the first to the last; a single one needs no words."""
    crashes = CrashCount()
    assert crashes.crashed(100.0) == ""
    assert crashes.crashed(100.4) == "; 2 workers have crashed within 0.4 s"
    assert crashes.crashed(103.5) == "; 3 workers have crashed within 3.5 s"
    assert crashes.crashed(103.5 + HEALTHY_AFTER) == ""


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
    assert policy.failed_starts == 0
