"""Errors of requests, urllib3 and http.client in our words."""

from __future__ import absolute_import, division, print_function

import errno
import socket
import ssl

import pytest

from waterspout import exceptions

try:
    from http import client
except ImportError:  # py2: its name there
    import httplib as client

theirs = pytest.importorskip("requests.exceptions")
urllib3 = pytest.importorskip("urllib3.exceptions")
errors = pytest.importorskip("waterspout.transports.threads.requests_errors")

POOL, CONNECTION = None, "<urllib3.connection.HTTPConnection object at 0x7f>"


def wrapped(error):
    """As requests has it: around urllib3's MaxRetryError, around the error itself."""
    return theirs.ConnectionError(urllib3.MaxRetryError(POOL, "/", error))


def new_connection_error(text):
    return urllib3.NewConnectionError(CONNECTION, text)


REFUSED = new_connection_error("Failed to establish a new connection: [Errno 111] refused")


@pytest.mark.parametrize("error, phase, ours", [
    (theirs.ConnectTimeout("slow"), "connect", exceptions.ConnectTimeout),
    (theirs.ReadTimeout("slow"), "read", exceptions.ReadTimeout),
    (wrapped(urllib3.ReadTimeoutError(POOL, "/", "slow")), "read", exceptions.ReadTimeout),
    (socket.timeout("slow"), "read", exceptions.ReadTimeout),
    (theirs.SSLError("bad certificate"), "connect", exceptions.SSLError),
    (ssl.SSLError(1, "bad record"), "read", exceptions.SSLError),
    (wrapped(REFUSED), "connect", exceptions.ConnectError),
    (errors.NoThread("no thread"), "connect", exceptions.ConnectError),
    (socket.error(errno.EMFILE, "too many"), "connect", exceptions.ConnectError),
    (wrapped(socket.error(errno.ENFILE, "too many")), "connect", exceptions.ConnectError),
    (theirs.ProxyError(urllib3.MaxRetryError(POOL, "/", REFUSED)), "connect",
     exceptions.ProxyError),
    (wrapped(errors.TunnelFailed("403", socket.error("403"))), "connect", exceptions.ProxyError),
    (urllib3.DecodeError("not gzip"), "read", exceptions.ContentDecodingError),
    (errors.CutShort("3 bytes early"), "read", exceptions.ReadError),
    (wrapped(socket.error(errno.ECONNRESET, "reset")), "read", exceptions.ReadError),
    (urllib3.LocationParseError("host"), "connect", exceptions.InvalidURL),
    (ValueError("something else"), "read", exceptions.RemoteProtocolError),
], ids=lambda value: getattr(value, "__name__", None) or repr(value)[:40])
def test_an_error_has_our_class_and_the_phase_it_came_in(error, phase, ours):
    """By what it is, or by what it wraps."""
    assert errors.translate(error)[:2] == (phase, ours)


def test_an_error_of_ours_stays_what_it_is():
    """Raised in the worker thread, for a body that cannot be sent."""
    found = errors.translate(exceptions.BodyChanged("the file has grown"))
    assert found == ("read", exceptions.BodyChanged, "the file has grown")


def test_a_text_has_no_address_of_an_object():
    """urllib3 begins its texts with one."""
    assert errors.translate(wrapped(REFUSED))[2] == "[Errno 111] refused"


def test_an_error_without_a_text_is_named():
    """By its class."""
    assert errors.translate(socket.timeout())[2] == socket.timeout.__name__


@pytest.mark.parametrize("error, ours", [
    (client.IncompleteRead(b"abc", 7), exceptions.ReadError),
    (client.LineTooLong("header line"), exceptions.ResponseTooLarge),
    (client.HTTPException("got more than 100 headers"), exceptions.ResponseTooLarge),
    (client.BadStatusLine("nonsense"), exceptions.RemoteProtocolError),
    (client.UnknownProtocol("HTTP/9"), exceptions.RemoteProtocolError),
], ids=repr)
def test_an_error_of_http_client_has_our_class(error, ours):
    """Bare, or wrapped by urllib3 and requests."""
    for each in (error, wrapped(urllib3.ProtocolError("Connection broken", error))):
        assert errors.translate(each)[:2] == ("read", ours)


def test_a_connection_closed_without_a_response_is_called_that():
    """http.client's own words are not those of the field."""
    if hasattr(client, "RemoteDisconnected"):
        error = client.RemoteDisconnected("Remote end closed connection without response")
    else:  # py2: its predecessor
        error = client.BadStatusLine("No status line received - the server has closed")
    found = errors.translate(wrapped(urllib3.ProtocolError("Connection aborted.", error)))
    assert found == ("read", exceptions.ReadError, "the server closed the connection")
