"""What ``auth=`` takes, and what each kind of it sets."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.auth import (
    AuthBase,
    HTTPBasicAuth,
    HTTPBearerAuth,
    HTTPDigestAuth,
    HTTPProxyAuth,
)
from waterspout.auth.basic import as_auth
from waterspout.models.prepared_request import PreparedRequest


def headers_of(auth, url="http://a.example/"):
    return PreparedRequest("GET", url, auth=auth).headers


@pytest.mark.parametrize("auth, name, value", [
    (("me", "secret"), "Authorization", "Basic bWU6c2VjcmV0"),
    ((u"m\xe9", u"\u4e2d"), "Authorization", "Basic bcOpOuS4rQ=="),
    ((b"\xe9", b""), "Authorization", "Basic 6To="),
    (HTTPBasicAuth("me", "secret"), "Authorization", "Basic bWU6c2VjcmV0"),
    (HTTPProxyAuth("me", "secret"), "Proxy-Authorization", "Basic bWU6c2VjcmV0"),
    (HTTPBearerAuth("token"), "Authorization", "Bearer token"),
    (HTTPBearerAuth(b"token"), "Authorization", "Bearer token"),
])
def test_credentials_become_a_header(auth, name, value):
    """Text is sent as UTF-8, bytes as they are."""
    assert headers_of(auth)[name] == value


def test_auth_counts_more_than_a_user_in_the_url():
    """``()`` stands for no authentication."""
    url = "http://you:word@a.example/"
    assert headers_of(("me", "secret"), url)["Authorization"] == "Basic bWU6c2VjcmV0"
    assert "Authorization" not in headers_of((), url)


@pytest.mark.parametrize("make", [
    lambda: HTTPBasicAuth(1, "secret"), lambda: HTTPDigestAuth("me", None),
    lambda: HTTPBearerAuth(["token"]), lambda: as_auth(("me", 7))])
def test_a_credential_that_is_not_text_is_refused(make):
    """TypeError, and the message does not show it."""
    with pytest.raises(TypeError, match="must be text or bytes, not"):
        make()


@pytest.mark.parametrize("auth", ["me:secret", ("me",), ("me", "secret", "more"), 7])
def test_what_cannot_sign_a_request_is_refused(auth):
    """TypeError, without the value, which may be a secret."""
    with pytest.raises(TypeError) as caught:
        as_auth(auth)
    assert "secret" not in str(caught.value)


def test_a_callable_must_return_the_request():
    """Another request takes its place; anything else is a TypeError."""
    other = PreparedRequest("GET", "http://b.example/", headers={"X-A": "1"})
    assert headers_of(lambda request: other)["X-A"] == "1"
    with pytest.raises(TypeError, match="must return the request, not NoneType"):
        headers_of(lambda request: None)


def test_a_repr_has_no_secret():
    """It may be in a log."""
    for auth in (HTTPBasicAuth("me", "secret"), HTTPBearerAuth("secret"),
                 HTTPDigestAuth("me", "secret"), HTTPProxyAuth("me", "secret")):
        assert repr(auth) == "<%s>" % type(auth).__name__


def test_equal_credentials_are_equal():
    """As in requests."""
    assert HTTPBasicAuth("me", "secret") == HTTPBasicAuth("me", "secret")
    assert HTTPBasicAuth("me", "secret") != HTTPBasicAuth("me", "other")
    assert HTTPBasicAuth("me", "secret") != "me"


def test_the_base_class_signs_nothing():
    """A subclass has to; one that answers no challenge need not say so."""
    with pytest.raises(NotImplementedError):
        AuthBase()(None)
    assert AuthBase().respond(None, None) is None


def test_digest_of_requests_is_replaced_by_ours():
    """requests' own sends from within a hook; the same one each time keeps its nonce."""
    requests = pytest.importorskip("requests")
    theirs = requests.auth.HTTPDigestAuth("me", "secret")
    ours = as_auth(theirs)
    assert type(ours) is HTTPDigestAuth and as_auth(theirs) is ours
    theirs.password = "changed"
    assert as_auth(theirs).password == "changed"


def test_basic_of_requests_signs_as_it_is():
    """Any callable written for requests does."""
    requests = pytest.importorskip("requests")
    assert headers_of(requests.auth.HTTPBasicAuth("me", "secret"))["Authorization"] == (
        "Basic bWU6c2VjcmV0")
