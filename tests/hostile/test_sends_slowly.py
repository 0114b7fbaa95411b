"""An upstream that answers a byte at a time."""

from __future__ import absolute_import, division, print_function

import threading

import pytest
from raw_server import PATIENCE, answering, response

import waterspout


class Trickle(object):
    """A behaviour: send the answer byte by byte, one for each `more`, until `enough`."""

    def __init__(self, answer):
        self._answer = answer
        self._allowed = threading.Semaphore(0)
        self._enough = False

    def more(self):
        self._allowed.release()

    def enough(self):
        self._enough = True
        self._allowed.release()

    def __call__(self, peer):
        peer.read_request()
        for index in range(len(self._answer)):
            self._allowed.acquire()
            if self._enough:
                return
            peer.send(self._answer[index : index + 1])


def call_with_a_byte_every(client, server, trickle, seconds, timeout):
    def send_more():
        trickle.more()
        later[0] = client.io_loop.call_later(seconds, send_more)

    later = [client.io_loop.call_later(seconds, send_more)]
    try:
        return client.get(server.url(), timeout=timeout)
    finally:
        client.io_loop.remove_timeout(later[0])
        trickle.enough()


@pytest.mark.parametrize("framing", ["length", "close"])
def test_a_slow_answer_is_no_timeout(serve, client, framing):
    """``timeout.read`` counts from every byte, so a whole answer may take much longer."""
    trickle = Trickle(response(b"slowly" * 8, length=framing == "length"))
    server = serve(trickle)
    answer = call_with_a_byte_every(client, server, trickle, 0.01, timeout=(PATIENCE, 0.5))
    assert answer.content == b"slowly" * 8
    assert answer.trace.total > 0.5


def test_a_slow_answer_meets_the_deadline(serve, client):
    """``timeout.total`` holds however many bytes come."""
    trickle = Trickle(response(b"slowly" * 100))
    server = serve(trickle)
    timeout = waterspout.ClientTimeout(read=2, total=0.3)
    try:
        call_with_a_byte_every(client, server, trickle, 0.01, timeout=timeout)
    except waterspout.DeadlineExceeded as error:
        assert error.may_have_been_sent
        assert "0.3 s" in str(error)
    else:
        raise AssertionError("it took the time it wanted")


def test_an_answer_in_pieces_is_whole(serve, client):
    """Where the packets end does not matter."""
    answer = response(b"in pieces", headers=[("X-A", "1")])
    pieces = [answer[index : index + 3] for index in range(0, len(answer), 3)]

    def behave(peer):
        for _ in peer.requests():
            for piece in pieces:
                peer.send(piece)

    whole = client.get(serve(behave).url())
    assert (whole.content, whole.headers["X-A"]) == (b"in pieces", "1")
    assert client.get(serve(answering(answer)).url()).headers == whole.headers
