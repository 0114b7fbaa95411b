"""An application with pages for operators, called without sockets."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen
from tornado.concurrent import is_future

import waterspout
from waterspout import service
from waterspout.testing import AppTransport


class Hello(service.JSONHandler):
    def get(self):
        self.write_json({"hello": self.request.remote_ip})


class Called(object):
    """Applications, called on one IOLoop."""

    def __init__(self, io_loop):
        self._io_loop = io_loop

    def run(self, function):
        """What ``function`` returns on the running loop, or what its Future resolves to."""

        @gen.coroutine
        def call():
            result = function()
            raise gen.Return((yield result) if is_future(result) else result)

        return self._io_loop.run_sync(call)

    def application(self, operations, routes=(("/hello", Hello),), **keywords):
        return self.run(lambda: service.Application(
            list(routes), operations=operations, **keywords))

    def get(self, application, path, method="GET", client="127.0.0.1", headers=None,
            host="127.0.0.1", **keywords):
        """The response of ``application`` to a peer at the address ``client``."""

        @gen.coroutine
        def call():
            session = waterspout.Session(
                transport=AppTransport(application, client_address=client))
            response = yield session.request(
                method, "http://%s%s" % (host, path), headers=headers, **keywords)
            yield session.close()
            raise gen.Return(response)

        return self.run(call)


@pytest.fixture
def called(io_loop):
    return Called(io_loop)
