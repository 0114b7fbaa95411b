"""A body that ``body_producer`` writes, with the test in the place of the connection."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen
from tornado.iostream import StreamClosedError

from waterspout._async_http_client.body_producer import ProducerBodySource
from waterspout._compat import Future


class Upload(object):
    """Notes what it is given."""

    def __init__(self):
        self.written, self.ended, self.error = [], 0, None

    def write(self, data):
        self.written.append(data)

    def end_body(self):
        self.ended += 1

    def body_failed(self, error):
        self.error = error


@pytest.fixture
def upload(current_loop):
    return Upload()


@pytest.fixture
def settle(current_loop):
    """Run what the current IOLoop has to do."""
    return lambda: current_loop.run_sync(lambda: gen.sleep(0))


def started(producer, upload):
    body = ProducerBodySource(producer, None)
    body.start(upload)
    return body


def test_a_producer_that_returns_none_has_written_all(upload):
    """The body ends with it."""
    started(lambda write: write(b"all") and None, upload)
    assert (upload.written, upload.ended) == ([b"all"], 1)


def test_a_body_ends_with_the_future_of_its_producer(upload, settle):
    """The end comes with the Future's result, not before."""
    future = Future()
    started(lambda write: write(b"first") and future, upload)
    assert (upload.written, upload.ended) == ([b"first"], 0)
    future.set_result(None)
    settle()
    assert upload.ended == 1


def test_a_write_is_done_when_its_bytes_have_left(upload):
    """All of them wait together."""
    writes, end = [], Future()
    body = started(lambda write: writes.extend([write(b"1"), write(b"2")]) or end, upload)
    assert [each.done() for each in writes] == [False, False]
    body.drained()
    assert [each.result() for each in writes] == [None, None]


def test_a_write_to_a_connection_that_ended_fails(upload):
    """StreamClosedError, for those that wait and for those that come."""
    writes, writer = [], []
    body = started(lambda write: writer.append(write) or writes.append(write(b"1")) or Future(),
                   upload)
    body.stop()
    writes.append(writer[0](b"2"))
    assert [type(each.exception()) for each in writes] == [StreamClosedError] * 2
    assert upload.written == [b"1"]


@pytest.mark.parametrize("stopped", [False, True])
def test_an_error_of_the_producer_fails_the_upload(upload, settle, stopped):
    """Unless the upload has been stopped."""
    future, error = Future(), KeyError("broken")
    body = started(lambda write: future, upload)
    if stopped:
        body.stop()
    future.set_exception(error)
    settle()
    assert upload.error is (None if stopped else error)


@pytest.mark.parametrize("data", [u"text", 7, None, bytearray(b"x")], ids=repr)
def test_a_producer_that_writes_no_bytes_is_told(upload, data):
    """TypeError, in its own code."""
    with pytest.raises(TypeError, match="a body must be bytes"):
        started(lambda write: write(data), upload)
