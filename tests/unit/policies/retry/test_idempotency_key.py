"""vouched_by_key(): the key of a request whose method is not allowed."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.models.prepared_request import PreparedRequest
from waterspout.policies.retry import Retry, vouched_by_key

URL = "http://a.example/"
RETRY = Retry(idempotency_header="Idempotency-Key")


def no_key():
    """In place of a function that makes keys."""
    raise AssertionError("no key is needed")


def test_a_post_gets_a_key():
    """In the field that the policy names."""
    request = PreparedRequest("POST", URL)
    assert vouched_by_key(RETRY, request, lambda: "k1") is True
    assert request.headers["Idempotency-Key"] == "k1"


def test_a_key_that_is_there_is_kept():
    """The caller's own, and that of an earlier attempt; the case of the name does not matter."""
    request = PreparedRequest("POST", URL, headers={"idempotency-key": "mine"})
    assert vouched_by_key(RETRY, request, no_key) is True
    assert request.headers.get_list("Idempotency-Key") == ["mine"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_allowed_method_needs_no_key(method):
    """It may be retried as it is."""
    request = PreparedRequest(method, URL)
    assert vouched_by_key(RETRY, request, no_key) is False
    assert "Idempotency-Key" not in request.headers


def test_no_method_needs_a_key_if_all_are_allowed():
    """The policy says so."""
    retry = Retry(allowed_methods=None, idempotency_header="Idempotency-Key")
    assert vouched_by_key(retry, PreparedRequest("POST", URL), no_key) is False


def test_a_policy_without_the_name_knows_no_keys():
    """A field of the caller's is then a field like any other."""
    request = PreparedRequest("POST", URL, headers={"Idempotency-Key": "mine"})
    assert vouched_by_key(Retry(), request, no_key) is False
