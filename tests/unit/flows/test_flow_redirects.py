"""Redirects, one request after the other: RFC 9110 section 15.4 by requests' rules."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from stepped_flow import SteppedCall, response_to

from waterspout._routes.route import Route
from waterspout.cookies import RequestsCookieJar
from waterspout.exceptions import (
    InvalidSchema,
    InvalidURL,
    SSLError,
    TooManyRedirects,
    UnrewindableBodyError,
)

#: Of (method, status): the method of the request that follows.
METHODS = {
    ("GET", 301): "GET", ("GET", 302): "GET", ("GET", 303): "GET", ("GET", 307): "GET",
    ("HEAD", 301): "HEAD", ("HEAD", 302): "HEAD", ("HEAD", 303): "HEAD", ("HEAD", 308): "HEAD",
    ("POST", 301): "GET", ("POST", 302): "GET", ("POST", 303): "GET",
    ("POST", 307): "POST", ("POST", 308): "POST",
    ("PUT", 301): "PUT", ("PUT", 302): "GET", ("PUT", 303): "GET", ("PUT", 307): "PUT",
    ("DELETE", 301): "DELETE", ("DELETE", 302): "GET", ("DELETE", 308): "DELETE",
}


@pytest.mark.parametrize("method, status", sorted(METHODS))
def test_status_and_method_decide_the_next_method(method, status):
    """303 means GET, 307 and 308 keep the method, 301 and 302 do as browsers do."""
    call = SteppedCall(method, "http://a.example/")
    assert call.answer(status, Location="/other").method == METHODS[method, status]


@pytest.mark.parametrize("status", [307, 308])
def test_307_and_308_send_the_body_again(status):
    """With the fields that describe it."""
    call = SteppedCall("POST", "http://a.example/", json={"a": 1})
    following = call.answer(status, Location="/other")
    assert (following.method, following.body) == ("POST", b'{"a": 1}')
    assert following.headers["Content-Type"] == "application/json"
    assert following.headers["Content-Length"] == "8"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_request_that_becomes_a_get_has_no_body_and_no_field_about_one(status):
    """Content-Type and Expect go as well as the two that say how long the body is."""
    call = SteppedCall("POST", "http://a.example/", data=b"body",
                       headers={"Content-Type": "text/plain", "Expect": "100-continue"})
    following = call.answer(status, Location="/other")
    assert (following.method, following.body) == ("GET", None)
    for name in ("Content-Type", "Content-Length", "Transfer-Encoding", "Expect"):
        assert name not in following.headers


def test_a_put_that_loses_its_body_says_that_it_is_empty():
    """RFC 9110 section 8.6: a method that anticipates content sends a Content-Length of 0."""
    following = SteppedCall("PUT", "http://a.example/", data=b"body").answer(301, Location="/b")
    assert (following.method, following.body) == ("PUT", None)
    assert following.headers["Content-Length"] == "0"


def test_a_file_is_rewound_to_where_it_began():
    """The caller had read a part of it before."""
    source = io.BytesIO(b"skipped|sent")
    source.seek(8)
    call = SteppedCall("POST", "http://a.example/", data=source)
    assert b"".join(call.request.body.pieces()) == b"sent"
    following = call.answer(307, Location="/other")
    assert following.headers["Content-Length"] == "4"
    assert b"".join(following.body.pieces()) == b"sent"


def test_a_body_that_cannot_be_rewound_fails_the_call():
    """The error has the request and the redirect, and the redirect is closed."""
    call = SteppedCall("POST", "http://a.example/", data=iter([b"body"]))
    with pytest.raises(UnrewindableBodyError) as caught:
        call.answer(307, Location="/other")
    assert (caught.value.request, caught.value.response) == (call.sent[0], call.answers[0])
    assert caught.value.phase == "read" and call.open_answers == []


def test_a_body_that_cannot_be_rewound_may_become_a_get():
    """Since a GET does not need it again."""
    call = SteppedCall("POST", "http://a.example/", data=iter([b"body"]))
    following = call.answer(303, Location="/other")
    assert (following.method, following.body) == ("GET", None)
    assert "Transfer-Encoding" not in following.headers


@pytest.mark.parametrize("location, url", [
    ("/other?x", "http://a.example/other?x"),
    ("other", "http://a.example/one/other"),
    ("//b.example/", "http://b.example/"),
    ("https://a.example:8443/", "https://a.example:8443/"),
    ("http://a.example/sp ace", "http://a.example/sp%20ace"),
    (u"/caf\xe9".encode("utf-8").decode("latin-1"), "http://a.example/caf%C3%A9"),
    (u"/caf\xe9", "http://a.example/caf%C3%A9"),
])
def test_a_location_is_joined_to_the_url_of_its_request(location, url):
    """RFC 9110 section 10.2.2; bytes beyond ASCII are UTF-8, or else Latin-1."""
    call = SteppedCall("GET", "http://a.example/one/two?q")
    assert call.answer(302, Location=location).url == url


@pytest.mark.parametrize("location, url", [
    ("/other", "http://a.example/other#part"),
    ("/other#own", "http://a.example/other#own"),
    ("http://b.example/", "http://b.example/#part"),
])
def test_a_fragment_is_inherited_unless_the_location_has_one(location, url):
    """RFC 9110 section 10.2.2."""
    call = SteppedCall("GET", "http://a.example/#part")
    assert call.answer(302, Location=location).url == url


@pytest.mark.parametrize("location, error_class", [
    ("http://", InvalidURL), ("http://a.example:port/", InvalidURL),
    ("ftp://a.example/", InvalidSchema), ("file:///etc/passwd", InvalidSchema),
])
def test_a_location_that_cannot_be_requested_fails_the_call(location, error_class):
    """The error has the request and the redirect, and the redirect is closed."""
    call = SteppedCall("GET", "http://a.example/")
    with pytest.raises(error_class) as caught:
        call.answer(302, Location=location)
    assert (caught.value.request, caught.value.response) == (call.sent[0], call.answers[0])
    assert call.open_answers == []


def test_a_redirect_without_a_location_is_the_result():
    """As is any other status that redirects nowhere."""
    for status in (300, 302, 304, 399):
        call = SteppedCall("GET", "http://a.example/")
        assert call.answer(status) is None and call.result is call.answers[0]


def test_a_location_without_a_redirect_is_the_result():
    """201 and 202 name a resource by it."""
    for status in (201, 202, 300, 304):
        call = SteppedCall("GET", "http://a.example/")
        assert call.answer(status, Location="/other") is None and call.result is call.answers[0]


# Headers: what goes along


GIVEN = {"Authorization": "Basic QTpC", "Cookie": "a=1", "Proxy-Authorization": "Basic UHJveHk=",
         "Host": "name.example", "X-Request-Id": "7"}


def test_the_same_origin_gets_authorization_but_not_what_belongs_to_one_request():
    """Host, Cookie and Proxy-Authorization are made for each request or not sent."""
    call = SteppedCall("GET", "http://a.example/", headers=GIVEN)
    following = call.answer(302, Location="http://a.example:80/other")
    assert dict(following.headers) == {"Authorization": "Basic QTpC", "X-Request-Id": "7"}


@pytest.mark.parametrize("location", [
    "http://b.example/", "https://a.example/", "http://a.example:8080/", "//www.a.example/"])
def test_another_origin_gets_no_authorization(location):
    """Another host, scheme or port; a header without a credential goes along."""
    call = SteppedCall("GET", "http://a.example/", headers=GIVEN)
    assert dict(call.answer(302, Location=location).headers) == {"X-Request-Id": "7"}


def test_authorization_does_not_come_back_with_a_redirect_home():
    """The other origin decided about that redirect."""
    call = SteppedCall("GET", "http://a.example/", headers=GIVEN)
    call.answer(302, Location="http://b.example/")
    assert "Authorization" not in call.answer(302, Location="http://a.example/").headers


def test_a_user_in_the_url_is_not_sent_to_another_origin():
    """On its own origin the header is sent, and the URL does not show it."""
    call = SteppedCall("GET", "http://me:secret@a.example/")
    assert "secret" not in call.answer(302, Location="/other").url
    assert call.request.headers["Authorization"] == "Basic bWU6c2VjcmV0"
    assert "Authorization" not in call.answer(302, Location="http://b.example/").headers


def test_whatever_auth_has_set_stays_on_its_origin():
    """A signature is a credential under any name."""

    def sign(request):
        request.headers["X-Signature"] = "secret"
        return request

    call = SteppedCall("GET", "http://a.example/", auth=sign, headers={"X-Request-Id": "7"})
    assert call.answer(302, Location="/other").headers["X-Signature"] == "secret"
    assert dict(call.answer(302, Location="http://b.example/").headers) == {"X-Request-Id": "7"}


def test_credentials_of_the_new_host_are_asked_for():
    """As a netrc file has them; they are asked for by URL."""
    logins = {"b.example": ("me", "secret")}
    call = SteppedCall("GET", "http://a.example/",
                       how={"credentials": lambda url: logins.get(url.host)})
    assert "Authorization" not in call.answer(302, Location="/other").headers
    following = call.answer(302, Location="http://b.example/")
    assert following.headers["Authorization"] == "Basic bWU6c2VjcmV0"


def test_the_jar_learns_from_a_redirect_and_is_asked_for_the_next_request():
    """A cookie of the first host is not sent to the second one."""
    jar = RequestsCookieJar()
    call = SteppedCall("GET", "http://a.example/", how={"cookies": jar})
    following = call.answer(302, Location="/other", Set_Cookie="a=1")
    assert following.headers["Cookie"] == "a=1" and dict(jar) == {"a": "1"}
    assert "Cookie" not in call.answer(302, Location="http://b.example/").headers


def test_a_call_without_a_jar_keeps_cookies_for_its_redirects():
    """They end with the call."""
    call = SteppedCall("GET", "http://a.example/")
    assert call.answer(302, Location="/b", Set_Cookie="a=1").headers["Cookie"] == "a=1"
    assert call.answer(302, Location="/c").headers["Cookie"] == "a=1"


def test_each_redirect_has_the_route_of_its_own_url():
    """Another scheme or host may go through another proxy."""
    routes = {"a.example": Route(unix_socket="/a"), "b.example": None}
    call = SteppedCall("GET", "http://a.example/",
                       how={"route": lambda url: routes[url.host]})
    call.answer(302, Location="/other")
    assert call.options.route is routes["a.example"]
    call.answer(302, Location="http://b.example/")
    assert call.options.route is None


def test_an_error_of_the_route_names_the_redirect():
    """A certificate file that is gone by now, say."""

    def missing(url):
        raise SSLError("no such file")

    call = SteppedCall("GET", "http://a.example/", how={"route": missing})
    with pytest.raises(SSLError) as caught:
        call.answer(302, Location="https://a.example/")
    assert (caught.value.request, caught.value.response) == (call.sent[0], call.answers[0])
    assert call.open_answers == []


def test_timeout_stream_and_deadline_go_along():
    """They are the call's, and not the first request's."""
    call = SteppedCall("GET", "http://a.example/",
                       how={"timeout": (1, 2), "stream": True, "deadline": 1000.0})
    first = call.options
    call.answer(302, Location="http://b.example/")
    assert call.options.timeout == first.timeout
    assert (call.options.deadline, call.options.stream) == (1000.0, True)


# How many


def test_history_has_the_redirects_in_order():
    """Each response has those that led to it, and all but the result are closed."""
    call = SteppedCall("GET", "http://a.example/")
    call.answer(301, Location="/1")
    call.answer(302, Location="/2")
    call.answer(200)
    first, second, result = call.answers
    assert call.result is result
    assert [each.history for each in call.answers] == [[], [first], [first, second]]
    assert call.open_answers == [200]


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_one_redirect_more_than_the_limit_fails_the_call(limit):
    """The error has the last redirect, which is closed, and names the limit."""
    call = SteppedCall("GET", "http://a.example/", how={"max_redirects": limit})
    for _ in range(limit):
        assert call.answer(302, Location="/again") is not None
    with pytest.raises(TooManyRedirects, match="more than %d redirects" % limit) as caught:
        call.answer(302, Location="/again")
    assert caught.value.response is call.answers[-1] and len(call.sent) == limit + 1
    assert call.open_answers == []


def test_as_many_redirects_as_the_limit_are_followed():
    """The result may come at the last of them."""
    call = SteppedCall("GET", "http://a.example/", how={"max_redirects": 2})
    call.answer(302, Location="/1")
    call.answer(302, Location="/2")
    call.answer(200)
    assert call.result is call.answers[-1]


# Not followed


def test_a_redirect_that_is_not_followed_is_the_result():
    """It stays open, and tells what to send to follow it."""
    call = SteppedCall("POST", "http://a.example/", data=b"body",
                       how={"allow_redirects": False})
    assert call.answer(303, Location="/other") is None
    assert call.result is call.answers[0] and call.open_answers == [303]
    following = call.result.next
    assert (following.method, following.url) == ("GET", "http://a.example/other")
    assert call.result.next is following


def test_a_bad_location_that_is_not_followed_fails_when_it_is_asked_for():
    """The response is there to be looked at before that."""
    call = SteppedCall("GET", "http://a.example/", how={"allow_redirects": False})
    call.answer(302, Location="http://")
    with pytest.raises(InvalidURL):
        call.result.next  # noqa: B018


def test_a_response_that_is_no_redirect_has_no_next():
    """Whether redirects are followed or not."""
    call = SteppedCall("GET", "http://a.example/", how={"allow_redirects": False})
    call.answer(200)
    assert call.result.next is None
    assert response_to(call.request, 302).next is None
