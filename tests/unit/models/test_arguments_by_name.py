"""An argument of a wrong type is refused by its name."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout
from waterspout.models.prepared_request import PreparedRequest


@pytest.fixture
def session(current_loop):
    return waterspout.Session()


@pytest.mark.parametrize("given", [["a"], "secret", 5])
@pytest.mark.parametrize("keyword", ["headers", "proxies", "hooks"])
def test_a_call_names_the_argument_that_is_not_a_mapping(session, keyword, given):
    """At once, since it is a mistake in the program; the text does not show the value."""
    with pytest.raises(TypeError) as caught:
        session.get("http://127.0.0.1:1/", **{keyword: given})
    assert str(caught.value) == "%s= takes a mapping, such as a dict, not %s" % (
        keyword, type(given).__name__)


@pytest.mark.parametrize("given", [["a"], "secret", 5])
@pytest.mark.parametrize("make", [
    lambda **given: waterspout.Session(**given),
    lambda **given: waterspout.BaseSDK("host", **given)])
@pytest.mark.parametrize("keyword", ["headers", "proxies"])
def test_a_constructor_names_the_argument_that_is_not_a_mapping(make, keyword, given):
    """For a session and an SDK alike."""
    with pytest.raises(TypeError) as caught:
        make(**{keyword: given})
    assert str(caught.value).startswith("%s= takes a mapping" % keyword)


@pytest.mark.parametrize("given", [["a"], "secret", 5])
def test_the_path_arguments_of_an_sdk_are_named(current_loop, given):
    """With errors="empty" too, which is for what upstreams do."""
    sdk = waterspout.BaseSDK("127.0.0.1:1", errors="empty")
    with pytest.raises(TypeError) as caught:
        sdk.fetch_async("GET", "/{a}", path=given)
    assert str(caught.value).startswith("path= takes a mapping")


@pytest.mark.parametrize("given", [5, ["a"], [1, 2], [("a", "b", "c")]])
@pytest.mark.parametrize("keyword", ["params", "data", "files"])
def test_what_is_neither_a_mapping_nor_pairs_is_named(keyword, given):
    """A ValueError, as in requests for most of these."""
    with pytest.raises(ValueError) as caught:
        PreparedRequest("POST", "http://host/", **{keyword: given})
    assert str(caught.value).startswith(keyword + "= is ")


def test_text_cannot_be_sent_together_with_files():
    """The text says that files= is the reason: alone it is a body."""
    with pytest.raises(ValueError) as caught:
        PreparedRequest("POST", "http://host/", data="a", files={"a": "b"})
    assert str(caught.value) == (
        "data= is str, neither a mapping nor (name, value) pairs, as it has to be together with "
        "files=")


def test_headers_may_be_pairs(session):
    """They are no mapping, and were never refused."""
    with pytest.raises(ValueError) as caught:
        waterspout.Session(headers=[("a", "b")], timeout=-1)
    assert "timeout" in str(caught.value)
