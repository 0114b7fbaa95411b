"""An upstream that closes the connection, in order, before its answer is whole."""

from __future__ import absolute_import, division, print_function

import gzip
import io

import pytest
from cut_responses import IN_BODY
from differences import skip_if_limited
from raw_server import response, then

import waterspout
from waterspout import exceptions

READ_ERROR = (waterspout.ReadError, "read", True)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_close_without_a_response_is_a_read_error(serve, client, method):
    """The server may have acted on the request, so it is not sent again."""
    server = serve(then())
    assert client.failure(method, server.url()) == READ_ERROR
    assert len(server.received) == 1
    client.wait_until_idle()


@pytest.mark.parametrize("where", sorted(IN_BODY))
def test_a_body_cut_short_is_an_error(serve, client, where):
    """What came of a framed body is not passed off as whole."""
    failure = client.failure("GET", serve(then(IN_BODY[where])).url())
    assert failure == (exceptions.IncompleteBody, "read", True)
    client.wait_until_idle()


@pytest.mark.parametrize("sent", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-"])
def test_a_head_cut_short_is_an_error(serve, client, sent):
    """Half of the header fields are not all of them."""
    skip_if_limited(client.transport, "cut_head")
    assert client.failure("GET", serve(then(sent)).url()) == READ_ERROR


@pytest.mark.parametrize("framing", ["length", "close"])
def test_a_compressed_body_cut_short_is_an_error(serve, client, framing):
    """Even where the framing does not tell, half a gzip stream does."""
    half = gzipped(b"whole" * 1000)[:-9]
    gzip_header = [("Content-Encoding", "gzip")]
    server = serve(then(response(half, headers=gzip_header, length=framing == "length")))
    error = client.error_of("GET", server.url())
    assert type(error) is waterspout.ContentDecodingError
    assert "incomplete" in str(error)


def gzipped(data):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
        file.write(data)
    return buffer.getvalue()
