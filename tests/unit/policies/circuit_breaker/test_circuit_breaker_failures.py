"""`is_failure`: which outcomes say that the upstream fails."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout import exceptions
from waterspout.policies.circuit_breaker import is_failure

FAILURES = """ConnectionError ConnectError ReadError IncompleteBody WriteError SSLError ProxyError
    Timeout ConnectTimeout ReadTimeout BodyTimeout WriteTimeout RemoteProtocolError MalformedBody
    ChunkedEncodingError""".split()

OTHERS = """RequestException PoolTimeout QueueFull BulkheadFull CircuitOpen ProtocolError
    LocalProtocolError ResponseTooLarge HTTPError TooManyRedirects ContentDecodingError
    UnrewindableBodyError BodyChanged Unsupported InvalidURL InvalidProxyURL MissingSchema
    InvalidSchema InvalidHeader InvalidJSONError JSONDecodeError RetryError URLRequired
    StreamConsumedError""".split()


class Answer(object):
    """What is asked of a response."""

    def __init__(self, status_code):
        self.status_code = status_code


@pytest.mark.parametrize("status", [500, 502, 503, 504, 507, 511, 599])
def test_a_status_from_500_on_is_a_failure(status):
    """The upstream says so itself."""
    assert is_failure(Answer(status), None) is True


@pytest.mark.parametrize("status", [200, 204, 301, 304, 400, 401, 404, 408, 429, 499, 501, 505])
def test_other_statuses_are_successes(status):
    """A 4xx is the caller's fault; with 501 and 505 the upstream does what it should."""
    assert is_failure(Answer(status), None) is False


@pytest.mark.parametrize("name", FAILURES)
def test_an_upstream_that_does_not_answer_validly_fails(name):
    """Each error of the connection, of time, and of the response's protocol."""
    assert is_failure(None, getattr(exceptions, name)("it failed")) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_error_of_our_own_says_nothing(name):
    """It would occur with a healthy upstream as well."""
    assert is_failure(None, getattr(exceptions, name)("it failed")) is None


@pytest.mark.parametrize("phase, failed", [
    ("connect", True), ("send", True), ("read", True), ("pool", None), (None, None)])
def test_a_deadline_counts_only_while_the_upstream_is_waited_for(phase, failed):
    """In our own queue, or between attempts, it says nothing."""
    error = exceptions.DeadlineExceeded("too late", phase=phase)
    assert is_failure(None, error) is failed


@pytest.mark.parametrize("error", [
    None, ValueError("a bug"), KeyboardInterrupt(), GeneratorExit(), exceptions.SessionClosed()])
def test_a_cancelled_call_and_a_bug_say_nothing(error):
    """There is neither a response nor an error of the upstream."""
    assert is_failure(None, error) is None


def test_every_request_exception_is_listed_here():
    """A new class needs a decision."""
    names = set(
        name for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, exceptions.RequestException))
    assert names == set(FAILURES) | set(OTHERS) | {"DeadlineExceeded"}
