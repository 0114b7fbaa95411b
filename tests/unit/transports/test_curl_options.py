"""What libcurl is told of a Route and a request, and what its errors mean."""

from __future__ import absolute_import, division, print_function

import os

import pytest
from certificates import AUTHORITY, CLIENT

from waterspout._routes.proxies import parse_proxy
from waterspout._routes.route import Route
from waterspout.exceptions import (
    ConnectError,
    ConnectTimeout,
    LocalProtocolError,
    ProxyError,
    ReadError,
    RemoteProtocolError,
    SSLError,
    WriteError,
)
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.timeouts import ClientTimeout

pycurl = pytest.importorskip("pycurl")
curl_httpclient = pytest.importorskip("tornado.curl_httpclient")
route_options = pytest.importorskip("waterspout.transports.curl.route_options")
transport_module = pytest.importorskip("waterspout.transports.curl.transport")


class Curl(object):
    """Notes the options that are set."""

    def __init__(self):
        self.options, self.unset = {}, []

    def setopt(self, option, value):
        self.options[option] = value

    def unsetopt(self, option):
        self.unset.append(option)


def options_of(route):
    curl = Curl()
    route_options.set_route_options(curl, route)
    return curl


@pytest.mark.parametrize("route", [None, Route(), Route(verify=AUTHORITY), Route(cert=CLIENT)])
def test_the_environment_has_no_say_in_the_proxy(route):
    """libcurl would look at HTTPS_PROXY and NO_PROXY by itself."""
    options = options_of(route).options
    assert options[pycurl.PROXY] == "" and options[pycurl.NOPROXY] == ""


def test_a_proxy_is_told_who_asks_and_the_server_is_not():
    """libcurl would send the header to both."""
    proxy = parse_proxy("http://me:secret@proxy.example:3128")
    options = options_of(Route(proxy)).options
    assert options[pycurl.PROXY] == "http://proxy.example:3128"
    assert options[pycurl.HEADEROPT] == pycurl.HEADER_SEPARATE
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in options[pycurl.PROXYHEADER]


@pytest.mark.parametrize("address, told", [
    (("10.0.0.7", 8079), "::10.0.0.7:8079"), (("::1", 8079, 0, 0), "::[::1]:8079")])
def test_an_address_is_that_of_every_host(address, told):
    """Before the first colons stand host and port of the URLs that it is for: none is all."""
    if not route_options.CAN_CONNECT_TO:
        pytest.skip("libcurl is older than 7.49")
    assert options_of(Route(address=(2, address))).options[pycurl.CONNECT_TO] == [told]
    assert pycurl.CONNECT_TO not in options_of(Route()).options


def test_verification_is_on_unless_the_route_says_otherwise():
    """libcurl's own default stays."""
    for option in (pycurl.SSL_VERIFYPEER, pycurl.SSL_VERIFYHOST):
        assert option not in options_of(Route(cert=CLIENT)).options
        assert options_of(Route(verify=False)).options[option] == 0


@pytest.mark.parametrize("ca, given, other", [
    (AUTHORITY, pycurl.CAINFO, pycurl.CAPATH),
    (os.path.dirname(AUTHORITY), pycurl.CAPATH, pycurl.CAINFO)])
def test_authorities_take_the_place_of_the_systems(ca, given, other):
    """A file, or a folder; the other option would lead to the system's."""
    curl = options_of(Route(verify=ca))
    assert curl.options[given] == ca and curl.unset == [other]


@pytest.mark.parametrize("cert, key", [(CLIENT, CLIENT), ((CLIENT, AUTHORITY), AUTHORITY)])
def test_a_client_certificate_has_its_key_in_the_same_file_or_another(cert, key):
    """As in requests."""
    options = options_of(Route(cert=cert)).options
    assert (options[pycurl.SSLCERT], options[pycurl.SSLKEY]) == (CLIENT, key)


def test_a_socket_takes_the_place_of_host_and_port():
    """``unix_socket``."""
    assert options_of(Route(unix_socket="/s")).options[pycurl.UNIX_SOCKET_PATH] == "/s"


# Errors


class Exchange(object):
    """Notes how it fails."""

    def __init__(self, phase, proxy=None):
        self.options = CallOptions(
            ClientTimeout(), route=None if proxy is None else Route(parse_proxy(proxy)))
        self.phase = phase
        self.failed = None
        self.timeouts = self

    def fail(self, error_class, what, cause=None):
        self.failed = error_class, self.phase

    def connect_timed_out(self, cause=None):
        self.fail(ConnectTimeout, "")

    def refused(self, cause):
        self.fail(LocalProtocolError, "")


def translated(error, phase="read", proxy=None):
    exchange = Exchange(phase, proxy)
    transport_module.CurlTransport(None, Limits())._translate(exchange, error)
    return exchange.failed


def curl_error(number, message="message"):
    return curl_httpclient.CurlError(number, message)


@pytest.mark.parametrize("number, phase, failed", [
    (pycurl.E_COULDNT_RESOLVE_HOST, "connect", (ConnectError, "connect")),
    (pycurl.E_COULDNT_CONNECT, "connect", (ConnectError, "connect")),
    (pycurl.E_OPERATION_TIMEDOUT, "connect", (ConnectTimeout, "connect")),
    (pycurl.E_SSL_CACERT, "connect", (SSLError, "connect")),
    (pycurl.E_SSL_CONNECT_ERROR, "connect", (SSLError, "connect")),
    (pycurl.E_SEND_ERROR, "send", (ReadError, "send")),
    (pycurl.E_SEND_FAIL_REWIND, "send", (WriteError, "send")),
    (pycurl.E_RECV_ERROR, "read", (ReadError, "read")),
    (pycurl.E_GOT_NOTHING, "read", (ReadError, "read")),
    (pycurl.E_PARTIAL_FILE, "read", (ReadError, "read")),
    (pycurl.E_FTP_WEIRD_SERVER_REPLY, "read", (RemoteProtocolError, "read")),
    (pycurl.E_UNSUPPORTED_PROTOCOL, "read", (RemoteProtocolError, "read")),
])
def test_an_error_of_libcurl_has_our_class_and_phase(number, phase, failed):
    """By its number."""
    assert translated(curl_error(number), phase) == failed


def test_a_broken_chunk_is_a_protocol_error():
    """libcurl has no number of its own for it."""
    error = curl_error(pycurl.E_RECV_ERROR, "Problem in the chunked-encoded data")
    assert translated(error) == (RemoteProtocolError, "read")


def test_an_error_of_connecting_through_a_proxy_is_the_proxys():
    """A refused certificate is the server's, behind the proxy."""
    proxy = "proxy.example:3128"
    assert translated(curl_error(pycurl.E_COULDNT_CONNECT), "connect", proxy) == (
        ProxyError, "connect")
    assert translated(curl_error(pycurl.E_RECV_ERROR), "connect", proxy) == (ProxyError, "connect")
    assert translated(curl_error(pycurl.E_SSL_CACERT), "connect", proxy) == (SSLError, "connect")
    assert translated(curl_error(pycurl.E_RECV_ERROR), "read", proxy) == (ReadError, "read")


def test_an_error_that_is_not_libcurls_is_of_the_request():
    """It was raised while the options were set."""
    assert translated(ValueError("libcurl cannot"), "send") == (LocalProtocolError, "send")


def test_a_connect_error_without_descriptors_says_so(monkeypatch):
    """libcurl has another reason then, or none."""
    monkeypatch.setattr(transport_module, "lacking", lambda number: IOError(24, "too many"))
    assert translated(curl_error(pycurl.E_SSL_CACERT), "connect") == (ConnectError, "connect")
    assert translated(curl_error(pycurl.E_RECV_ERROR), "read") == (ReadError, "read")
