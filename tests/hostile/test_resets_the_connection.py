"""An upstream that crashes: its kernel answers with a RST."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import Peer, answering, response, then

from waterspout import exceptions


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nab",
    ],
    ids="at_once in_head after_head in_body in_chunk after_chunk in_endless_body".split(),
)
def test_a_reset_is_a_read_error(serve, client, sent):
    """Wherever the response breaks off, what came of it is not passed off as whole."""
    server = serve(then(sent, Peer.reset))
    in_body = b"\r\n\r\n" in sent  # Where requests has another error for it.
    error_class = exceptions.IncompleteBody if in_body else exceptions.ReadError
    assert client.failure("POST", server.url(), data=b"x") == (error_class, "read", True)
    assert len(server.received) == 1
    client.wait_until_idle()


def test_the_session_goes_on_after_a_reset(serve, client):
    """The broken connection is not used again, the session is."""
    broken = serve(then(Peer.reset))
    client.error_of("GET", broken.url())
    assert client.get(serve(answering(response(b"well"))).url()).content == b"well"
