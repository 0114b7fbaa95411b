"""Limits that a Session hands to its pool, and bodies that wait to be asked for."""

from __future__ import absolute_import, division, print_function

import gzip
import io

import pytest
from raw_server import answering, response, then

import waterspout
from waterspout._compat import resolved
from waterspout.exceptions import QueueFull, ResponseTooLarge, Unsupported

OF_POOL = ("max_connections_per_origin", "max_queued", "max_idle", "max_age")

OF_HEADS = ("max_start_line_bytes", "max_header_fields", "max_content_codings")


@pytest.fixture
def pooled(make_client, transport):
    if transport != "pooled":
        pytest.skip("of pooled")
    return make_client


@pytest.mark.parametrize("name", OF_POOL)
def test_other_transports_refuse_limits_of_the_pool(transport, name):
    """At once, naming both; pooled takes them."""
    if transport == "pooled":
        waterspout.Session(**{name: 5})
        return
    with pytest.raises(Unsupported) as caught:
        waterspout.Session(transport=transport, **{name: 5})
    assert "the %s transport cannot do %s" % (transport, name) in str(caught.value)


@pytest.mark.parametrize("name", OF_POOL + OF_HEADS)
@pytest.mark.parametrize("value", [0, -1, "5", True])
def test_a_limit_is_a_number_above_zero(name, value):
    """Anything else is told at once, by its name."""
    with pytest.raises(ValueError) as caught:
        waterspout.Session(**{name: value})
    assert name in str(caught.value)


def test_one_origin_does_not_take_all_connections(serve, pooled):
    """The second call to it waits, with connections left for others."""
    silent = serve(then(lambda peer: peer.hold()))
    client = pooled(max_connections_per_origin=1, max_queued=1)
    calls = client.run(lambda: resolved([client.session.get(silent.url()) for _ in range(3)]))
    assert type(calls[2].exception()) is QueueFull
    assert not calls[0].done() and not calls[1].done()
    assert client.get(serve(answering(response(b"other"))).url()).content == b"other"


@pytest.mark.parametrize("seconds, accepted", [(0.000001, 2), (60, 1)])
@pytest.mark.parametrize("name", ["max_idle", "max_age"])
def test_a_connection_that_is_too_old_is_not_used_again(serve, pooled, name, seconds, accepted):
    """Neither one that idled, nor one that was opened too long ago."""
    server = serve(answering(response(b"x")))
    client = pooled(**{name: seconds})
    for _ in range(2):
        assert client.get(server.url()).content == b"x"
    assert server.accepted == accepted


def test_header_fields_are_counted(serve, make_client):
    """On every transport."""
    server = serve(answering(response(headers=[("X-%d" % n, "y") for n in range(8)])))
    assert make_client(max_header_fields=9).get(server.url()).status_code == 200
    error = make_client(max_header_fields=8).error_of("GET", server.url())
    assert type(error) is ResponseTooLarge


def test_start_line_is_bounded(serve, make_client):
    """On every transport, by its whole length."""
    server = serve(answering(response(b"x", reason="y" * 20)))
    length = len("HTTP/1.1 200 ") + 20
    assert make_client(max_start_line_bytes=length).get(server.url()).content == b"x"
    error = make_client(max_start_line_bytes=length - 1).error_of("GET", server.url())
    assert type(error) is ResponseTooLarge
    assert "line of more than %d bytes" % (length - 1) in str(error)


def test_content_codings_are_counted(serve, make_client):
    """On every transport; ``identity`` is none."""
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb") as zipped:
        zipped.write(b"zipped")
    headers = [("Content-Encoding", "identity, gzip")]
    server = serve(answering(response(file.getvalue(), headers=headers)))
    assert make_client(max_content_codings=1).get(server.url()).content == b"zipped"
    headers = [("Content-Encoding", "gzip, gzip")]
    server = serve(answering(response(b"x", headers=headers)))
    error = make_client(max_content_codings=1).error_of("GET", server.url())
    assert type(error) is waterspout.ContentDecodingError


def test_a_body_waits_for_100_continue(serve, pooled):
    """A server that refuses the head alone spares us the body: it is not even begun."""
    server = serve(then(response(b"no", status=417, reason="No"), lambda peer: peer.hold()))
    begun = []

    def body():
        begun.append(True)
        yield b"body"

    answer = pooled().post(server.url(), data=body(), headers={"Expect": "100-continue"})
    assert (answer.status_code, begun) == (417, [])


def test_stats_count_connections_by_origin(serve, pooled):
    """Two calls, one connection, and nothing under way."""
    server, client = serve(answering(response(b"x"))), pooled()

    def stats():
        return client.run(lambda: resolved(client.session.stats()))

    assert stats() == {}
    for _ in range(2):
        client.get(server.url())
    (counts,) = stats().values()
    assert counts == {"active": 0, "idle": 1, "queued": 0, "opened": 1, "reused": 1}
