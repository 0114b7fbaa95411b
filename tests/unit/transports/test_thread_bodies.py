"""Bodies in worker threads: one that is read a piece at a time, one that is sent so."""

from __future__ import absolute_import, division, print_function

from concurrent.futures import Future

import pytest

from waterspout.exceptions import Unsupported
from waterspout.models.prepared_request import PreparedRequest

pytest.importorskip("requests")
exchange_module = pytest.importorskip("waterspout.transports.threads.blocking_exchange")
reader_module = pytest.importorskip("waterspout.transports.threads.thread_body_reader")


class Exchange(object):
    """As much of a StreamedBorrowedExchange as a reader uses."""

    over = paused = False
    resumed = None

    def __init__(self):
        self.events = []

    def begin(self):
        self.events.append("head")

    def body_received(self, data):
        self.events.append(data)

    def succeed(self):
        self.events.append("end")


class Blocking(object):
    """What a worker thread does: gives these pieces, or raises one that is an error."""

    def __init__(self, *pieces):
        self.pieces = list(pieces) + [b""]
        self.closed = 0

    def open(self, adapter_for):
        assert adapter_for == "adapters"

    def read(self):
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def close(self):
        self.closed += 1


class Threads(object):
    """Work that waits for a thread; the test is the thread."""

    def __init__(self, *pieces):
        self.exchange, self.blocking = Exchange(), Blocking(*pieces)
        self.work, self.failures, self.finished = [], [], 0
        reader_module.ThreadBodyReader(
            self.exchange, self.blocking, self.run, self.failed, self.finish).begin("adapters")

    def run(self, work, deliver):
        self.work.append((work, deliver))

    def failed(self, exchange, blocking, error):
        self.failures.append(error)

    def finish(self, exchange):
        self.finished += 1

    def do(self, times=1):
        """Have a thread do what waits, and deliver it."""
        for _ in range(times):
            (work, deliver), job = self.work.pop(), Future()
            try:
                job.set_result(work())
            except Exception as error:
                job.set_exception(error)
            deliver(job)


def test_a_body_is_read_piece_by_piece_to_its_end():
    """One thread at a time; the place is free at the end."""
    threads = Threads(b"1", b"2")
    assert len(threads.work) == 1 and threads.exchange.events == []
    threads.do(4)
    assert threads.exchange.events == ["head", b"1", b"2", "end"]
    assert (threads.work, threads.finished) == ([], 1)


def test_no_thread_is_held_while_the_reader_pauses():
    """It goes on when the reader does."""
    threads = Threads(b"1", b"2")
    threads.exchange.paused = True
    threads.do()
    assert threads.work == [] and threads.exchange.events == ["head"]
    threads.exchange.paused = False
    threads.exchange.resumed()
    threads.do()
    assert threads.exchange.events == ["head", b"1"]


def test_a_body_that_is_wanted_no_more_is_closed():
    """When its thread is back, since no thread can be stopped."""
    threads = Threads(b"1", b"2")
    threads.do()
    threads.exchange.over = True
    assert threads.blocking.closed == 0
    threads.do()
    assert (threads.blocking.closed, threads.finished, threads.work) == (1, 1, [])


@pytest.mark.parametrize("after", [0, 1])
def test_an_error_of_a_thread_fails_the_exchange(after):
    """Before the head, or within the body; the place is free."""
    error = IOError("reset")
    threads = Threads(*[b"1"] * after + [error])
    if not after:
        threads.blocking.open = lambda adapter_for: threads.blocking.read()
    threads.do(after + 1 + bool(after))
    assert (threads.failures, threads.finished, threads.work) == ([error], 1, [])


# Sent


class Sending(object):
    """As much of a BorrowedExchange as an upload uses; notes what happens on the IOLoop."""

    over = False

    def __init__(self, pieces):
        self.request = PreparedRequest("POST", "http://a.example/", data=pieces)
        self.events = []
        self.timeouts = self

    def awaiting_body(self):
        self.events.append("awaiting")

    def sending(self):
        self.events.append("sending")

    def handed_over(self):
        self.events.append("handed over")


def upload(pieces):
    exchange = Sending(pieces)
    return exchange, exchange_module.BlockingUpload(exchange, lambda callback: callback())


def test_a_body_is_sent_in_its_pieces_without_empty_ones():
    """An empty piece would end the body."""
    exchange, body = upload(iter([b"", b"1", b"", bytearray(b"2"), memoryview(b"3")]))
    assert list(body) == [b"1", b"2", b"3"]
    assert exchange.events == ["awaiting", "sending"] * 3 + ["awaiting", "handed over"]


def test_a_body_is_read_in_the_sizes_that_are_asked_for():
    """As of a file; what is left of a piece is kept."""
    _, body = upload(iter([b"12345", b"6"]))
    assert [body.read(2), body.read(2), body.read(2), body.read(2), body.read(2)] == [
        b"12", b"34", b"5", b"6", b""]
    _, body = upload(iter([b"12345"]))
    assert (body.read(), body.read()) == (b"12345", b"")


@pytest.mark.parametrize("piece", [u"text", 7, Future()], ids=lambda piece: type(piece).__name__)
def test_a_piece_that_is_not_bytes_is_refused(piece):
    """A thread cannot wait for a Future; the error names the transport that can."""
    exchange, body = upload(iter([piece]))
    with pytest.raises(Unsupported, match="pooled can"):
        next(body)
    assert isinstance(body.error, Unsupported)


def test_an_error_of_the_body_is_kept():
    """requests would make another one of it."""
    def broken():
        yield b"1"
        raise KeyError("broken")

    _, body = upload(broken())
    assert next(body) == b"1"
    with pytest.raises(KeyError):
        next(body)
    assert isinstance(body.error, KeyError)


def test_a_body_is_not_read_on_when_the_call_is_over():
    """The thread ends with an error, since nothing else stops it."""
    exchange, body = upload(iter([b"1", b"2"]))
    next(body)
    exchange.over = True
    with pytest.raises(EnvironmentError, match="the call is over"):
        next(body)


def test_a_generator_cleans_up_when_its_upload_is_closed():
    """Its ``finally`` runs."""
    ended = []

    def pieces():
        try:
            yield b"1"
        finally:
            ended.append(True)

    _, body = upload(pieces())
    next(body)
    body.close()
    assert ended == [True]
