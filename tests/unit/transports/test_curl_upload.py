"""When libcurl asks for a body, and when the body is asked."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._compat import Future, resolved
from waterspout._encoding.streamed_bodies import IteratorBody

pycurl = pytest.importorskip("pycurl")
upload_module = pytest.importorskip("waterspout.transports.curl.curl_upload")

needs_pause = pytest.mark.skipif(not upload_module.CAN_PAUSE, reason="pycurl before 7.45")


class Curl(object):
    def setopt(self, option, value):
        pass


class Exchange(object):
    """As much of a BorrowedExchange as an upload uses."""

    over = False

    class request(object):
        method = "POST"

    def connected(self):
        pass

    awaiting_body = sending = sent = connected

    def call_soon(self, callback):
        pass

    @property
    def timeouts(self):
        return self


class Pieces(object):
    """Gives a Future for each piece that it is asked for."""

    def __init__(self):
        self.asked = []

    def __iter__(self):
        return self

    def __next__(self):
        self.asked.append(Future())
        return self.asked[-1]

    next = __next__


@pytest.fixture
def upload(io_loop):
    exchange, pieces = Exchange(), Pieces()
    exchange.request.body = IteratorBody(pieces)
    upload = upload_module.CurlUpload(Curl(), exchange)
    upload.prepare()
    upload.exchange, upload.asked = exchange, pieces.asked
    upload.on_loop = lambda function, *args: io_loop.run_sync(lambda: resolved(function(*args)))
    return upload


@needs_pause
def test_a_pause_that_libcurl_ends_by_itself_asks_for_no_second_piece(upload):
    """The one that was asked for is still to come."""
    for _ in range(2):
        assert upload.on_loop(upload._read, 100) == pycurl.READFUNC_PAUSE
    assert len(upload.asked) == 1


@needs_pause
def test_no_piece_is_asked_for_after_the_end_of_the_call(upload):
    """libcurl asks once more before it gives up, with or without a piece before."""
    upload.on_loop(upload._read, 100)
    upload.exchange.over = True
    upload.on_loop(upload.stop)
    assert upload.on_loop(upload._read, 100) == pycurl.READFUNC_ABORT
    assert len(upload.asked) == 1


def test_no_piece_is_asked_for_if_the_call_ended_while_connecting(upload):
    """As by its time limit, while libcurl was connecting."""
    upload.exchange.over = True
    upload.on_loop(upload.stop)
    assert upload.on_loop(upload._read, 100) == pycurl.READFUNC_ABORT
    assert upload.asked == []
