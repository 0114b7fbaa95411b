"""Large bodies both ways, in the clear and over TLS, one and several at a time."""

from __future__ import absolute_import, division, print_function

import hashlib
import io

import pytest
from certificates import AUTHORITY, SERVER, server_context
from raw_server import response
from tornado import gen

MIB = 1024 * 1024
LARGE = bytes(bytearray(range(251))) * (9 * MIB // 251)
SENT = LARGE[:2 * MIB]


def digesting(peer):
    """Answer each request with LARGE and, in a header, the digest of what was sent."""
    for received in peer.requests():
        digest = hashlib.sha256(received.body).hexdigest()
        peer.send(response(LARGE, headers=[("X-Digest", digest)]))


@pytest.fixture(params=["http", "https"])
def server(request, serve):
    return serve(digesting, tls=server_context(SERVER) if request.param == "https" else None)


@pytest.fixture
def client(make_client):
    return make_client(verify=AUTHORITY)


@pytest.mark.parametrize("body", [lambda: SENT, lambda: io.BytesIO(SENT),
                                  lambda: iter([SENT[:MIB], SENT[MIB:]])],
                         ids=["bytes", "file", "iterator"])
def test_a_large_body_arrives_whole_both_ways(server, client, body):
    """Twice, so that a kept connection does it too."""
    url = server.url().replace("127.0.0.1", "localhost")  # py2: no certificates for addresses
    for _ in range(2):
        answer = client.post(url, data=body())
        assert answer.headers["X-Digest"] == hashlib.sha256(SENT).hexdigest()
        assert answer.content == LARGE


def test_several_large_bodies_at_a_time_are_not_mixed_up(server, client):
    """Each call has its own."""
    url = server.url().replace("127.0.0.1", "localhost")
    sent = [SENT[at:] for at in range(4)]
    answers = client.run(lambda: gen.multi([client.session.post(url, data=each) for each in sent]))
    assert [each.headers["X-Digest"] for each in answers] == [
        hashlib.sha256(each).hexdigest() for each in sent]
    assert all(each.content == LARGE for each in answers)
