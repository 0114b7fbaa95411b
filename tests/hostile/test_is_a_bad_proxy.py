"""A proxy that refuses, talks nonsense, goes away, says nothing, or slips in bytes of its own."""

from __future__ import absolute_import, division, print_function

import logging
import socket
import traceback

import pytest
from certificates import AUTHORITY, SERVER, server_context
from differences import LIMITS
from raw_server import answering, response, then, tunnelling

import waterspout

NOT_SENT = False

#: In the userinfo of every proxy here; and as it is sent.
SECRET, SENT_SECRET = "s3cr3t", "bWU6czNjcjN0"

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n"


@pytest.fixture(autouse=True)
def only_where_there_are_proxies(transport):
    if transport == "tornado":
        pytest.skip("the simple client takes no proxies: tests/support/features.py")


def through(server):
    return {"all": "http://me:%s@127.0.0.1:%d" % (SECRET, getattr(server, "port", server))}


def refusal(status, **options):
    return then(response(b"you may not", status=status, reason="No", **options))


def proxy_error(client, proxy, **kwargs):
    """What a POST through it fails with: always of the proxy, with no secret, and not sent."""
    kwargs = dict({"timeout": 20}, **kwargs)
    error = client.error_of("POST", "https://server.example/", data=b"body", verify=AUTHORITY,
                            proxies=through(proxy), **kwargs)
    assert (error.phase, error.may_have_been_sent) == ("connect", NOT_SENT), error
    assert isinstance(error, waterspout.ConnectionError)
    assert_no_secret(error)
    client.wait_until_idle()
    return error


def assert_no_secret(error):
    try:
        raise error
    except waterspout.RequestException:
        texts = [traceback.format_exc(), str(error), repr(error), repr(error.request),
                 repr(vars(error))]
    for text in texts:
        assert SECRET not in text and SENT_SECRET not in text


@pytest.mark.parametrize("status", [302, 403, 407, 502, 503])
def test_a_refused_tunnel_is_a_proxy_error(serve, client, status):
    """Its answer is not the server's: an error that says which status it was."""
    proxy = serve(refusal(status, headers=[("Location", "http://elsewhere.example/")]))
    error = proxy_error(client, proxy)
    assert type(error) is waterspout.ProxyError
    assert str(status) in str(error)
    assert [request.method for request in proxy.received] == ["CONNECT"]


def test_bytes_after_a_refused_tunnel_are_not_a_response(serve, client):
    """What follows a refusal is not taken for an answer to the next call."""
    proxy = serve(answering(response(b"no", status=403, reason="No")))
    for _ in range(3):
        assert type(proxy_error(client, proxy)) is waterspout.ProxyError
    assert [request.method for request in proxy.received] == ["CONNECT"] * 3


@pytest.mark.parametrize("answer", [
    b"SSH-2.0-OpenSSH_9.9\r\n\r\n", b"\x00" * 100, b"\x15\x03\x01\x00\x02\x02\x46", b"\r\n\r\n",
], ids=["ssh", "zeros", "tls alert", "empty lines"])
def test_a_proxy_that_does_not_speak_http_is_a_proxy_error(serve, client, answer):
    """No HTTP, so no tunnel."""
    assert type(proxy_error(client, serve(then(answer)))) is waterspout.ProxyError


@pytest.mark.parametrize("behave", [
    lambda peer: None,
    then(),
    then(ESTABLISHED),
    then(lambda peer: peer.reset()),
    then(ESTABLISHED, lambda peer: peer.reset()),
], ids=["at once", "silently", "within its answer", "reset", "reset within its answer"])
def test_a_proxy_that_hangs_up_is_a_proxy_error(serve, client, behave):
    """Before there is a tunnel."""
    error_class = type(proxy_error(client, serve(behave)))
    if (client.transport, "cut_head") in LIMITS:  # For a tunnel, and the TLS in it fails.
        assert error_class in (waterspout.ProxyError, waterspout.SSLError)
    else:
        assert error_class is waterspout.ProxyError


def test_a_proxy_that_refuses_connections_is_a_proxy_error(client):
    """No proxy listens at the address."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    try:
        assert type(proxy_error(client, port)) is waterspout.ProxyError
        error = client.error_of("POST", "http://server.example/", proxies=through(port))
        assert (type(error), error.phase) == (waterspout.ProxyError, "connect")
        assert not error.may_have_been_sent
    finally:
        sock.close()


def test_a_proxy_whose_name_is_unknown_is_a_proxy_error(client):
    """Its name does not resolve."""
    for url in ("http://server.example/", "https://server.example/"):
        error = client.error_of("GET", url, timeout=20, proxies={"all": "nowhere.invalid:3128"})
        assert (type(error), error.phase) == (waterspout.ProxyError, "connect")
        assert not error.may_have_been_sent


def test_the_connect_timeout_holds_for_a_silent_proxy(serve, client):
    """``timeout.connect`` is for all that comes before the request itself."""
    error = proxy_error(client, serve(then(lambda peer: peer.hold())), timeout=(0.2, 20))
    assert type(error) is waterspout.ConnectTimeout


def test_the_deadline_holds_for_a_silent_proxy(serve, client):
    """``timeout.total`` runs as well."""
    proxy = serve(then(lambda peer: peer.hold()))
    error = client.error_of("GET", "https://server.example/", proxies=through(proxy),
                            timeout=waterspout.ClientTimeout(total=0.2, connect=20))
    assert type(error) is waterspout.DeadlineExceeded
    assert_no_secret(error)


@pytest.mark.parametrize("head, extra", [
    (ESTABLISHED + b"\r\n", response(b"smuggled")),
    (ESTABLISHED + b"Content-Length: 8\r\n\r\n", b"smuggled"),
    (ESTABLISHED + b"Transfer-Encoding: chunked\r\n\r\n", b"8\r\nsmuggled\r\n0\r\n\r\n"),
], ids=["an answer", "a length", "chunks"])
def test_bytes_of_a_proxy_before_tls_are_not_a_response(serve, client, head, extra):
    """Bytes that the proxy sends before TLS belong to no response."""
    server = serve(answering(response(b"genuine")), tls=server_context(SERVER))

    def behave(peer):
        peer.read_request()
        peer.send(head + extra)
        peer.join(("127.0.0.1", server.port))

    try:
        answer = client.get("https://localhost/", verify=AUTHORITY, proxies=through(serve(behave)))
    except waterspout.ConnectionError as error:
        assert (error.phase, error.may_have_been_sent) == ("connect", NOT_SENT)
        assert server.received == []
    else:
        assert answer.content == b"genuine"  # Who reads by the line may have dropped them.
    client.wait_until_idle()


def test_a_huge_head_of_a_proxy_is_a_proxy_error(serve, client):
    """More than anybody needs to say yes."""
    huge = [("X-Fill", "x" * 70000)] * 20
    error = proxy_error(client, serve(then(response(headers=huge))))
    assert isinstance(error, waterspout.ProxyError)


def test_a_certificate_of_another_server_behind_a_proxy_is_refused(serve, client):
    """The tunnel leads to a server with a certificate for another name."""
    server = serve(answering(response(b"forged")), tls=server_context(SERVER))
    error = client.error_of("GET", "https://elsewhere.example/", verify=AUTHORITY,
                            proxies=through(serve(tunnelling(("127.0.0.1", server.port)))))
    assert (type(error), error.phase) == (waterspout.SSLError, "connect")
    assert server.received == []


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxys_refusal_of_plain_http_is_the_response(serve, client, status):
    """There its answer is the response, as in requests."""
    proxy = serve(answering(response(b"you may not", status=status, reason="No")))
    answer = client.get("http://server.example/", proxies=through(proxy))
    assert (answer.status_code, answer.content) == (status, b"you may not")


def test_a_proxy_that_drops_a_plain_request_is_a_read_error(serve, client):
    """It was taken, and may have been passed on: not an error of connecting."""
    for end in (lambda peer: None, lambda peer: peer.reset()):
        error = client.error_of("POST", "http://server.example/", proxies=through(serve(then(end))))
        assert (type(error), error.phase) == (waterspout.ReadError, "read")
        assert error.may_have_been_sent
        assert_no_secret(error)


@pytest.mark.parametrize("url", [
    "http://me:s3cr3t@", "http://me:s3cr3t@host:99999", "http://me:s3cr/3t@host:1", "ftp://s3cr3t@h",
    "https://me:s3cr3t@host:1", "socks5://me:s3cr3t@host:1", b"\xff s3cr3t", 5,
], ids=str)
def test_an_invalid_proxy_url_is_refused_and_not_shown(client, url):
    """Refused before anything is sent; the text tells nothing of what it was."""
    for target in ("http://server.example/", "https://server.example/"):
        try:
            client.get(target, proxies={"all": url})
        except (waterspout.InvalidProxyURL, waterspout.exceptions.Unsupported) as error:
            assert "s3cr" not in traceback.format_exc() + repr(error)
            assert (error.request.url, error.may_have_been_sent) == (target, NOT_SENT)
        else:
            raise AssertionError("it was taken")


def test_no_log_shows_the_password_of_a_proxy(serve, client, caplog):
    """Neither ours nor those of the clients below, at any level."""
    server = serve(answering(response(b"ok")), tls=server_context(SERVER))
    proxies = through(serve(tunnelling(("127.0.0.1", server.port))))
    caplog.set_level(logging.DEBUG)
    for name in ("tornado.curl_httpclient", "urllib3.connectionpool", "waterspout.pool"):
        caplog.set_level(logging.DEBUG, logger=name)
    assert client.get("https://localhost/", verify=AUTHORITY, proxies=proxies).content == b"ok"
    plain = serve(answering(response(b"ok")))
    assert client.get("http://server.example/", proxies=through(plain)).content == b"ok"
    assert SECRET not in caplog.text and SENT_SECRET not in caplog.text
