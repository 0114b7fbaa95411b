"""Retry.of() with real objects of urllib3 and requests, and with those of other versions."""

from __future__ import absolute_import, division, print_function

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.exceptions import ConnectTimeout, ReadTimeout
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.policies.retry import IDEMPOTENT, Retry, RetryBudget, RetryCount
from waterspout.structures import Headers

urllib3 = pytest.importorskip("urllib3")
HTTPAdapter = pytest.importorskip("requests.adapters").HTTPAdapter

Theirs = urllib3.Retry
IS_1 = urllib3.__version__.startswith("1.")


@pytest.fixture(autouse=True, scope="module")
def no_warnings():
    """Reading an object must not use what its library deprecates."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


class OldRetry(object):
    """Has the attributes of urllib3's Retry before 1.26: no ``other``, no ``allowed_methods``."""

    BACKOFF_MAX = 120

    def __init__(self, total=10, method_whitelist=IDEMPOTENT, status_forcelist=()):
        self.total = total
        self.connect = self.read = self.redirect = self.status = None
        self.method_whitelist = method_whitelist
        self.status_forcelist = status_forcelist
        self.backoff_factor = 0
        self.raise_on_redirect = self.raise_on_status = self.respect_retry_after_header = True
        self.history = ()


def test_a_retry_of_urllib3_keeps_its_defaults():
    """Not ours: no status, no backoff, and an error in place of the last response."""
    assert Retry.of(Theirs(3)) == Retry(
        total=3, status_forcelist=(), backoff_factor=0, backoff_max=120, raise_on_status=True)


def test_each_argument_of_urllib3_is_read():
    """The budget, which urllib3 has not, is ours."""
    theirs = Theirs(total=7, connect=6, read=5, status=4, other=3, allowed_methods=["POST"],
                    status_forcelist={500, 503}, backoff_factor=0.5,
                    respect_retry_after_header=False, raise_on_status=False)
    assert Retry.of(theirs) == Retry(
        total=7, connect=6, read=5, status=4, other=3, allowed_methods=["POST"],
        status_forcelist=[500, 503], backoff_factor=0.5, backoff_max=120,
        respect_retry_after_header=False, raise_on_status=False)
    assert Retry.of(theirs).budget == RetryBudget()
    assert theirs.total == 7


@pytest.mark.parametrize("name", ["connect", "read", "status", "other"])
def test_false_as_a_limit_is_no_retry(name):
    """In urllib3 it is to raise the error itself, which we do in any case."""
    assert getattr(Retry.of(Theirs(3, **{name: False})), name) == 0
    assert getattr(Retry.of(Theirs(3, **{name: 0})), name) == 0
    assert getattr(Retry.of(Theirs(3, **{name: None})), name) is None


def test_a_total_of_none_leaves_it_to_the_other_limits():
    """As urllib3 documents it."""
    retry = Retry.of(Theirs(None, connect=2))
    assert (retry.total, retry.connect) == (None, 2)


@pytest.mark.parametrize("total", [0, False, -1])
def test_a_total_of_0_is_no_retries(total):
    """Nothing is left to be done for such a call."""
    assert Retry.of(Theirs(total)) is None
    assert Retry.of(Theirs(total, raise_on_status=False, status_forcelist=[503])) is None


def test_a_total_of_0_still_raises_for_a_status():
    """As urllib3 does, which then has too many 503 responses at the first one."""
    retry = Retry.of(Theirs(0, status_forcelist=[503]))
    assert (retry.total, retry.raise_on_status) == (0, True)


def test_a_total_of_true_is_one():
    """urllib3 counts down from it."""
    assert Retry.of(Theirs(True)).total == 1


@pytest.mark.parametrize("methods", [None, False])
def test_any_method_of_urllib3_is_any_method(methods):
    """It documents both."""
    assert Retry.of(Theirs(3, allowed_methods=methods)).allowed_methods is None


def test_no_methods_of_urllib3_are_any_method():
    """As it takes them until 3.0."""
    theirs = Theirs(3)
    theirs.allowed_methods = frozenset()
    assert Retry.of(theirs).allowed_methods is None


@pytest.mark.skipif(not IS_1, reason="gone in urllib3 2")
def test_the_method_whitelist_of_1_26_is_read():
    """As an argument, and as an attribute that a subclass sets, which wins there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Theirs(3, method_whitelist=["POST"])
    assert Retry.of(theirs).allowed_methods == frozenset(["POST"])
    theirs.method_whitelist = ["PATCH"]
    assert Retry.of(theirs).allowed_methods == frozenset(["PATCH"])


def test_a_retry_before_1_26_is_read():
    """By the attributes it had then."""
    retry = Retry.of(OldRetry(3, frozenset(["POST"]), [503]))
    assert retry == Retry(total=3, allowed_methods=["POST"], status_forcelist=[503],
                          backoff_factor=0, backoff_max=120, raise_on_status=True)
    assert Retry.of(OldRetry(method_whitelist=False)).allowed_methods is None


def test_the_longest_backoff_is_read():
    """An argument in 2, an attribute of the class before."""
    class OlderRetry(OldRetry):
        BACKOFF_MAX = 7

    assert Retry.of(OlderRetry()).backoff_max == 7
    if IS_1:
        class ShortRetry(Theirs):
            DEFAULT_BACKOFF_MAX = 7

        assert Retry.of(ShortRetry(3)).backoff_max == 7
    else:
        assert Retry.of(Theirs(3, backoff_max=7)).backoff_max == 7


def test_the_longest_retry_after_is_read_where_it_was_given():
    """The six hours that urllib3 has by default are no wish of its user."""
    assert Retry.of(Theirs(3)).retry_after_max == 30
    if hasattr(Theirs, "DEFAULT_RETRY_AFTER_MAX"):
        assert Retry.of(Theirs(3, retry_after_max=60)).retry_after_max == 60


def test_a_used_retry_has_what_is_left():
    """urllib3 makes a new object for each attempt."""
    theirs = Theirs(3).increment("GET", "/", error=urllib3.exceptions.ProtocolError("x"))
    assert Retry.of(theirs).total == 2


def test_a_subclass_of_urllib3s_is_read():
    """By its attributes; its methods are not called."""
    class LoggingRetry(Theirs):
        def increment(self, *args, **kwargs):
            raise AssertionError("called")

    assert Retry.of(LoggingRetry(4)).total == 4


def test_requests_default_adapter_never_retries():
    """Its Retry is Retry(0, read=False)."""
    assert Retry.of(HTTPAdapter()) is None


def test_the_max_retries_of_an_adapter_are_read():
    """A number, as requests turns it into a Retry, or a Retry."""
    assert Retry.of(HTTPAdapter(max_retries=3)) == Retry.of(Theirs(3))
    theirs = Theirs(5, status_forcelist=[503], backoff_factor=1)
    assert Retry.of(HTTPAdapter(max_retries=theirs)) == Retry.of(theirs)
    adapter = HTTPAdapter()
    adapter.max_retries = 3
    assert Retry.of(adapter) == Retry(total=3)


@pytest.mark.parametrize("value", [Theirs, HTTPAdapter])
def test_a_class_in_place_of_an_object_is_refused(value):
    """A missing pair of parentheses."""
    with pytest.raises(TypeError, match="retry="):
        Retry.of(value)


def test_an_unusable_argument_of_urllib3_is_named():
    """A text of methods, of which urllib3 would search parts."""
    theirs = Theirs(3)
    theirs.allowed_methods = "GET"
    with pytest.raises(TypeError, match="allowed_methods='GET'"):
        Retry.of(theirs)


class TheirCount(object):
    """What urllib3's urlopen does with a Retry, without the requests and the waiting."""

    def __init__(self, retry):
        self.retry = retry

    def allows(self, method, status, retry_after, error):
        """Whether urllib3 would go on after this outcome."""
        answer = None
        if error is None:
            if not self.retry.is_retry(method, status, retry_after is not None):
                return False
            answer = urllib3.HTTPResponse(b"", status=status)
        try:
            self.retry = self.retry.increment(method, "/", response=answer, error=error)
        except (urllib3.exceptions.HTTPError, IOError):
            return False
        return True


#: Ours and theirs.
ERRORS = {
    "connect": (ConnectTimeout("x", may_have_been_sent=False),
                urllib3.exceptions.ConnectTimeoutError("x")),
    "read": (ReadTimeout("x"), urllib3.exceptions.ReadTimeoutError(None, "/", "x")),
}
LIMITS = st.none() | st.just(False) | st.integers(0, 3)
OUTCOMES = st.sampled_from(sorted(ERRORS)) | st.tuples(
    st.sampled_from([200, 413, 429, 500, 503]), st.sampled_from([None, "0", "5"]))


@given(st.integers(1, 4), LIMITS, LIMITS, LIMITS, st.sampled_from([(), (503,), (500, 503)]),
       st.sampled_from([None, ("POST",), tuple(IDEMPOTENT)]), st.booleans(),
       st.sampled_from(["GET", "POST"]), st.lists(OUTCOMES, max_size=8))
def test_the_same_outcomes_are_retried_as_in_urllib3(
        total, connect, read, status, statuses, methods, respects, method, outcomes):
    """For the failures that both know, until one of them gives up."""
    theirs = Theirs(total, connect=connect, read=read, status=status, status_forcelist=statuses,
                    allowed_methods=methods, respect_retry_after_header=respects)
    ours = RetryCount(Retry.of(theirs))
    theirs = TheirCount(theirs)
    request = PreparedRequest(method, "http://a.example/")
    for outcome in outcomes:
        if outcome in ERRORS:
            error, their_error = ERRORS[outcome]
            expected = theirs.allows(method, None, None, their_error)
            found = ours.allows(request, None, error, False)
        else:
            code, retry_after = outcome
            headers = Headers([("Retry-After", retry_after)] if retry_after else [])
            answer = Response(request, code, "Reason", headers, b"")
            expected = theirs.allows(method, code, retry_after, None)
            found = ours.allows(request, answer, None, False)
        assert found is expected
        if not expected:
            break


@given(LIMITS, st.booleans(), st.sampled_from([(), (503,)]), st.sampled_from(["GET", "POST"]),
       st.sampled_from([200, 503]))
def test_the_same_last_responses_are_errors_as_in_urllib3(
        total, raises, statuses, method, code):
    """Where the list of statuses is the reason for the retry."""
    theirs = Theirs(total, status=2, status_forcelist=statuses, raise_on_status=raises)
    retry = Retry.of(theirs)
    their_count = TheirCount(theirs)
    while their_count.allows(method, code, None, None):
        pass
    expected = bool(raises and their_count.retry.is_retry(method, code))
    request = PreparedRequest(method, "http://a.example/")
    answer = Response(request, code, "Reason", Headers(), b"")
    if retry is None:
        assert not expected
    else:
        assert RetryCount(retry).raises(request, answer, False) is expected
