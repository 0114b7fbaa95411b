"""A body that Tornado's simple client sends as it is read, with the test in its place."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.iostream import StreamClosedError

from waterspout._compat import Future, rejected, resolved
from waterspout.exceptions import WriteError
from waterspout.models.prepared_request import PreparedRequest
from waterspout.transports.tornado_client.simple_upload import SimpleUpload


class Exchange(object):
    """As much of a BorrowedExchange and its timeouts as an upload uses; notes what it is told."""

    over = False

    def __init__(self, method, data):
        self.request = PreparedRequest(method, "http://a.example/", data=data)
        self.told, self.callbacks = [], []
        self.timeouts = self
        self.stop = lambda: self.told.append("stop")
        self.call_soon = self.callbacks.append

    def __getattr__(self, name):
        def note(*args):
            self.told.append((name,) + args[:1] if args else name)
            if name in ("fail", "raised"):
                self.over = True

        return note


class Upload(object):
    """An upload under way.

    Attributes:
        written (list of bytes): what Tornado was given.
        leaves (callable): makes the Future that Tornado returns for it.
    """

    def __init__(self, current_loop, data, method="POST", leaves=lambda: resolved(None)):
        self.loop = current_loop
        self.written = []
        self.leaves = leaves
        self.exchange = Exchange(method, data)
        self.done = SimpleUpload(self.exchange, self._write).begin()

    def _write(self, data):
        self.written.append(data)
        return self.leaves()

    def settle(self):
        """Run what the IOLoop has to do."""
        for _ in range(20):
            self.loop.run_sync(lambda: resolved(None))
            while self.exchange.callbacks:
                self.exchange.callbacks.pop(0)()


@pytest.fixture
def upload(current_loop):
    def upload(*args, **kwargs):
        return Upload(current_loop, *args, **kwargs)

    return upload


def test_each_piece_is_written_when_the_last_one_has_left(upload):
    """No more is in memory than what is being sent."""
    waiting = []
    under_way = upload(iter([b"1", b"2"]), leaves=lambda: waiting.append(Future()) or waiting[-1])
    under_way.settle()
    assert under_way.written == [b"1"]
    waiting[0].set_result(None)
    under_way.settle()
    assert under_way.written == [b"1", b"2"] and not under_way.done.done()
    waiting[1].set_result(None)
    under_way.settle()
    assert under_way.done.done() and under_way.exchange.told[-1] == "sent"


@pytest.mark.parametrize("method, written", [
    ("POST", [b"1", b"23"]), ("DELETE", [b"1\r\n1\r\n", b"2\r\n23\r\n", b"0\r\n\r\n"])])
def test_a_body_is_framed_where_tornado_does_not(upload, method, written):
    """Tornado writes chunks for POST, PUT and PATCH alone."""
    under_way = upload(iter([b"1", b"23"]), method=method)
    under_way.settle()
    assert under_way.written == written and under_way.done.done()


def test_a_connection_that_breaks_fails_the_call(upload):
    """WriteError; nothing more is read from the body."""
    under_way = upload(iter([b"1", b"2"]), leaves=lambda: rejected(StreamClosedError()))
    under_way.settle()
    assert ("fail", WriteError) in under_way.exchange.told
    assert under_way.written == [b"1"] and under_way.done.done()


def test_a_piece_that_is_not_bytes_fails_the_call(upload):
    """TypeError, as the caller's own mistake."""
    under_way = upload(iter([u"text"]))
    under_way.settle()
    (raised,) = [each[1] for each in under_way.exchange.told if each[0] == "raised"]
    assert isinstance(raised, TypeError) and under_way.written == []


def test_a_call_that_is_over_stops_the_body(upload):
    """Its generator cleans up, and Tornado need not wait for more."""
    closed, waiting = [], Future()

    def pieces():
        try:
            yield b"1"
            yield b"2"
        finally:
            closed.append(True)

    under_way = upload(pieces(), leaves=lambda: waiting)
    under_way.settle()
    under_way.exchange.stop()
    assert under_way.exchange.told[-1] == "stop"
    assert under_way.done.done() and closed == [True] and under_way.written == [b"1"]
