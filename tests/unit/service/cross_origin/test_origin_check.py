"""Which requests of browsers are refused, and that other clients never are."""

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
    """Clients that are no browsers send neither field; a service's own pages send its host."""
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
    """`Sec-Fetch-Site` decides where it is sent, else `Origin` must be the `Host`."""
    assert "another origin" in complaint(OriginCheck(), headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_safe_methods_are_served(method):
    """Links lead everywhere; what a safe method answers, the page cannot read."""
    assert complaint(OriginCheck(), {"Sec-Fetch-Site": "cross-site"}, method=method) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "ODD"])
def test_every_other_method_is_looked_at(method):
    """A method that is not known to be safe is not."""
    assert complaint(OriginCheck(), {"Origin": "http://evil.example"}, method=method)


@pytest.mark.parametrize("site", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_allowed_origins_are_served(site):
    """Exactly those: scheme and port count."""
    check = OriginCheck(["https://Tools.example/", "http://old.example:80"])
    for origin in ("https://tools.example", "http://old.example"):
        assert complaint(check, dict(site, Origin=origin)) is None
    for origin in ("http://tools.example", "https://tools.example:8443", "https://a.tools.example"):
        assert complaint(check, dict(site, Origin=origin))


@pytest.mark.parametrize("site", [{}, {"Sec-Fetch-Site": "same-origin"}])
@pytest.mark.parametrize("host", ["rebound.example:8888", "127.0.0.1.evil.example", "localhost.x"])
def test_names_are_refused_where_asked_for(host, site):
    """After DNS rebinding, `Origin` and `Host` agree; only the name tells."""
    headers = dict(site, Origin="http://" + host)
    assert complaint(OriginCheck(), headers, host) is None
    assert "by a host name" in complaint(OriginCheck(allow_names=False), headers, host)
    allowed = OriginCheck(["http://" + host], allow_names=False)
    assert complaint(allowed, headers, host) is None


@pytest.mark.parametrize(
    "host", [HERE, "10.1.2.3", "[::1]:8888", "[2001:db8::1]", "localhost", "a.localhost:8888"]
)
def test_addresses_and_localhost_are_no_names(host):
    """No DNS answer can lead a browser to another address for these."""
    check = OriginCheck(allow_names=False)
    assert complaint(check, {"Origin": "http://" + host}, host) is None


@pytest.mark.parametrize(
    "text",
    ["", "*", "null", "tools.example", "https://", "https://a/b", "https://u@a", "https://a b"],
)
def test_what_is_not_an_origin_is_refused_by_name(text):
    """An allowed origin that could never match would be a silent mistake."""
    with pytest.raises(ValueError) as caught:
        normal_origin(text)
    assert str(caught.value).startswith(text + " is not an origin")
