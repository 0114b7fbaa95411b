"""RequestContext: the same results as the installed Tornado's, for any X-Forwarded-For."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httpserver import _HTTPRequestContext
from tornado.httputil import HTTPHeaders
from tornado.iostream import IOStream, SSLIOStream

from waterspout._http_server import request_context
from waterspout._http_server.request_context import RequestContext

PEERS = [
    (socket.AF_INET, ("10.0.0.1", 4711)),
    (socket.AF_INET6, ("::1", 4711, 0, 0)),
    (socket.AF_INET, None),
    (socket.AF_UNIX, ""),
    (socket.AF_UNIX, b""),
    (socket.AF_UNIX, b"\0abstract"),
    (socket.AF_UNIX, "/run/app.sock"),
]
ATTRIBUTES = ("address", "address_family", "remote_ip", "protocol", "trusted_downstream")
NAMES = ("X-Forwarded-For", "X-Real-Ip", "X-Scheme", "X-Forwarded-Proto")
PARTS = (
    "10.0.0.2", "10.0.0.3", "::1", "fe80::1%lo", "fe80::1%nowhere", "1", "0x7f.1",
    "127.1", "256.1.1.1",
    "localhost", "example.com", "10.0.0.2:80", "[::1]", "a" * 64, "1.2.3.4x", "http", "https",
    "HTTPS", "ws", "", " ", "\t", "\"", "10.0.0.2 10.0.0.3", "-", "caf\xc3\xa9", "'",
)
values = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=5).map(",".join),
    st.lists(st.sampled_from(PARTS), max_size=5).map(" , ".join),
    st.text("0123456789abcdef.:%, []", max_size=12).map(str),
)


class Socket(object):
    def __init__(self, family):
        self.family = family


def of_tornado(family, address, is_tls=False, protocol=None, trusted_downstream=None):
    kind = SSLIOStream if is_tls else IOStream
    stream = kind.__new__(kind)
    stream.socket = Socket(family)
    return _HTTPRequestContext(stream, address, protocol, trusted_downstream)


def seen(context):
    return [getattr(context, name) for name in ATTRIBUTES] + [str(context)]


@pytest.mark.parametrize("family, address", PEERS)
@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize("protocol", [None, "", "https", "http"])
def test_a_peer_is_described_as_by_tornado(family, address, is_tls, protocol):
    assert seen(RequestContext(family, address, is_tls, protocol)) == seen(
        of_tornado(family, address, is_tls, protocol))


@given(
    st.sampled_from(PEERS), st.booleans(), st.sampled_from([None, "http", "https"]),
    st.sampled_from([None, [], ["10.0.0.2"], ["10.0.0.2", "10.0.0.3", ""]]),
    st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=4))
def test_fields_of_a_proxy_mean_what_they_mean_to_tornado(peer, is_tls, protocol, trusted, pairs):
    """Also hostile ones; afterwards they are forgotten."""
    headers = HTTPHeaders()
    for name, value in pairs:
        headers.add(name, value.strip(" \t"))
    contexts = [make(peer[0], peer[1], is_tls, protocol, trusted)
                for make in (RequestContext, of_tornado)]
    before = seen(contexts[0])
    contexts[0]._apply_xheaders(headers)
    try:
        contexts[1]._apply_xheaders(headers)
    except UnicodeError:  # Tornado before 6.3 fails.
        pass
    else:
        assert seen(contexts[0]) == seen(contexts[1])
    contexts[0]._unapply_xheaders()
    assert seen(contexts[0]) == before


def test_a_name_that_cannot_be_encoded_is_no_address(monkeypatch):
    """``is_valid_ip`` of Tornado 6.1 raises for a long one."""

    def is_valid_ip(ip):
        raise UnicodeError("label too long")

    monkeypatch.setattr(request_context.netutil, "is_valid_ip", is_valid_ip)
    context = RequestContext(socket.AF_INET, ("10.0.0.1", 1), False)
    context._apply_xheaders(HTTPHeaders({"X-Real-Ip": "a" * 64}))
    assert context.remote_ip == "10.0.0.1"


def test_thousands_of_connections_share_the_trusted_addresses():
    """Each idle connection holds a context."""
    trusted = frozenset(["10.0.0.2"])
    context = RequestContext(socket.AF_INET, ("10.0.0.1", 1), False, None, trusted)
    assert context.trusted_downstream is trusted and not hasattr(context, "__dict__")
