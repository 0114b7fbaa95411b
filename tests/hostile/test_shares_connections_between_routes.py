"""A connection of one route must not serve a call of another: TLS options, proxies, environment."""

from __future__ import absolute_import, division, print_function

import shutil
import warnings

import pytest
from certificates import (
    AUTHORITIES,
    AUTHORITY,
    CLIENT,
    EXPIRED,
    OTHER_NAME,
    SELF_SIGNED,
    SERVER,
    STRANGERS_AUTHORITY,
    server_context,
)
from raw_server import answering, response, tunnelling

import waterspout

OK = response(b"ok")


def url(server):
    return "https://localhost:%d/" % server.port


@pytest.fixture
def client(make_client):
    """One worker, so that each call meets the connections of the one before."""
    return make_client(max_workers=1)


def refused(client, where, **kwargs):
    """Whether it fails for its certificate, before anything is sent."""
    error = client.error_of("GET", where, **kwargs)
    assert (type(error), error.phase, error.may_have_been_sent) == (
        waterspout.SSLError, "connect", False)
    return True


def test_a_trusted_certificate_for_another_name_is_refused(serve, client):
    """A certificate of a trusted authority, for another host."""
    server = serve(answering(OK), tls=server_context(OTHER_NAME))
    assert refused(client, url(server), verify=AUTHORITY)
    assert refused(client, url(server), verify=AUTHORITIES)
    assert server.received == []


@pytest.mark.parametrize("verify", [AUTHORITY, AUTHORITIES], ids=["file", "folder"])
def test_only_the_given_authority_is_trusted(serve, client, verify):
    """Not the certificate that another one signed, or it itself."""
    for certificate in (SELF_SIGNED, OTHER_NAME):
        assert refused(client, url(serve(answering(OK), tls=server_context(certificate))),
                       verify=verify)
    server = serve(answering(OK), tls=server_context(SERVER))
    assert refused(client, url(server), verify=STRANGERS_AUTHORITY)
    assert client.get(url(server), verify=verify).content == b"ok"


def test_the_system_is_not_trusted_beside_a_given_authority(serve, client, monkeypatch):
    """A path stands in place of the system's authorities."""
    server = serve(answering(OK), tls=server_context(SERVER))
    # OpenSSL's default paths; what is compiled into libcurl cannot be changed here.
    monkeypatch.setenv("SSL_CERT_FILE", AUTHORITY)
    monkeypatch.setenv("SSL_CERT_DIR", AUTHORITIES)
    assert refused(client, url(server), verify=STRANGERS_AUTHORITY)


@pytest.mark.parametrize("trusted", [True, AUTHORITY], ids=["system", "file"])
def test_an_unverified_connection_serves_no_verified_call(serve, client, trusted):
    """CVE-2024-35195: verify=False is for one call, not for a server."""
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    for _ in range(3):
        assert client.get(url(server), verify=False).content == b"ok"
        assert refused(client, url(server), verify=trusted)
        if trusted is True:
            assert refused(client, url(server))
    assert len(server.received) == 3


def test_an_expired_certificate_is_refused(serve, client):
    """Although its authority is trusted, and although a call that did not ask was served."""
    server = serve(answering(OK), tls=server_context(EXPIRED))
    for _ in range(2):
        assert client.get(url(server), verify=False).content == b"ok"
        assert refused(client, url(server), verify=AUTHORITY)
    assert len(server.received) == 2


def test_an_unverified_connection_serves_verified_calls_from_another(serve, client):
    """A certificate that stands the test is taken, on a connection of its own."""
    server = serve(answering(OK), tls=server_context(SERVER))
    for _ in range(2):
        assert client.get(url(server), verify=False).content == b"ok"
        assert client.get(url(server), verify=AUTHORITY).content == b"ok"
    assert server.accepted == (4 if client.transport == "tornado" else 2)


def test_a_client_certificate_does_not_make_the_server_trusted(serve, client):
    """Neither does the connection on which it was shown unverified."""
    server = serve(answering(OK), tls=server_context(SERVER, clients=AUTHORITY))
    for _ in range(2):
        assert client.get(url(server), verify=False, cert=CLIENT).content == b"ok"
        assert refused(client, url(server), cert=CLIENT)
    assert len(server.received) == 2


def test_a_connection_verified_by_one_authority_serves_no_other(serve, client):
    """Each call is held to its own."""
    server = serve(answering(OK), tls=server_context(SERVER))
    for _ in range(2):
        assert client.get(url(server), verify=AUTHORITY).content == b"ok"
        assert refused(client, url(server), verify=STRANGERS_AUTHORITY)
        assert refused(client, url(server))


def test_a_client_certificate_is_not_shown_by_other_calls(serve, client):
    """The connection on which it was shown is not shared either."""
    server = serve(answering(OK), tls=server_context(SERVER, clients=AUTHORITY))
    for _ in range(2):
        assert client.get(url(server), verify=AUTHORITY, cert=CLIENT).content == b"ok"
        error = client.error_of("GET", url(server), verify=AUTHORITY)
        assert isinstance(error, waterspout.ConnectionError)
    assert len(server.received) == 2


def test_unverified_calls_do_not_warn(serve, client):
    """Who switched verification off knows."""
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for _ in range(2):
            client.get(url(server), verify=False)
    assert [each for each in warned if "nverified" in str(each.message)] == []


@pytest.mark.parametrize("kind", ["tunnel", "forward"])
@pytest.mark.parametrize("first, second", [
    ("me:a@", ""), ("me:a@", "you:a@"), ("me:a@", "me:b@"),
], ids=["no user", "another user", "another password"])
def test_a_tunnel_serves_its_own_user(serve, client, kind, first, second):
    """Proxies count by user, and let some go where others may not."""
    if client.transport == "tornado":
        pytest.skip("no proxies")
    if kind == "tunnel":
        server = serve(answering(OK), tls=server_context(SERVER))
        proxy, where = serve(tunnelling(("127.0.0.1", server.port))), "https://localhost/"
    else:
        proxy, where = serve(answering(OK)), "http://localhost/"
    for userinfo in (first, second, first, second):
        client.get(where, verify=AUTHORITY, proxies={"all": "http://%s%s" % (
            userinfo, proxy.address)})
    assert proxy.accepted == 2
    assert len(set(dict(each.headers).get("proxy-authorization") for each in proxy.received)) == 2


def test_each_proxy_has_connections_of_its_own(serve, client):
    """Straight, through one proxy and through another."""
    if client.transport == "tornado":
        pytest.skip("no proxies")
    server, proxies = serve(answering(OK)), [serve(answering(OK)) for _ in range(2)]
    for _ in range(2):
        client.get(server.url())
        for proxy in proxies:
            client.get(server.url(), proxies={"http": proxy.address})
    assert [each.accepted for each in [server] + proxies] == [1, 1, 1]


def test_more_routes_than_are_kept_work(serve, client):
    """More than connections are kept for."""
    if client.transport == "tornado":
        pytest.skip("no proxies")
    proxy = serve(answering(OK))
    for number in range(40):
        client.get("http://localhost/", proxies={"http": "http://%d:x@%s" % (
            number, proxy.address)})
    assert len(proxy.received) == 40


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_ignored_unless_trusted(serve, client, monkeypatch, name):
    """Unless it is trusted."""
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv(name.replace("http", "https").replace("HTTP", "HTTPS"), "127.0.0.1:1")
    assert client.get(serve(answering(OK)).url()).content == b"ok"
    secure = serve(answering(OK), tls=server_context(SERVER))
    assert client.get(url(secure), verify=AUTHORITY).content == b"ok"


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_of_the_environment_is_ignored_unless_trusted(serve, client, monkeypatch, name):
    """libcurl has its word count for proxies that are given as well."""
    if client.transport == "tornado":
        pytest.skip("no proxies")
    monkeypatch.setenv(name, "*")
    proxy = serve(answering(OK))
    assert client.get("http://name.example/", proxies={"http": proxy.address}).content == b"ok"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_authorities_of_the_environment_are_ignored_unless_trusted(
        serve, client, monkeypatch, name):
    """Unless it is trusted itself."""
    monkeypatch.setenv(name, AUTHORITY)
    assert refused(client, url(serve(answering(OK), tls=server_context(SERVER))))


def test_a_proxys_password_is_sent_to_the_proxy_only(serve, client):
    """Neither into a tunnel, nor along a redirect to where no proxy leads."""
    if client.transport == "tornado":
        pytest.skip("no proxies")
    there = serve(answering(OK))
    moved = response(status=302, headers=[("Location", there.url("/there"))])
    server = serve(answering(moved), tls=server_context(SERVER))
    proxy = serve(tunnelling(("127.0.0.1", server.port)))
    forward = serve(answering(moved))
    for headers in (None, {"Proxy-Authorization": "Basic Z2l2ZW46YnkgaGFuZA=="}):
        for where, proxies in (
            ("https://localhost/", {"https": "http://me:secret@" + proxy.address}),
            ("http://x.example/", {"http://x.example": "http://me:secret@" + forward.address}),
        ):
            answer = client.get(where, verify=AUTHORITY, proxies=proxies, headers=headers)
            assert (answer.content, answer.url) == (b"ok", there.url("/there"))
    assert len(there.received) == 4 and len(server.received) == 2
    for each in there.received + server.received:
        assert "proxy-authorization" not in dict(each.headers)
    told = ["Basic bWU6c2VjcmV0", "Basic Z2l2ZW46YnkgaGFuZA=="]
    for each in (proxy, forward):
        assert [dict(got.headers)["proxy-authorization"] for got in each.received] == told


@pytest.mark.parametrize("kwargs", [
    {"verify": "/no/such/file"}, {"cert": "/no/such/file"}, {"cert": (CLIENT, "/no/such/key")},
], ids=["verify", "cert", "key"])
def test_a_missing_certificate_file_is_an_error(serve, client, kwargs):
    """As in requests an IOError, and never a call without what the file stands for."""
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    error = None
    try:
        client.get(url(server), **kwargs)
    except IOError as caught:
        error = caught
    assert type(error) is waterspout.SSLError and "invalid path: /no/such" in str(error)
    assert (error.may_have_been_sent, error.request.method) == (False, "GET")
    assert server.accepted == 0


@pytest.mark.parametrize("keyword", ["verify", "cert"])
def test_a_file_that_is_no_certificate_is_an_error(serve, client, keyword, tmpdir):
    """It cannot be used, so neither can the connection."""
    path = tmpdir.join("file.pem")
    path.write("no certificate")
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    error = client.error_of("GET", url(server), **{keyword: str(path)})
    assert type(error) is waterspout.SSLError
    assert not error.may_have_been_sent
    assert server.received == []
    client.wait_until_idle()


def test_a_renewed_certificate_file_counts_for_the_next_connection(serve, client, tmpdir):
    """What is written over it is what the next connection is held to."""
    if client.transport in ("curl", "threads"):
        pytest.skip("they look into it when they need a new connection, as libcurl and requests do")
    path = str(tmpdir.join("authority.pem"))
    shutil.copy(AUTHORITY, path)
    server = serve(answering(OK), tls=server_context(SERVER))
    assert client.get(url(server), verify=path).content == b"ok"
    shutil.copy(STRANGERS_AUTHORITY, path)
    assert refused(client, url(server), verify=path)


@pytest.mark.parametrize("verify", [None, 0, "", 1.0, []], ids=repr)
def test_only_false_turns_verification_off(serve, make_client, verify):
    """Not what happens to be false as well."""
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    client = make_client(verify=verify)
    with pytest.raises((TypeError, waterspout.SSLError)):
        client.get(url(server))
    assert server.received == []
