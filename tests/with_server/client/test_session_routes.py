"""Where calls go: by the session's settings, their own, the environment's, and in redirects."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import sys
import tempfile

import pytest
from certificates import AUTHORITY, CLIENT, SELF_SIGNED, SERVER, server_context
from differences import LIMITS
from raw_server import answering, response, tunnelling

import waterspout

OK = response(b"ok")

with_proxies = pytest.mark.parametrize("transport", ["pooled", "curl", "threads"], indirect=True)


def moved(url):
    return response(status=302, reason="Go", headers=[("Location", url)])


def url(server):
    return "https://localhost:%d/" % server.port


@pytest.fixture
def folder():
    path = tempfile.mkdtemp()  # Not pytest's, which may be too long for a socket.
    yield path
    shutil.rmtree(path)


# TLS


def test_settings_of_a_session_hold_for_its_calls(serve, make_client):
    """For each call that has none of its own."""
    server = serve(answering(OK), tls=server_context(SERVER, clients=AUTHORITY))
    client = make_client(verify=AUTHORITY, cert=CLIENT)
    assert client.get(url(server)).content == b"ok"
    client = make_client()
    client.session.verify, client.session.cert = AUTHORITY, (CLIENT, CLIENT)
    assert client.get(url(server)).content == b"ok"


def test_settings_of_a_call_replace_those_of_the_session(serve, make_client):
    """Over the session's, both ways."""
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    client = make_client(verify=False)
    assert client.get(url(server)).content == b"ok"
    assert type(client.error_of("GET", url(server), verify=True)) is waterspout.SSLError
    client = make_client(verify="/no/such/file")
    assert client.get(url(server), verify=SELF_SIGNED).content == b"ok"


def test_tls_settings_hold_for_redirects(serve, client):
    """They are the call's, and not the first URL's."""
    there = serve(answering(OK), tls=server_context(SELF_SIGNED))
    here = serve(answering(moved(url(there))))
    assert client.get(here.url(), verify=False).content == b"ok"
    assert type(client.error_of("GET", here.url())) is waterspout.SSLError


def test_a_missing_certificate_fails_at_the_redirect_that_needs_it(serve, client):
    """An https URL comes up only then."""
    here = serve(answering(moved("https://localhost:1/")))
    with pytest.raises(waterspout.SSLError) as caught:
        client.get(here.url(), verify="/no/such/file")
    assert (caught.value.request.url, caught.value.response.status_code) == (here.url(), 302)


def test_tls_settings_are_ignored_for_http(serve, client):
    """Files that the call does not need are not opened."""
    where = serve(answering(OK)).url()
    assert client.get(where, verify="/no/such/file", cert="/no/such/file").content == b"ok"


def test_a_certificate_for_an_ip_address_is_accepted(serve, client):
    """Its subjectAltName has the address itself."""
    server = serve(answering(OK), tls=server_context(SERVER))
    if (client.transport, "addresses") in LIMITS and sys.version_info[0] == 2:
        assert type(client.error_of("GET", server.url(), verify=AUTHORITY)) is waterspout.SSLError
    else:
        assert client.get(server.url(), verify=AUTHORITY).content == b"ok"


@pytest.mark.parametrize("kwargs", [{"verify": 1}, {"cert": 5}, {"cert": (CLIENT,)}], ids=str)
def test_invalid_settings_are_refused_at_once(client, kwargs):
    """Like an unknown keyword, at once."""
    with pytest.raises(TypeError):
        client.session.get("https://localhost/", **kwargs)


def test_path_objects_are_accepted(serve, client):
    """On Python 3."""
    pathlib = pytest.importorskip("pathlib")
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    assert client.get(url(server), verify=pathlib.Path(SELF_SIGNED)).content == b"ok"


# Proxies


@with_proxies
def test_proxies_of_a_call_are_merged_over_those_of_the_session(serve, make_client):
    """None removes one; what is passed in is not changed."""
    server, first, second = [serve(answering(response(name))) for name in (b"0", b"1", b"2")]
    given = {"http": first.address}
    client = make_client(proxies=given)
    client.session.proxies["https"] = "http://nowhere.invalid"
    calls = [None, {"http": second.address}, {"http": None}, {"no_proxy": "127.0.0.1"},
             {"http://127.0.0.1": second.address}, {}]
    answers = [client.get(server.url(), proxies=proxies).content for proxies in calls]
    assert answers == [b"1", b"2", b"0", b"0", b"2", b"1"]
    assert given == {"http": first.address}


@with_proxies
def test_each_redirect_has_its_own_proxy(serve, client):
    """From one proxy to another, to none, and back."""
    one, two = serve(answering(moved("http://two.example/"))), serve(answering(moved("x")))
    direct = serve(answering(moved("http://last.example/")))
    last = serve(answering(OK))
    two._behave = answering(moved(direct.url()))
    answer = client.get("http://one.example/", proxies={
        "http://one.example": one.address, "http://two.example": two.address,
        "http": last.address, "no_proxy": "127.0.0.1"})
    assert [each.url for each in answer.history] == [
        "http://one.example/", "http://two.example/", direct.url()]
    assert (answer.content, answer.url) == (b"ok", "http://last.example/")
    assert [each.received[0].target for each in (one, two, direct, last)] == [
        "http://one.example/", "http://two.example/", "/", "http://last.example/"]


@with_proxies
def test_bodies_go_through_proxies(serve, client):
    """Both ways, in both kinds of proxying."""
    body = bytes(bytearray(range(256))) * 1000
    server = serve(answering(response(body)), tls=server_context(SERVER))
    forward, tunnel = serve(answering(response(body))), serve(tunnelling(
        ("127.0.0.1", server.port)))
    proxies = {"http": forward.address, "https": tunnel.address}
    for where in ("http://server.example/", "https://server.example/"):
        answer = client.post(where, data=body, proxies=proxies, verify=AUTHORITY)
        assert answer.content == body
    assert server.received[0].body == forward.received[0].body == body
    assert server.received[0].target == "/"


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
def test_streams_go_through_proxies(serve, client):
    """``stream=True`` and a body that is read while it is sent."""
    forward = serve(answering(response(b"streamed")))
    answer = client.get("http://server.example/", stream=True, proxies={"http": forward.address})
    assert client.run(answer.read) == b"streamed"


@with_proxies
def test_closing_a_session_closes_connections_to_proxies(serve, client):
    """Each sees its connection closed, as servers do."""
    peers = []

    def behave(peer):
        peers.append(peer)
        answering(OK)(peer)

    proxies = [serve(behave), serve(behave)]
    for proxy in proxies:
        client.get("http://server.example/", proxies={"http": proxy.address})
    assert len(peers) == 2 and not any(peer.gone.is_set() for peer in peers)
    client.run(client.session.close)
    client.wait_until(lambda: all(peer.gone.is_set() for peer in peers))


@with_proxies
def test_connect_sends_no_header_of_the_request(serve, client):
    """CONNECT says where to, and nothing of the request that is for the server."""
    server = serve(answering(OK), tls=server_context(SERVER))
    proxy = serve(tunnelling(("127.0.0.1", server.port)))
    client.get("https://server.example/path?query", verify=AUTHORITY, proxies={
        "https": proxy.address}, headers={"Cookie": "a=b", "Authorization": "c", "X-D": "e"})
    [connect] = proxy.received
    assert connect.target == "server.example:443"
    assert set(name for name, _ in connect.headers) <= set(["host"])
    assert not any(name.startswith("proxy-") for name, _ in server.received[0].headers)


# The environment


@with_proxies
def test_proxies_of_the_environment_count_with_trust_env(serve, make_client, monkeypatch):
    """Its proxies lead to all but those in NO_PROXY; each redirect is looked up again."""
    server = serve(answering(response(b"straight")))
    proxy = serve(answering(response(b"through"), moved(server.url()), response(b"again")))
    client = make_client(trust_env=True)
    for name in ("http_proxy", "all_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.0/8")
    assert client.get("http://name.example/").content == b"through"
    assert client.get(server.url()).content == b"straight"
    assert client.get("http://name.example/").content == b"straight"
    assert client.get(server.url(), proxies={"no_proxy": "other.example"}).content == b"again"
    assert len(proxy.received) == 3


@pytest.fixture
def no_environment(monkeypatch):
    """An environment without proxies."""
    for scheme in ("http", "https", "all", "no"):
        for name in (scheme + "_proxy", (scheme + "_proxy").upper()):
            monkeypatch.delenv(name, raising=False)


@with_proxies
@pytest.mark.parametrize("scheme, names", [
    ("http", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
    ("https", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
])
def test_each_name_in_the_environment_leads_to_its_proxy(
        serve, make_client, monkeypatch, no_environment, scheme, names):
    """The proxy is asked, and refuses."""
    client, proxy = make_client(trust_env=True), serve(answering(response(status=403)))
    for count, name in enumerate(names, 1):
        with monkeypatch.context() as patch:
            patch.setenv(name, proxy.url())
            try:
                assert client.get(scheme + "://name.example/").status_code == 403
            except waterspout.ProxyError:
                assert scheme == "https"
        assert len(proxy.received) == count


@with_proxies
@pytest.mark.parametrize("by_session", [True, False], ids=["session", "by hand"])
def test_proxies_of_the_environment_hold_for_prepared_requests(
        serve, make_client, monkeypatch, no_environment, by_session):
    """Prepared by a session or not; and for their redirects."""
    client = make_client(trust_env=True)
    proxy = serve(answering(moved("http://two.example/"), OK))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    request = waterspout.Request("GET", "http://one.example/")
    prepared = client.session.prepare_request(request) if by_session else request.prepare()
    assert client.run(lambda: client.session.send(prepared)).content == b"ok"
    assert [each.target for each in proxy.received] == [
        "http://one.example/", "http://two.example/"]


def test_a_header_for_a_proxy_is_sent_where_there_is_none(serve, make_client):
    """The server may be one itself."""
    server = serve(answering(OK))
    make_client(headers={"Proxy-Authorization": "Bearer x"}).get(server.url())
    assert dict(server.received[0].headers)["proxy-authorization"] == "Bearer x"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_authorities_of_the_environment_count_with_trust_env(serve, make_client, monkeypatch, name):
    """With ``trust_env=True``."""
    for each in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, AUTHORITY)
    server = serve(answering(OK), tls=server_context(SERVER))
    assert make_client(trust_env=True).get(url(server)).content == b"ok"


# Unix sockets


@pytest.mark.parametrize("transport", ["pooled", "curl"], indirect=True)
def test_all_calls_of_a_session_go_to_its_unix_socket(serve, make_client, folder):
    """Connections are kept; redirects stay there; no name is looked up."""
    path = os.path.join(folder, "socket")
    server = serve(answering(moved("http://other.example/"), OK), unix_socket=path)
    client = make_client(unix_socket=path)
    assert client.get("http://name.example/").url == "http://other.example/"
    assert client.get("http://other.example/").content == b"ok"
    assert server.accepted == 2
    assert [dict(each.headers)["host"] for each in server.received] == [
        "name.example", "other.example", "other.example"]


@pytest.mark.parametrize("transport", ["pooled", "curl"], indirect=True)
def test_tls_on_a_unix_socket_verifies_the_name_of_the_url(serve, make_client, folder):
    """Verified by the name in the URL."""
    path = os.path.join(folder, "socket")
    serve(answering(OK), unix_socket=path, tls=server_context(SERVER))
    client = make_client(unix_socket=path, verify=AUTHORITY)
    assert client.get("https://server.example/").content == b"ok"
    assert type(client.error_of("GET", "https://x.example/")) is waterspout.SSLError


@pytest.mark.parametrize("transport", ["pooled", "curl"], indirect=True)
def test_a_missing_unix_socket_is_a_connect_error(make_client, folder):
    """As refused as any other."""
    client = make_client(unix_socket=os.path.join(folder, "socket"))
    assert client.failure("GET", "http://name.example/") == (
        waterspout.ConnectError, "connect", False)


def test_a_unix_socket_with_a_proxy_is_refused(make_client):
    """There is no such way."""
    client = make_client(unix_socket="/no/such/socket")
    with pytest.raises(ValueError):
        client.get("http://name.example/", proxies={"http": "http://proxy"})
