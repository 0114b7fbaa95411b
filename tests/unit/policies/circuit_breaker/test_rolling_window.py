"""`RollingWindow`: what it counts, against a list of all results."""

from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st

from waterspout.policies.circuit_breaker.rolling_window import BUCKETS, RollingWindow


def counts(window):
    return window.calls, window.failures


def test_a_new_window_is_empty():
    """It needs no time to begin with."""
    assert counts(RollingWindow(10.0)) == (0, 0)


def test_results_are_counted_until_their_bucket_leaves_the_window():
    """Those of the first second of a window of 10 s are gone from second 10 on."""
    window = RollingWindow(10.0)
    window.add(True, 0.0)
    window.add(False, 0.875)
    window.add(True, 1.0)
    window.move_to(9.875)
    assert counts(window) == (3, 2)
    window.move_to(10.0)
    assert counts(window) == (1, 1)
    window.move_to(11.0)
    assert counts(window) == (0, 0)


def test_a_long_pause_empties_the_window():
    """It does not take a step for each bucket of the pause."""
    window = RollingWindow(0.01)
    window.add(True, 5.0)
    window.move_to(1e12)
    assert counts(window) == (0, 0)
    window.add(True, 1e12)
    assert counts(window) == (1, 1)


def test_a_cleared_window_counts_from_zero():
    """As a new one does."""
    window = RollingWindow(10.0)
    window.add(True, 99.0)
    window.clear()
    assert counts(window) == (0, 0)
    window.add(False, 99.5)
    window.move_to(108.5)
    assert counts(window) == (1, 0)


def test_a_clock_that_goes_back_loses_nothing():
    """An earlier time is taken for the last one."""
    window = RollingWindow(10.0)
    window.add(True, 50.0)
    window.add(True, 20.0)
    window.move_to(3.0)
    assert counts(window) == (2, 2)
    window.move_to(59.875)
    assert counts(window) == (2, 2)
    window.move_to(60.0)
    assert counts(window) == (0, 0)


# Eighths of a second are exact, and so is a bucket of 1 s: the model and the window round nothing.
pauses = st.one_of(st.integers(0, 12), st.integers(0, 200)).map(lambda eighths: eighths / 8)
results = st.lists(st.tuples(pauses, st.booleans()), max_size=80)


@given(st.integers(0, 1000), results)
def test_window_counts_what_a_list_of_all_results_has(start, results):
    """The buckets that are not ten or more before the current one."""
    window, ended, now = RollingWindow(10.0), [], float(start)
    for pause, failed in results:
        now += pause
        window.add(failed, now)
        ended.append((now, failed))
        kept = [each for each in ended if int(each[0]) > int(now) - BUCKETS]
        assert counts(window) == (len(kept), sum(failed for _, failed in kept))


@given(
    st.floats(0.01, 1000), st.floats(0, 1e7),
    st.lists(st.tuples(st.floats(0, 1.5), st.booleans()), max_size=60))
def test_window_counts_nine_tenths_for_certain_and_nothing_older_than_all(length, start, results):
    """With any lengths and times: a rounding error of the clock is all that it may be wrong."""
    window, ended, now = RollingWindow(length), [], start
    slack = 1e-9 * max(1.0, start)
    for share, failed in results:
        now += share * length
        window.add(failed, now)
        ended.append((now, failed))
        for counted, at in ((window.calls, 0), (window.failures, 1)):
            each = [time for time, failed in ended if failed or not at]
            certain = sum(time > now - 0.9 * length + slack for time in each)
            possible = sum(time >= now - length - slack for time in each)
            assert certain <= counted <= possible
