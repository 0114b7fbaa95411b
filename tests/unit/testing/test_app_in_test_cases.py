"""AppTransport in the test cases of Tornado and of the standard library."""

from __future__ import absolute_import, division, print_function

import unittest

from echo_app import echo_app
from tornado import gen
from tornado.ioloop import IOLoop
from tornado.testing import AsyncHTTPTestCase, AsyncTestCase, gen_test

import waterspout
from waterspout.testing import AppTransport


class UnderAsyncTestCase(AsyncTestCase):

    def setUp(self):
        super(UnderAsyncTestCase, self).setUp()
        self.session = waterspout.Session(transport=AppTransport(echo_app()))

    @gen_test
    def test_a_call(self):
        response = yield self.session.get("http://app.test/a")
        self.assertEqual(response.json()["uri"], "/a")

    @gen_test
    def test_a_streamed_call_that_is_not_read(self):
        """What the test leaves open ends with its loop."""
        response = yield self.session.get("http://app.test/chunks/1000", stream=True)
        self.assertEqual(response.status_code, 200)


class UnderAsyncHTTPTestCase(AsyncHTTPTestCase):
    """Beside a served application."""

    def get_app(self):
        return echo_app()

    @gen_test
    def test_both(self):
        session = waterspout.Session(transport=AppTransport(self._app))
        here = yield session.get(self.get_url("/a"))
        there = yield self.http_client.fetch(self.get_url("/a"), user_agent="x")
        self.assertEqual((here.status_code, there.code), (200, 200))
        yield session.close()


class UnderPlainUnittest(unittest.TestCase):

    def test_a_call(self):
        @gen.coroutine
        def run():
            session = waterspout.Session(transport=AppTransport(echo_app()))
            response = yield session.get("http://app.test/a")
            yield session.close()
            raise gen.Return(response.json()["uri"])

        io_loop = IOLoop(make_current=False)
        self.addCleanup(io_loop.close, True)
        self.assertEqual(io_loop.run_sync(run), "/a")
