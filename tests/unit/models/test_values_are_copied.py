"""What users hold can be pickled, for another process or a cache, and copied."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest

import waterspout
from waterspout.models.traces import Trace
from waterspout.structures import Headers

VALUES = {
    "Headers": lambda: Headers([("Set-Cookie", "a=b"), ("set-cookie", "c=d"), ("X-A", "")]),
    "checked headers": lambda: waterspout.PreparedRequest(
        "GET", "http://h/", headers={"X-A": "b"}).headers,
    "ClientTimeout": lambda: waterspout.ClientTimeout(1, 2.5, None, 10),
    "ClientTimeout without a pool's": lambda: waterspout.ClientTimeout(1, 2.5),
}

WAYS = dict(("pickle protocol %d" % protocol, lambda value, protocol=protocol: pickle.loads(
    pickle.dumps(value, protocol))) for protocol in range(pickle.HIGHEST_PROTOCOL + 1))
WAYS.update({"copy.copy": copy.copy, "copy.deepcopy": copy.deepcopy})


@pytest.fixture(params=sorted(WAYS))
def twin_of(request):
    return WAYS[request.param]


@pytest.mark.parametrize("name", sorted(VALUES))
def test_a_copied_value_equals_the_original(twin_of, name):
    """In every way that Python has."""
    value = VALUES[name]()
    twin = twin_of(value)
    assert twin == value and type(twin) is type(value) and repr(twin) == repr(value)


def test_a_copy_of_headers_is_independent(twin_of):
    """With every field, and not changed with the first."""
    value = VALUES["Headers"]()
    twin = twin_of(value)
    value["X-A"] = "changed"
    assert twin.get_all() == [("Set-Cookie", "a=b"), ("set-cookie", "c=d"), ("X-A", "")]


def test_a_copy_of_a_trace_says_the_same(twin_of):
    """Also of a call that saw only some of the phases."""
    value = Trace((0.0, 1.0, None, 3.0, None, 4.0, 5.0, 6.0), 1, False)
    twin = twin_of(value)
    assert repr(twin) == repr(value) and twin.total == 6.0


def test_a_prepared_request_is_copied_as_it_is_sent(twin_of):
    """Method, URL, header fields and body."""
    value = waterspout.PreparedRequest("POST", "http://h/a?b", json={"a": 1}, headers={"X-A": "b"})
    twin = twin_of(value)
    assert (twin.method, twin.url, twin.body) == ("POST", "http://h/a?b", b'{"a": 1}')
    assert twin.headers == value.headers


def test_a_request_is_copied(twin_of):
    """The arguments of a call."""
    twin = twin_of(waterspout.Request("POST", "http://h/", json={"a": 1}, headers={"X-A": "b"}))
    assert (twin.method, twin.json, twin.prepare().headers["X-A"]) == ("POST", {"a": 1}, "b")
