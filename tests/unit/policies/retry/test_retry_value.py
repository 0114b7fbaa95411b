"""Retry, the value: its arguments, what it refuses, and what ``retry=`` takes."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest

from waterspout.policies.retry import IDEMPOTENT, Retry, RetryBudget

NAN = float("nan")


def test_a_retry_has_the_documented_defaults():
    """Two retries of idempotent methods, after 502, 503 and 504."""
    retry = Retry()
    assert retry.total == 2
    assert (retry.connect, retry.read, retry.status, retry.other) == (None,) * 4
    assert retry.allowed_methods == IDEMPOTENT
    assert retry.status_forcelist == frozenset([502, 503, 504])
    assert (retry.backoff_factor, retry.backoff_max, retry.retry_after_max) == (0.1, 10.0, 30.0)
    assert retry.respect_retry_after_header is True
    assert retry.raise_on_status is False
    assert retry.budget == RetryBudget()
    assert retry.idempotency_header is None


def test_the_idempotent_methods_are_urllib3s():
    """The names are its users' first expectation."""
    urllib3_retry = pytest.importorskip("urllib3.util.retry").Retry
    assert IDEMPOTENT == urllib3_retry.DEFAULT_ALLOWED_METHODS


def test_a_retry_is_a_value():
    """Compared, hashed, pickled and copied by its arguments."""
    retry = Retry(total=3, allowed_methods=["GET"], budget=RetryBudget(0.2))
    same = Retry(total=3, allowed_methods=("get",), budget=RetryBudget(0.2))
    assert retry == same
    assert not retry != same
    assert hash(retry) == hash(same)
    assert retry != Retry(total=3)
    assert retry != 3
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(retry, protocol)) == retry
    assert copy.copy(retry) == copy.deepcopy(retry) == retry


def test_a_retry_is_immutable():
    """One object serves many calls."""
    retry = Retry()
    with pytest.raises(AttributeError, match="a Retry is immutable"):
        retry.total = 5
    with pytest.raises(AttributeError):
        del retry.total
    with pytest.raises(AttributeError):
        retry.redirect = 5


def test_the_repr_of_a_retry_makes_it_again():
    """Sets are shown in order, so that two processes show the same."""
    retry = Retry(allowed_methods=["PUT", "GET"], idempotency_header="Idempotency-Key")
    assert "allowed_methods=['GET', 'PUT'], status_forcelist=[502, 503, 504]" in repr(retry)
    assert eval(repr(retry)) == retry
    assert eval(repr(Retry(allowed_methods=None, budget=None))) == Retry(
        allowed_methods=None, budget=None)


@pytest.mark.parametrize("name", ["total", "connect", "read", "status", "other"])
def test_a_limit_is_none_or_a_number_from_0_on(name):
    """A bool is no number of retries."""
    assert getattr(Retry(**{name: None}), name) is None
    assert getattr(Retry(**{name: 0}), name) == 0
    for value, error in [(-1, ValueError), (True, TypeError), (False, TypeError),
                         (1.0, TypeError), (NAN, TypeError), ("1", TypeError)]:
        with pytest.raises(error, match=name + "="):
            Retry(**{name: value})


@pytest.mark.parametrize("name", ["backoff_factor", "backoff_max", "retry_after_max"])
def test_seconds_are_numbers_from_0_on(name):
    """NaN, which is neither more nor less than 0, is refused."""
    found = getattr(Retry(**{name: 0}), name)
    assert found == 0
    assert type(found) is float
    for value, error in [(-0.1, ValueError), (NAN, ValueError), (True, TypeError),
                         (None, TypeError), ("1", TypeError)]:
        with pytest.raises(error, match=name + "="):
            Retry(**{name: value})


@pytest.mark.parametrize("name", ["respect_retry_after_header", "raise_on_status", "timeouts"])
def test_a_switch_is_true_or_false(name):
    """A number in its place is a mistake in the order of arguments."""
    for value in (0, 1, None, "yes"):
        with pytest.raises(TypeError, match=name + "=.*give True or False"):
            Retry(**{name: value})


def test_methods_are_a_collection_of_any_kind():
    """Native str in upper case, whatever was given."""
    for value in (["get", "Post"], (u"GET", u"POST"), frozenset([b"GET", b"POST"]),
                  iter(["GET", "POST"])):
        methods = Retry(allowed_methods=value).allowed_methods
        assert methods == frozenset(["GET", "POST"])
        assert set(type(method) for method in methods) == {str}


@pytest.mark.parametrize("value", [None, False])
def test_any_method_is_none_or_false(value):
    """urllib3 documents both."""
    retry = Retry(allowed_methods=value)
    assert retry.allowed_methods is None
    assert retry.allows_method("POST")


@pytest.mark.parametrize("value, error", [
    ("GET", TypeError), (b"GET", TypeError), (u"GET", TypeError), (True, TypeError),
    (5, TypeError), ([], ValueError), (frozenset(), ValueError), (["G T"], ValueError),
    (["GET", ""], ValueError), ([None], ValueError), ([5], ValueError)])
def test_methods_that_are_none_are_refused(value, error):
    """A text is a collection of letters; an empty one means any method in urllib3, for now."""
    with pytest.raises(error, match="allowed_methods=.*or None for any"):
        Retry(allowed_methods=value)


@pytest.mark.parametrize("method, is_allowed", [
    ("GET", True), ("get", True), ("DELETE", True), ("POST", False), ("PATCH", False),
    ("CONNECT", False)])
def test_the_default_allows_idempotent_methods(method, is_allowed):
    """In any case of letters."""
    assert Retry().allows_method(method) is is_allowed


def test_statuses_are_a_collection_of_any_kind():
    """None, urllib3's default, is none."""
    assert Retry(status_forcelist=range(500, 503)).status_forcelist == {500, 501, 502}
    assert Retry(status_forcelist={429}).status_forcelist == {429}
    assert Retry(status_forcelist=()).status_forcelist == frozenset()
    assert Retry(status_forcelist=None).status_forcelist == frozenset()


@pytest.mark.parametrize("value, error", [
    (503, TypeError), ("503", TypeError), (b"503", TypeError), (bytearray(b"503"), TypeError),
    (["503"], TypeError), ([503.0], TypeError), ([True], TypeError), (True, TypeError),
    ([99], ValueError), ([1000], ValueError), ([-1], ValueError)])
def test_what_is_no_collection_of_statuses_is_refused(value, error):
    """The text says what is accepted."""
    with pytest.raises(error, match="status_forcelist=.*give a list of statuses such as 503"):
        Retry(status_forcelist=value)


def test_a_budget_is_a_retry_budget_or_none():
    """A number in its place could be either of its arguments."""
    assert Retry(budget=None).budget is None
    for value in (0.1, 10, True, RetryBudget):
        with pytest.raises(TypeError, match="budget=.*RetryBudget or None"):
            Retry(budget=value)


def test_the_idempotency_header_is_the_name_of_a_field():
    """Native str, whatever was given."""
    for value in (u"Idempotency-Key", b"Idempotency-Key"):
        found = Retry(idempotency_header=value).idempotency_header
        assert found == "Idempotency-Key"
        assert type(found) is str
    for value, error in [("", ValueError), ("a b", ValueError), ("a\r\nb", ValueError),
                         ("key:", ValueError), (True, TypeError), (5, TypeError)]:
        with pytest.raises(error, match="idempotency_header="):
            Retry(idempotency_header=value)


def test_names_of_urllib3_that_are_not_here_are_refused():
    """Redirects are no retries: ``max_redirects`` limits them."""
    for name in ("redirect", "raise_on_redirect", "method_whitelist", "history"):
        with pytest.raises(TypeError):
            Retry(**{name: None})


@pytest.mark.parametrize("value", [None, False, 0])
def test_no_retries_are_none_false_or_0(value):
    """The flow then has nothing to do."""
    assert Retry.of(value) is None


@pytest.mark.parametrize("total", [1, 2, 15, 16, 100])
def test_a_number_is_the_total(total):
    """All else has its default."""
    assert Retry.of(total) == Retry(total=total)
    assert Retry.of(total) == Retry.of(total)


def test_small_numbers_make_no_new_objects():
    """Each call may be given the number."""
    assert Retry.of(3) is Retry.of(3)


def test_a_subclass_makes_its_own_objects():
    """Of small numbers as well."""
    class OurRetry(Retry):
        __slots__ = ()

    assert type(Retry.of(3)) is Retry
    assert type(OurRetry.of(3)) is OurRetry


def test_a_retry_is_itself():
    """Also one without retries: it may raise for a status."""
    retry = Retry(total=0)
    assert Retry.of(retry) is retry


@pytest.mark.parametrize("value, error", [
    (True, TypeError), (-1, ValueError), (1.0, TypeError), (NAN, TypeError), ("3", TypeError),
    ((1, 2), TypeError), ([], TypeError), (Retry, TypeError), (RetryBudget(), TypeError),
    (object(), TypeError)])
def test_what_is_no_retry_is_refused(value, error):
    """The text says what ``retry=`` takes."""
    with pytest.raises(error, match="retry=.*give"):
        Retry.of(value)


def test_true_is_refused_with_a_hint():
    """In urllib3 it is one retry, which few callers expect."""
    with pytest.raises(TypeError, match="retry=True: give the number of retries"):
        Retry.of(True)
