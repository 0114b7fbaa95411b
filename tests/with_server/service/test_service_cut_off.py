"""A handler that fails after it has sent a part of its response."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from programs import wait_until
from tornado import gen

import waterspout
from waterspout import service
from waterspout.instrumentation import Observer


class Lines(service.JSONHandler):
    """Sends one line and raises; with a Content-Length if the path says so."""

    errors = {
        "bug": ValueError("a bug"),
        "upstream": waterspout.ReadTimeout("of an upstream"),
        "refusal": service.Refusal(503, "no more"),
    }
    left = []

    @gen.coroutine
    def get(self, how, error):
        if how == "length":
            self.set_header("Content-Length", "12")
        self.write('{"n": 1}\n')
        yield self.flush()
        raise self.errors[error]

    def on_connection_close(self):
        super(Lines, self).on_connection_close()
        self.left.append(self.request.path)


class BadError(Lines):
    """Fails again while its error is answered."""

    def send_error(self, *args, **kwargs):
        raise KeyError()


class Sent(Observer):
    def __init__(self):
        self.details = []

    def response_sent(self, detail):
        self.details.append(detail)


@pytest.fixture
def sent():
    return Sent()


@pytest.fixture
def served(serve, sent):
    def make_app():
        return service.Application(
            [("/(chunked|length)/(.*)", Lines), ("/(bad-error)/(.*)", BadError)],
            observers=[sent])

    with serve(make_app) as served:
        yield served


@pytest.mark.parametrize("error", sorted(Lines.errors))
@pytest.mark.parametrize("how", ["chunked", "length"])
def test_a_response_that_fails_midway_does_not_look_whole(io_loop, served, how, error):
    """A chunked body has no last chunk (RFC 9112 section 8); the next request is answered."""
    @gen.coroutine
    def first_line():
        response = yield session.get(url, stream=True)
        lines = response.iter_lines()
        raise gen.Return(((yield lines.next()), lines))

    session = waterspout.Session(timeout=30)
    url = "http://127.0.0.1:%d/%s/%s" % (served.port, how, error)
    for _ in range(2):
        line, rest = io_loop.run_sync(first_line)
        assert line == b'{"n": 1}'
        with pytest.raises(waterspout.IncompleteBody):
            io_loop.run_sync(rest.next)
    io_loop.run_sync(session.close)


def test_it_is_logged_and_observed_once(io_loop, served, sent, caplog):
    """As a response that was cut off, and not as a client that has left."""
    caplog.set_level(logging.INFO)
    del Lines.left[:]
    logging.getLogger("tornado.access").setLevel(logging.INFO)
    try:
        with pytest.raises(waterspout.IncompleteBody):
            io_loop.run_sync(lambda: waterspout.get(
                "http://127.0.0.1:%d/chunked/bug" % served.port, timeout=30))
        wait_until(lambda: sent.details and [
            record for record in caplog.records if record.name == "tornado.access"])
    finally:
        logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
    [line] = [record.getMessage() for record in caplog.records if record.name == "tornado.access"]
    assert line.startswith("200 GET /chunked/bug ")
    assert line.endswith(": an error cut the response off")
    assert len([record for record in caplog.records if "Incident" in record.getMessage()]) == 1
    assert "after headers written" not in caplog.text
    [detail] = sent.details
    assert (detail.status_code, detail.client_left, detail.cut_off) == (200, False, True)
    assert detail.response_bytes is None
    assert Lines.left == []


@pytest.mark.parametrize("how", ["length", "bad-error"])
def test_no_size_of_a_body_that_was_cut_off(io_loop, served, sent, how):
    """Whatever its Content-Length; also if answering the error fails."""
    with pytest.raises(waterspout.IncompleteBody):
        io_loop.run_sync(lambda: waterspout.get(
            "http://127.0.0.1:%d/%s/bug" % (served.port, how), timeout=30))
    wait_until(lambda: sent.details)
    [detail] = sent.details
    assert (detail.status_code, detail.response_bytes) == (200, None)
    assert (detail.client_left, detail.cut_off) == (False, True)
