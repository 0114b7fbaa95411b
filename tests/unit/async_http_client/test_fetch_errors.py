"""Errors of our connections as those that Tornado's own client raises."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from tornado.httpclient import HTTPError
from tornado.httputil import HTTPOutputError
from tornado.iostream import UnsatisfiableReadError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

from waterspout import exceptions
from waterspout._async_http_client.tornado_errors import raised_error, timeout_error, tornado_error
from waterspout._compat import NAMES_SLOW_STEPS
from waterspout._net.connector import CONNECTING, RESOLVING, SECURING
from waterspout._net.origin import Origin, Proxy


class Exchange(object):
    def __init__(self, phase="read", doing=None, proxy=None):
        self.origin = Origin("http", "a.example", 80, proxy=proxy)
        self.phase = phase
        self.attempt = type("Attempt", (), {"doing": doing})


@pytest.mark.parametrize("error_class, what, expected", [
    (exceptions.RemoteProtocolError, "nonsense", HTTPStreamClosedError),
    (exceptions.ResponseTooLarge, "the body is 9 bytes", HTTPStreamClosedError),
    (exceptions.ResponseTooLarge, "response head of more than 9 bytes", UnsatisfiableReadError),
    (exceptions.ProxyError, "the proxy answered 403", HTTPError),
    (exceptions.ConnectError, "refused", IOError),
    (exceptions.ReadError, "the server closed the connection", HTTPStreamClosedError),
    (exceptions.WriteError, "reset", HTTPStreamClosedError),
])
def test_an_error_has_the_class_that_tornado_raises(error_class, what, expected):
    """With what happened in its text."""
    error = tornado_error(Exchange(), error_class, what, None)
    assert type(error) is expected and what in str(error)


def test_an_error_of_the_system_is_raised_as_it_is():
    """As Tornado does; a program may look at its number."""
    cause = socket.error(104, "reset")
    assert tornado_error(Exchange(), exceptions.ReadError, "reset", cause) is cause
    assert tornado_error(Exchange(), exceptions.SSLError, "bad certificate", cause) is cause


def test_ours_is_the_cause_of_an_error_that_tells_less():
    """A log has both."""
    error = tornado_error(Exchange(), exceptions.RemoteProtocolError, "nonsense", None)
    assert type(error.__cause__) is exceptions.RemoteProtocolError
    assert str(error) == "Connection closed: nonsense"


def test_a_request_that_http_forbids_is_an_output_error():
    """Of Tornado's name; any other error of a request stays what it is."""
    error = raised_error(exceptions.LocalProtocolError("a\r\nb"))
    assert type(error) is HTTPOutputError and "a\r\nb" in str(error)
    other = KeyError("unknown method")
    assert raised_error(other) is other


@pytest.mark.parametrize("phase, text", [
    ("pool", "Timeout in request queue"), ("send", "Timeout during request"),
    ("read", "Timeout during request")])
def test_a_timeout_names_its_phase(phase, text):
    """In Tornado's words."""
    error = timeout_error(Exchange(phase))
    assert type(error) is HTTPTimeoutError and text in str(error)


@pytest.mark.parametrize("doing, proxy, text", [
    (RESOLVING, None, "Timeout while resolving a.example"),
    (CONNECTING, None, "Timeout while connecting to a.example:80"),
    (SECURING, None, "Timeout during TLS handshake with a.example:80"),
    (RESOLVING, Proxy("proxy.example", 3128), "Timeout while resolving proxy.example"),
    (CONNECTING, Proxy("proxy.example", 3128), "Timeout while connecting to proxy.example:3128"),
    (SECURING, Proxy("proxy.example", 3128), "Timeout during TLS handshake with a.example:80"),
])
def test_a_timeout_of_a_connection_names_the_step_and_the_peer(doing, proxy, text):
    """As Tornado 6.6 does; those before it say that it was connecting."""
    error = timeout_error(Exchange("connect", doing, proxy))
    assert (text if NAMES_SLOW_STEPS else "Timeout while connecting") in str(error)
