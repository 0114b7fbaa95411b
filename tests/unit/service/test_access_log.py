"""The lines of the access log."""

from __future__ import absolute_import, division, print_function

import logging

import pytest

from waterspout.service import access_log


class Request(object):
    method, path, remote_ip = "GET", "/a", "10.0.0.7"

    def __init__(self, refusal_kind=None):
        if refusal_kind is not None:
            self.refusal_kind = refusal_kind

    def request_time(self):
        return 0.0125


class Handler(object):
    def __init__(self, status, client_left_after=None, refusal_kind=None):
        self.request = Request(refusal_kind)
        self.status, self.client_left_after = status, client_left_after

    def get_status(self):
        return self.status


@pytest.fixture
def lines(caplog):
    """What was logged: level and text."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records]


@pytest.mark.parametrize("status, level", [(200, "INFO"), (404, "INFO"), (500, "WARNING")])
def test_line_has_status_method_path_client_and_time(lines, status, level):
    """A warning from 500 on."""
    access_log.log_response(Handler(status))
    assert lines() == [(level, "%d GET /a (10.0.0.7) 12.5ms" % status)]


@pytest.mark.parametrize(
    "status, outcome", [(200, "the request ended with 200"), (499, "the request was given up")]
)
def test_line_of_a_client_that_left_says_when_and_how_the_request_ended(lines, status, outcome):
    """With 499 in place of the status."""
    access_log.log_response(Handler(status, client_left_after=0.003))
    assert lines() == [
        ("INFO", "499 GET /a (10.0.0.7) 12.5ms: the client left after 3.0ms, " + outcome)]


def test_line_of_a_refused_request_says_why(lines):
    """The kind of refusal, as the server counts it."""
    access_log.log_response(Handler(400, refusal_kind="host"))
    assert lines() == [("INFO", "400 GET /a (10.0.0.7) 12.5ms: refused by the server (host)")]


def test_line_of_an_incomplete_request(lines):
    """With 499."""
    access_log.log_incomplete(Request())
    assert lines() == [("INFO", "499 GET /a (10.0.0.7) 12.5ms: "
                                "the connection ended before the request was complete")]
