"""What a program overrides or wraps is called, whatever the kit leaves out where nothing is."""

from __future__ import absolute_import, division, print_function

import pytest
from served_app import ServedApp
from tornado import web

from waterspout import service

#: What was called since the test began.
called = []


class Counting(object):
    """Around a connection: counts what is sent, as libraries for metrics do."""

    def __init__(self, connection):
        self._connection = connection

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def write_headers(self, start_line, headers, chunk=None):
        called.append(len(chunk or b""))
        return self._connection.write_headers(start_line, headers, chunk)


class WrappingHandler(service.JSONHandler):
    def initialize(self):
        self.request.connection = Counting(self.request.connection)

    def post(self):
        self.write_json({"a": 1})


class Narrow(object):
    """Around a connection, with the methods of Tornado's ``HTTPConnection`` and nothing else."""

    __slots__ = ("_connection", "set_close_callback", "write", "finish", "stream")

    def __init__(self, connection):
        self._connection = connection
        for name in self.__slots__[1:]:
            setattr(self, name, getattr(connection, name))

    write_headers = Counting.__dict__["write_headers"]


class NarrowHandler(WrappingHandler):
    def initialize(self):
        self.request.connection = Narrow(self.request.connection)


class PatchingHandler(service.JSONHandler):
    """Replaces a method of the connection itself."""

    def initialize(self):
        connection = self.request.connection
        write_headers = connection.write_headers

        def counted(start_line, headers, chunk=None):
            called.append(len(chunk or b""))
            return write_headers(start_line, headers, chunk)

        connection.write_headers = counted

    def post(self):
        self.write_json({"a": 1})


class Statuses(web.RequestHandler):
    def set_status(self, status_code, reason=None):
        called.append(status_code)
        super(Statuses, self).set_status(status_code, reason)


class MixedHandler(service.JSONHandler, Statuses):
    def post(self):
        self.write_json({"a": 1})


@pytest.mark.parametrize("handler, expected", [
    (WrappingHandler, [7]), (NarrowHandler, [7]), (PatchingHandler, [7]), (MixedHandler, [200]),
], ids=["wrapped connection", "without a dict", "replaced method", "mixin"])
def test_it_is_called(handler, expected):
    del called[:]
    with ServedApp(lambda: service.Application([("/", handler)])) as served:
        with served.connect() as connection:
            answer = connection.post("/", b"{}")
    assert (answer.status, answer.json) == (200, {"a": 1})
    assert called == expected
