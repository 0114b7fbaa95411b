"""Which requests of browsers are refused; those of other clients never are."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.httputil import HTTPHeaders

from waterspout.service._cross_origin.origin_check import OriginCheck, normal_origin

HERE = "127.0.0.1:8888"


def complaint(check, headers, host=HERE, method="POST"):
    return check.complaint(method, HTTPHeaders(dict(headers, Host=host)))


@pytest.mark.parametrize(
    "headers, host",
    [
        ({}, HERE),
        ({}, "cmdb.example"),
        ({}, ""),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8888"}, HERE),
        ({"Sec-Fetch-Site": "none"}, HERE),
        ({"Origin": "http://127.0.0.1:8888"}, HERE),
        ({"Origin": "http://LOCALHOST:8888"}, "localhost:8888"),
        ({"Origin": "https://gateway.example"}, "gateway.example"),
        ({"Origin": "http://[::1]:8888"}, "[::1]:8888"),
    ],
)
def test_own_pages_and_other_clients_are_served(headers, host):
    """Other clients send neither field; a service's own pages send its host."""
    assert complaint(OriginCheck(), headers, host) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "same-origin,cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8888"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://127.0.0.1:8888.evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:8888,http://evil.example"},
    ],
)
def test_pages_of_other_origins_are_refused(headers):
    """`Sec-Fetch-Site` decides if it is sent; otherwise `Origin` must match `Host`."""
    assert "another origin" in complaint(OriginCheck(), headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_safe_methods_are_served(method):
    """Any page may link here; it cannot read the response."""
    assert complaint(OriginCheck(), {"Sec-Fetch-Site": "cross-site"}, method=method) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "ODD"])
def test_every_other_method_is_checked(method):
    """Including methods that are not known."""
    assert complaint(OriginCheck(), {"Origin": "http://evil.example"}, method=method)


@pytest.mark.parametrize("site", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_only_allowed_origins_are_served(site):
    """Scheme and port must match, too."""
    check = OriginCheck(["https://Tools.example/", "http://old.example:80"])
    for origin in ("https://tools.example", "http://old.example"):
        assert complaint(check, dict(site, Origin=origin)) is None
    for origin in ("http://tools.example", "https://tools.example:8443", "https://a.tools.example"):
        assert complaint(check, dict(site, Origin=origin))


@pytest.mark.parametrize("site", [{}, {"Sec-Fetch-Site": "same-origin"}])
@pytest.mark.parametrize("host", ["rebound.example:8888", "127.0.0.1.evil.example", "localhost.x"])
def test_host_names_are_refused_unless_allow_names(host, site):
    """After DNS rebinding `Origin` and `Host` match; only the name is suspicious."""
    headers = dict(site, Origin="http://" + host)
    assert complaint(OriginCheck(), headers, host) is None
    assert "by a host name" in complaint(OriginCheck(allow_names=False), headers, host)
    allowed = OriginCheck(["http://" + host], allow_names=False)
    assert complaint(allowed, headers, host) is None


@pytest.mark.parametrize(
    "host", [HERE, "10.1.2.3", "[::1]:8888", "[2001:db8::1]", "localhost", "a.localhost:8888"]
)
def test_ip_addresses_and_localhost_are_not_host_names(host):
    """No DNS answer can change their address."""
    check = OriginCheck(allow_names=False)
    assert complaint(check, {"Origin": "http://" + host}, host) is None


@pytest.mark.parametrize(
    "text",
    ["", "*", "null", "tools.example", "https://", "https://a/b", "https://u@a", "https://a b"],
)
def test_text_that_is_not_an_origin_is_refused(text):
    """Such an allowed origin would never match; the error quotes it."""
    with pytest.raises(ValueError) as caught:
        normal_origin(text)
    assert str(caught.value).startswith(text + " is not an origin")
