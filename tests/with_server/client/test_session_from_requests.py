"""What is brought along from requests and urllib3: taken, or refused with what to write."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest
from raw_server import answering, response

import waterspout

requests = pytest.importorskip("requests")


@pytest.fixture
def server(serve):
    return serve(answering(response(b"ok")))


def theirs(server, **kwargs):
    return requests.Request("POST", server.url("/a"), headers={"X-A": "b"}, **kwargs)


def refused(call):
    """The text of the TypeError, raised at once and not through a Future."""
    with pytest.raises(TypeError) as caught:
        call()
    return str(caught.value)


def test_a_prepared_request_of_requests_is_refused(server, client):
    """With the call that does the same; nothing is sent."""
    request = theirs(server, json={"a": 1}).prepare()
    text = refused(lambda: client.session.send(request))
    assert "requests.models.PreparedRequest" in text
    assert "session.request(request.method, request.url, headers=request.headers" in text
    assert server.received == []
    session = client.session
    client.run(lambda: session.request(
        request.method, request.url, headers=request.headers, data=request.body))
    (received,) = server.received
    assert (received.method, received.target, received.body) == ("POST", "/a", b'{"a": 1}')
    headers = dict(received.headers)
    assert (headers["x-a"], headers["content-length"]) == ("b", "8")
    assert headers["content-type"] == "application/json"


def test_a_request_of_requests_is_refused(server, client):
    """It is not prepared; `prepare_request` takes it."""
    request = theirs(server, json={"a": 1})
    text = refused(lambda: client.session.send(request))
    assert "requests.models.Request" in text
    assert "session.send(session.prepare_request(request))" in text
    assert server.received == []
    session = client.session
    client.run(lambda: session.send(session.prepare_request(request)))
    (received,) = server.received
    assert (received.body, dict(received.headers)["x-a"]) == (b'{"a": 1}', "b")


def test_a_request_of_ours_is_refused(server, client):
    """As by requests, with a ValueError, which says what to do as well."""
    with pytest.raises(ValueError) as caught:
        client.session.send(waterspout.Request("GET", server.url()))
    assert "You can only send PreparedRequests" in str(caught.value)
    assert "session.prepare_request(request)" in str(caught.value)


@pytest.mark.parametrize("value", [None, "http://127.0.0.1/", b"", object(), {}], ids=repr)
def test_send_refuses_other_types_by_name(client, value):
    """By name."""
    assert type(value).__name__ in refused(lambda: client.session.send(value))
    assert type(value).__name__ in refused(lambda: client.session.prepare_request(value))


def test_prepare_request_refuses_a_prepared_request(server, client):
    """It is to be sent."""
    for request in (waterspout.Request("GET", server.url()).prepare(), theirs(server).prepare()):
        text = refused(lambda request=request: client.session.prepare_request(request))
        assert "PreparedRequest" in text and "send() takes it" in text


@pytest.mark.parametrize("timeout", [
    lambda: requests.adapters.TimeoutSauce(connect=2, read=5),
    lambda: requests.adapters.TimeoutSauce(total=5),
    lambda: datetime.timedelta(seconds=5),
], ids=["urllib3", "urllib3 total", "timedelta"])
def test_timeouts_of_other_libraries_are_refused_with_advice(server, make_client, timeout):
    """For a session, a call and what is sent; it says how to write it."""
    client, timeout = make_client(), timeout()
    session = client.session
    prepared = waterspout.Request("GET", server.url()).prepare()
    for call in (lambda: session.get(server.url(), timeout=timeout),
                 lambda: session.send(prepared, timeout=timeout),
                 lambda: waterspout.Session(timeout=timeout)):
        text = refused(call)
        assert "waterspout.ClientTimeout(connect=..., read=..., total=...)" in text
        assert "%s.%s" % (type(timeout).__module__, type(timeout).__name__) in text
    assert server.received == []


#: What requests-ntlm, requests-toolbelt's GuessAuth, CacheControl and betamax ask for.
SESSION = ["mount", "get_adapter", "adapters", "merge_environment_settings", "resolve_redirects",
           "rebuild_auth", "rebuild_proxies", "rebuild_method", "get_redirect_target",
           "should_strip_auth"]
RESPONSE = ["raw", "connection"]


@pytest.mark.parametrize("name", SESSION)
def test_missing_names_of_a_session_are_explained(client, name):
    """hasattr() is False for them."""
    lacks(client.session, name)
    assert hasattr(requests.Session, name) or hasattr(requests.Session(), name)
    assert not hasattr(waterspout.Session, name)


@pytest.mark.parametrize("name", RESPONSE)
def test_missing_names_of_a_response_are_explained(server, client, name):
    """In a hook, where those that ask for it are, as well."""
    lacks(client.get(server.url()), name)
    assert hasattr(requests.Response(), name) or name == "connection"
    text = str(pytest.raises(AttributeError, client.get, server.url(), hooks={
        "response": lambda response, **kwargs: getattr(response, name)}).value)
    assert "has no '%s'" % name in text


def test_missing_names_of_a_prepared_request_are_explained(server):
    """What requests-toolbelt's GuessAuth takes cookies from before it sends again."""
    lacks(waterspout.Request("GET", server.url()).prepare(), "_cookies")


def lacks(value, name):
    assert not hasattr(value, name)
    assert getattr(value, name, None) is None
    text = str(pytest.raises(AttributeError, getattr, value, name).value)
    assert text.startswith("waterspout.%s has no '%s'" % (type(value).__name__, name))
    assert len(text) > 80  # What to use.


def test_unknown_names_are_plain_attribute_errors(server, client):
    """With Python's own error."""
    for value in (client.session, client.get(server.url())):
        text = str(pytest.raises(AttributeError, getattr, value, "mounted").value)
        assert text == "'%s' object has no attribute 'mounted'" % type(value).__name__


def test_a_subclass_may_define_the_missing_names(client):
    """Code of one's own that needs a `mount` can write one."""

    class Mine(waterspout.Session):
        def mount(self, prefix, adapter):
            return prefix

    session = Mine()
    assert session.mount("http://", None) == "http://"
    session.adapters = {}
    assert session.adapters == {}
