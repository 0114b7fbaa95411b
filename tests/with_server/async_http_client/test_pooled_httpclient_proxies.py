from __future__ import absolute_import, division, print_function

import errno

import pytest
from certificates import SELF_SIGNED, server_context
from raw_server import answering, response, then
from tornado.httpclient import HTTPError
from tornado.test.util import refusing_port

OK = response(b"ok")

#: ``Basic`` for me:secret.
MINE = "Basic bWU6c2VjcmV0"


def through(proxy, **options):
    return dict(options, proxy_host="127.0.0.1", proxy_port=proxy.port)


def tunnelling(peer):
    """A proxy, and the https server behind it as well: it speaks TLS inside of its tunnel."""
    peer.read_request()
    peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
    peer.start_tls(server_context())
    for _ in peer.requests():
        peer.send(OK)


def header(request, name):
    return dict(request.headers).get(name)


# http: the proxy reads the request


def test_a_proxy_gets_the_whole_url_of_http(serve, pooled):
    """RFC 9112 section 3.2.2; only the proxy looks up the name."""
    proxy = serve(answering(OK))
    answer = pooled().fetch("http://name.example:81/path?query", **through(proxy))
    assert answer.body == b"ok"
    [request] = proxy.received
    assert request.target == "http://name.example:81/path?query"
    assert header(request, "host") == "name.example:81"
    assert header(request, "proxy-authorization") is None


def test_proxy_credentials_are_sent_to_the_proxy(serve, pooled):
    """proxy_username and proxy_password as RFC 7617 has them; redirects do not change that."""
    proxy = serve(answering(
        response(status=302, reason="Go", headers=[("Location", "http://other.example/")]), OK))
    pooled().fetch("http://name.example/", **through(
        proxy, proxy_username="me", proxy_password="secret", auth_username="you"))
    first, second = proxy.received
    assert header(first, "proxy-authorization") == header(second, "proxy-authorization") == MINE
    assert header(first, "authorization") is not None
    assert header(second, "authorization") is None


def test_a_refusal_of_the_proxy_is_the_response(serve, pooled):
    """407 comes back like any status."""
    proxy = serve(answering(response(b"who?", status=407, reason="Proxy Authentication Required")))
    with pytest.raises(HTTPError) as caught:
        pooled().fetch("http://name.example/", **through(proxy))
    assert (caught.value.code, caught.value.response.body) == (407, b"who?")


# https: the proxy is asked for a tunnel


def test_https_goes_through_a_tunnel(serve, pooled):
    """CONNECT first, then the request as to the server itself, certificate checked."""
    proxy = serve(tunnelling)
    answer = pooled().fetch("https://localhost/path", ca_certs=SELF_SIGNED, **through(
        proxy, proxy_username="me", proxy_password="secret"))
    assert answer.body == b"ok"
    connect, request = proxy.received
    assert (connect.method, connect.target) == ("CONNECT", "localhost:443")
    assert header(connect, "host") == "localhost:443"
    assert header(connect, "proxy-authorization") == MINE
    assert request.target == "/path"
    assert header(request, "host") == "localhost"
    assert header(request, "proxy-authorization") is None


@pytest.mark.parametrize("url", ["http://localhost/", "https://localhost/"])
def test_a_given_proxy_authorization_is_not_sent_through_a_tunnel(serve, pooled, url):
    """A Proxy-Authorization among the headers never goes into a tunnel."""
    proxy = serve(tunnelling if url.startswith("https") else answering(OK))
    pooled().fetch(url, headers={"Proxy-Authorization": MINE}, **through(
        proxy, ca_certs=SELF_SIGNED))
    assert header(proxy.received[0], "proxy-authorization") == MINE
    assert [header(each, "proxy-authorization") for each in proxy.received[1:]] in ([], [None])


def test_a_certificate_for_another_name_is_refused(serve, pooled):
    """The proxy cannot pass itself off as the server."""
    with pytest.raises((IOError, ValueError)):
        pooled().fetch("https://name.example/", ca_certs=SELF_SIGNED, **through(serve(tunnelling)))


def test_a_refused_tunnel_is_an_error(serve, pooled):
    """599, and the message says what the proxy said; nothing of the request was sent."""
    proxy = serve(answering(response(b"who?", status=407, reason="Proxy Authentication Required")))
    client = pooled()
    with pytest.raises(HTTPError) as caught:
        client.fetch("https://name.example/", **through(proxy, headers={"Cookie": "secret"}))
    assert caught.value.code == 599
    assert "407 Proxy Authentication Required" in str(caught.value)
    assert [request.method for request in proxy.received] == ["CONNECT"]
    assert "cookie" not in dict(proxy.received[0].headers)
    assert client.counts()["active"] == client.counts()["idle"] == 0


def test_bytes_of_a_proxy_before_tls_are_an_error(serve, pooled):
    """In TLS the client begins: what the proxy slips in is not the server's."""
    proxy = serve(then(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", lambda peer: peer.hold()))
    with pytest.raises(HTTPError):
        pooled().fetch("https://name.example/", **through(proxy))


# The pool


@pytest.mark.parametrize("url", ["http://localhost/", "https://localhost/"])
def test_a_connection_through_a_proxy_is_kept(serve, pooled, url):
    """In both forms."""
    proxy = serve(tunnelling if url.startswith("https") else answering(OK))
    client = pooled(defaults=dict(ca_certs=SELF_SIGNED))
    for _ in range(3):
        client.fetch(url, **through(proxy))
    assert proxy.accepted == 1


@pytest.mark.parametrize("first, second", [
    (dict(proxy_username="me"), dict()),
    (dict(proxy_username="me"), dict(proxy_username="you")),
    (dict(proxy_username="me", proxy_password="a"), dict(proxy_username="me", proxy_password="b")),
    (dict(proxy_username="me"), dict(headers={"Proxy-Authorization": "Bearer x"})),
], ids=["none", "another user", "another password", "another kind"])
@pytest.mark.parametrize("url", ["http://localhost/", "https://localhost/"])
def test_users_of_a_proxy_share_no_connections(serve, pooled, url, first, second):
    """One user's tunnel is not another's."""
    proxy = serve(tunnelling if url.startswith("https") else answering(OK))
    client = pooled(defaults=dict(ca_certs=SELF_SIGNED))
    for options in (first, second, first, second):
        client.fetch(url, **through(proxy, **options))
    assert proxy.accepted == 2


def test_direct_and_proxied_fetches_share_no_connections(serve, pooled):
    """Straight, through one proxy and through another: three connections."""
    server, proxies = serve(answering(OK)), [serve(answering(OK)) for _ in range(2)]
    client = pooled()
    for _ in range(2):
        client.fetch(server.url())
        for proxy in proxies:
            client.fetch(server.url(), **through(proxy))
    assert [each.accepted for each in [server] + proxies] == [1, 1, 1]


# Mistakes


def test_a_proxy_that_refuses_connections_raises_the_original_oserror(pooled):
    """The original OSError."""
    clean_up, port = refusing_port()
    try:
        with pytest.raises(EnvironmentError) as caught:
            pooled().fetch("http://name.example/", proxy_host="127.0.0.1", proxy_port=port)
        assert caught.value.errno == errno.ECONNREFUSED
    finally:
        clean_up()


@pytest.mark.parametrize("options", [
    dict(proxy_host="127.0.0.1"),
    dict(proxy_host="127.0.0.1", proxy_port=1, proxy_username="me", proxy_auth_mode="digest"),
], ids=["no port", "digest"])
def test_invalid_proxy_options_are_refused(pooled, options):
    """ValueError, and not a request that goes somewhere else."""
    with pytest.raises(ValueError):
        pooled().fetch("http://name.example/", **options)
