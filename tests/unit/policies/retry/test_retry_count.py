"""RetryCount.allows() and raises(): which outcomes of an attempt are followed by a retry."""

from __future__ import absolute_import, division, print_function

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout import exceptions
from waterspout.exceptions import RequestException
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.policies.retry import Retry, RetryCount
from waterspout.structures import Headers

#: Connection failures and what came over the connection.
RETRIED = frozenset([
    "ConnectionError", "ConnectError", "ReadError", "IncompleteBody", "WriteError", "ProxyError",
    "Timeout", "ConnectTimeout", "ReadTimeout", "BodyTimeout", "WriteTimeout",
    "RemoteProtocolError", "MalformedBody", "ChunkedEncodingError"])

#: Of unknown kind: our transports raise none of them.
UNKNOWN = frozenset(["RequestException", "ProtocolError"])

ALL = dict(
    (name, each) for name, each in vars(exceptions).items()
    if inspect.isclass(each) and issubclass(each, RequestException))

GET = PreparedRequest("GET", "http://a.example/")
POST = PreparedRequest("POST", "http://a.example/")


def response(status, retry_after=None):
    """A Response to a GET."""
    fields = [] if retry_after is None else [("Retry-After", retry_after)]
    return Response(GET, status, "Reason", Headers(fields), b"")


def allows(outcome, request=GET, vouched=False, **arguments):
    """Whether a new count allows a retry after ``outcome``."""
    return ask(RetryCount(Retry(**arguments)), outcome, request, vouched)


def ask(count, outcome, request=GET, vouched=False):
    """``count.allows`` for a status, a Response or an error."""
    if isinstance(outcome, int):
        outcome = response(outcome)
    if isinstance(outcome, Response):
        return count.allows(request, outcome, None, vouched)
    return count.allows(request, None, outcome, vouched)


@pytest.mark.parametrize("name", sorted(RETRIED))
def test_a_failure_before_the_request_was_sent_is_retried_with_any_method(name):
    """It is of kind "connect", whatever its class."""
    error = ALL[name]("x", may_have_been_sent=False)
    for request in (GET, POST):
        assert allows(error, request, read=0)
        assert not allows(error, request, connect=0)


@pytest.mark.parametrize("name", sorted(RETRIED))
def test_a_failure_after_it_may_have_been_sent_is_retried_with_an_allowed_method(name):
    """Or if the caller vouches for the request. It is of kind "read", a ConnectError too."""
    error = ALL[name]("x")
    assert allows(error, connect=0)
    assert not allows(error, read=0)
    assert not allows(error, POST)
    assert allows(error, POST, vouched=True)
    assert not allows(error, POST, vouched=True, read=0)
    assert allows(error, POST, allowed_methods=None)
    assert allows(error, POST, allowed_methods=["POST"])
    assert not allows(error, GET, allowed_methods=["POST"])


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_a_failure_of_unknown_kind_counts_as_other(name):
    """With an allowed method only, unless nothing was sent."""
    error = ALL[name]("x")
    assert allows(error, connect=0, read=0)
    assert not allows(error, other=0)
    assert not allows(error, POST)
    assert allows(error, POST, vouched=True)
    assert allows(ALL[name]("x", may_have_been_sent=False), POST)


@pytest.mark.parametrize("name", sorted(set(ALL) - RETRIED - UNKNOWN))
def test_all_other_errors_are_never_retried(name):
    """Whatever is allowed: another attempt would end in the same way, or make matters worse."""
    for sent in (True, False):
        error = ALL[name]("x")
        error.may_have_been_sent = sent
        assert not allows(error, vouched=True, allowed_methods=None, total=None)


@pytest.mark.parametrize("name", [
    "DeadlineExceeded", "PoolTimeout", "QueueFull", "BulkheadFull", "CircuitOpen", "SSLError",
    "LocalProtocolError", "InvalidURL", "InvalidProxyURL", "MissingSchema", "InvalidSchema",
    "InvalidHeader", "InvalidJSONError", "JSONDecodeError", "Unsupported", "UnrewindableBodyError",
    "BodyChanged", "ContentDecodingError", "ResponseTooLarge", "TooManyRedirects", "HTTPError",
    "RetryError", "StreamConsumedError"])
def test_these_errors_are_among_those_never_retried(name):
    """Those of the documentation, so that the lists above cannot swallow one."""
    assert name in set(ALL) - RETRIED - UNKNOWN


@pytest.mark.parametrize("error", [
    ValueError("x"), IOError("x"), KeyboardInterrupt(), exceptions.SessionClosed("x"),
    exceptions.StreamClosed("x")])
def test_what_is_no_request_exception_is_never_retried(error):
    """A bug of the caller, or a wish to end."""
    assert not allows(error, vouched=True, allowed_methods=None)


def test_an_error_of_a_subclass_is_retried_like_its_class():
    """A transport of a user may have its own; one without a known class has no known meaning."""
    class Reset(exceptions.ReadError):
        pass

    class Refused(RequestException):
        pass

    assert allows(Reset("x"))
    assert not allows(Refused("x"), vouched=True)


def test_an_error_that_was_made_without_our_constructor_may_have_been_sent():
    """Unknown is the careful answer."""
    class Bare(exceptions.ReadError):
        def __init__(self):
            IOError.__init__(self, "x")

    assert allows(Bare())
    assert not allows(Bare(), POST)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_status_of_the_list_is_retried_with_an_allowed_method(status):
    """With or without a Retry-After."""
    assert allows(status)
    assert allows(response(status, "1"))
    assert allows(response(status, "soon"))
    assert not allows(status, POST)
    assert allows(status, POST, vouched=True)
    assert allows(status, POST, allowed_methods=None)
    assert not allows(status, status=0)
    assert allows(status, connect=0, read=0, other=0)


@pytest.mark.parametrize("status", [200, 204, 301, 304, 400, 401, 404, 408, 413, 425, 429, 500,
                                    501, 505])
def test_another_status_is_the_result(status):
    """Also with the statuses that need a Retry-After."""
    assert not allows(status, vouched=True)


@pytest.mark.parametrize("status", [413, 429, 503])
def test_a_retry_after_invites_a_retry(status):
    """Of three statuses, as in urllib3, with an allowed method."""
    arguments = {"status_forcelist": ()}
    for value in ("0", "5", "86400", "Sun, 06 Nov 1994 08:49:37 GMT"):
        invitation = response(status, value)
        assert allows(invitation, **arguments)
        assert not allows(invitation, POST, **arguments)
        assert allows(invitation, POST, vouched=True, **arguments)
        assert not allows(invitation, status=0, **arguments)
        assert not allows(invitation, respect_retry_after_header=False, **arguments)


@pytest.mark.parametrize("status", [413, 429, 503])
@pytest.mark.parametrize("value", [None, "", "-1", "soon", "1.5", "5, 5"])
def test_an_invalid_retry_after_is_no_invitation(status, value):
    """It is as if it were not there."""
    assert not allows(response(status, value), status_forcelist=())


@pytest.mark.parametrize("status", [200, 202, 301, 404, 500])
def test_a_retry_after_of_another_status_is_no_invitation(status):
    """A 301 or 202 may have one, with another meaning."""
    assert not allows(response(status, "1"))


def test_any_status_can_be_in_the_list():
    """Even one of success."""
    assert allows(202, status_forcelist=[202])
    assert allows(429, status_forcelist=[429])


@pytest.mark.parametrize("total", [0, 1, 5])
def test_the_total_is_the_number_of_retries(total):
    """Not that of attempts."""
    count = RetryCount(Retry(total=total))
    assert [ask(count, 503) for _ in range(total + 2)] == [True] * total + [False] * 2
    assert count.retries == total


def test_a_total_of_none_is_limited_by_the_kind():
    """As in urllib3."""
    count = RetryCount(Retry(total=None, status=3))
    assert [ask(count, 503) for _ in range(5)] == [True] * 3 + [False] * 2
    assert all(ask(count, exceptions.ReadError("x")) for _ in range(1000))


def test_the_kinds_are_counted_apart_and_together():
    """A refused retry counts nowhere."""
    count = RetryCount(Retry(total=4, connect=1, read=2, status=None))
    refused, reset = exceptions.ConnectError("x", may_have_been_sent=False), exceptions.ReadError()
    assert ask(count, refused)
    assert not ask(count, refused)
    assert ask(count, reset)
    assert ask(count, reset)
    assert not ask(count, reset)
    assert ask(count, 503)
    assert not ask(count, 503)
    assert count.retries == 4


def test_counts_of_one_policy_are_independent():
    """The policy is one object for all calls."""
    retry = Retry(total=1)
    assert ask(RetryCount(retry), 503)
    assert ask(RetryCount(retry), 503)


@pytest.mark.parametrize("error, retried", [
    (exceptions.ReadTimeout("x", may_have_been_sent=True), False),
    (exceptions.BodyTimeout("x", may_have_been_sent=True), False),
    (exceptions.WriteTimeout("x", may_have_been_sent=True), False),
    (exceptions.ReadError("x", may_have_been_sent=True), True),
    (exceptions.ConnectTimeout("x", may_have_been_sent=False), True),
])
def test_without_timeouts_a_server_that_may_be_at_work_is_not_asked_again(error, retried):
    """What broke is sent again, and what was never sent."""
    assert allows(error, timeouts=False) is retried
    assert allows(error, POST, vouched=True, timeouts=False) is retried
    assert allows(error) is True


def test_raise_on_status_is_for_statuses_of_the_list():
    """Not for one that only its Retry-After makes a retry, as in urllib3."""
    count = RetryCount(Retry(raise_on_status=True))
    assert count.raises(GET, response(503), False)
    assert not count.raises(GET, response(429, "1"), False)
    assert not count.raises(GET, response(200), False)
    assert not count.raises(POST, response(503), False)
    assert count.raises(POST, response(503), True)
    assert not RetryCount(Retry()).raises(GET, response(503), True)


OUTCOMES = {
    "connect": exceptions.ConnectError("x", may_have_been_sent=False),
    "read": exceptions.ReadTimeout("x"),
    "other": RequestException("x"),
    "status": 503,
    None: 200,
}
LIMITS = st.none() | st.integers(0, 4)


@given(LIMITS, LIMITS, LIMITS, LIMITS, LIMITS,
       st.lists(st.sampled_from(sorted(OUTCOMES, key=str)), max_size=15))
def test_the_limits_agree_with_a_plain_model(total, connect, read, status, other, kinds):
    """Which keeps a list of what was retried."""
    limits = {"connect": connect, "read": read, "status": status, "other": other}
    count = RetryCount(Retry(total=total, **limits))
    retried = []
    for kind in kinds:
        expected = kind is not None and (
            total is None or len(retried) < total) and (
            limits[kind] is None or retried.count(kind) < limits[kind])
        assert ask(count, OUTCOMES[kind]) is expected
        if expected:
            retried.append(kind)
        assert count.retries == len(retried)
