"""Deadlines of requests on each HTTP server: they find the head at different times."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout
from waterspout import service


class ShowsHandler(service.JSONHandler):
    def post(self):
        self.write_json({"has": self.deadline is not None})


def make_app():
    return service.Application(
        [("/", ShowsHandler)], deadline=waterspout.DeadlineHeader("X-Left", "s"))


@pytest.mark.parametrize("field, status, body", [
    (b"", 200, {"has": False}),
    (b"X-Left: 60.5\r\n", 200, {"has": True}),
    (b"X-Left: 0\r\n", 504, {"error": "too little time is left to answer: 0 s by X-Left, and "
                                      "more than 0 s are needed"}),
    (b"X-Left: 1\r\nX-Left: 2\r\n", 400, {
        "error": "the field X-Left must be one number of seconds, without sign and exponent"}),
], ids=["without", "with", "none left", "twice"])
def test_deadline_is_checked_before_the_handler(serve, field, status, body):
    """And the connection can be used again."""
    with serve(make_app) as served, served.connect() as connection:
        for _ in range(2):
            connection.send(
                b"POST / HTTP/1.1\r\nHost: x\r\n" + field + b"Content-Length: 2\r\n\r\n{}")
            answer = connection.read_answer()
            assert (answer.status, answer.json) == (status, body)
