"""RetryCount.delay(): how long a call waits before a retry."""

from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.policies.retry import Retry, RetryCount
from waterspout.structures import Headers

GET = PreparedRequest("GET", "http://a.example/")
EXAMPLE = 784111777
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def response(retry_after=None, status=503):
    """A Response with a Retry-After."""
    fields = [] if retry_after is None else [("Retry-After", retry_after)]
    return Response(GET, status, "Reason", Headers(fields), b"")


def after(retries, **arguments):
    """A count that has allowed this many retries."""
    count = RetryCount(Retry(total=None, **arguments))
    for _ in range(retries):
        assert count.allows(GET, response(), None, False)
    return count


def delays(number, dice, **arguments):
    """The first delays of a call."""
    count = after(0, **arguments)
    found = []
    for _ in range(number):
        assert count.allows(GET, response(), None, False)
        found.append(count.delay(None, lambda: dice, 0.0))
    return found


def test_the_longest_delay_doubles_up_to_the_maximum():
    """From backoff_factor on, before the first retry."""
    assert delays(6, 1.0, backoff_factor=0.5, backoff_max=5) == [0.5, 1, 2, 4, 5, 5]


def test_the_delay_is_any_part_of_the_longest():
    """So that calls that failed together do not come back together."""
    assert delays(3, 0.25, backoff_factor=1) == [0.25, 0.5, 1]
    assert delays(3, 0.0, backoff_factor=1) == [0, 0, 0]


def test_a_factor_of_0_is_no_delay():
    """urllib3's default; likewise a maximum of 0."""
    assert delays(3, 0.9, backoff_factor=0) == [0, 0, 0]
    assert delays(3, 0.9, backoff_max=0) == [0, 0, 0]


@pytest.mark.parametrize("arguments", [
    {}, {"backoff_factor": 1e308}, {"backoff_factor": float("inf")},
    {"backoff_max": float("inf")},
    {"backoff_factor": float("inf"), "backoff_max": float("inf")}])
def test_many_retries_are_no_overflow(arguments):
    """Nor are large numbers; the delay is one that a timer takes."""
    count = after(5000, **arguments)
    for dice in (0.0, 0.9):
        assert 0 <= count.delay(None, lambda: dice, 0.0) <= 2.0 ** 31  # noqa: B023
    assert after(5000).delay(None, lambda: 1.0, 0.0) == 10


@pytest.mark.parametrize("value, seconds", [
    ("5", 5), ("30", 30), ("0", 0.1), (DATE, 7), ("soon", 0.1), ("-5", 0.1), ("5, 5", 0.1),
    (None, 0.1), ("", 0.1)])
def test_a_retry_after_raises_the_delay(value, seconds):
    """A shorter one, and one that is invalid, leaves it as it is."""
    count = after(1)
    assert count.delay(response(value), lambda: 1.0, EXAMPLE - 7) == seconds


def test_a_retry_after_that_is_shorter_than_the_backoff_leaves_it():
    """The later one of both."""
    assert after(7).delay(response("2"), lambda: 1.0, 0.0) == 6.4


@pytest.mark.parametrize("status", [413, 429, 500, 502, 503])
def test_the_retry_after_of_any_status_counts(status):
    """Also where it is not the reason for the retry."""
    assert after(1).delay(response("5", status), lambda: 1.0, 0.0) == 5


@pytest.mark.parametrize("value", ["31", "3600", "9" * 5000, DATE])
def test_a_retry_after_over_the_maximum_is_no_retry(value):
    """A server that says "in an hour" is not asked in 30 s."""
    assert after(1).delay(response(value), lambda: 0.5, EXAMPLE - 3600) is None


def test_the_maximum_of_a_retry_after_is_an_argument():
    """0 is not to wait for it at all; without a limit it is 68 years at most."""
    assert after(1, retry_after_max=60).delay(response("60"), lambda: 0.5, 0.0) == 60
    assert after(1, retry_after_max=0).delay(response("1"), lambda: 0.5, 0.0) is None
    assert after(1, retry_after_max=0).delay(response("0"), lambda: 0.5, 0.0) == 0.05
    endless = after(1, retry_after_max=float("inf"))
    assert endless.delay(response("9" * 5000), lambda: 0.5, 0.0) == 2.0 ** 31


def test_a_retry_after_that_is_not_respected_changes_nothing():
    """Neither the delay nor the decision."""
    count = after(1, respect_retry_after_header=False)
    for value in ("5", "3600"):
        assert count.delay(response(value), lambda: 1.0, 0.0) == 0.1


@given(st.integers(1, 200), st.floats(0, 1), st.floats(0, 100), st.floats(0, 100),
       st.none() | st.integers(0, 60))
def test_a_delay_is_within_its_limits(retries, dice, factor, most, asked):
    """For any arguments."""
    count = after(retries, backoff_factor=factor, backoff_max=most)
    found = count.delay(response(None if asked is None else str(asked)), lambda: dice, 0.0)
    if asked is not None and asked > 30:
        assert found is None
    else:
        longest = min(most, factor * 2.0 ** (retries - 1))
        assert found == max(dice * longest, asked or 0)
