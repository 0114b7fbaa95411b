"""The tools work under the classes and plug-ins that run tests of coroutines."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys
import unittest

import pytest
from programs import ROOT
from tornado import gen, web
from tornado.ioloop import IOLoop
from tornado.testing import AsyncHTTPTestCase, AsyncTestCase, gen_test

import waterspout
from waterspout.testing import FakeClock, MockTransport, patch_sessions


class UnderAsyncTestCase(AsyncTestCase):
    def setUp(self):
        super(UnderAsyncTestCase, self).setUp()
        self.mock = MockTransport()
        patch = patch_sessions(self.mock)
        patch.start()
        self.addCleanup(self.mock.check)
        self.addCleanup(patch.stop)
        self.clock = FakeClock()
        self.clock.__enter__()
        self.addCleanup(self.clock.__exit__)

    @gen_test(timeout=5)
    def test_an_hour_passes_at_once(self):
        self.mock.get("/a").respond(delay=3600, text=u"x")
        call = waterspout.get("http://host.test/a", timeout=7200)
        yield self.clock.advance(3599)
        self.assertFalse(call.done())
        yield self.clock.advance(1)
        self.assertEqual((yield call).text, "x")

    def test_with_stop_and_wait(self):
        self.mock.get("/a").respond(text=u"y")
        self.io_loop.add_callback(lambda: self.io_loop.add_future(
            waterspout.get("http://host.test/a"), self.stop))
        self.assertEqual(self.wait().result().text, "y")


class Handler(web.RequestHandler):
    @gen.coroutine
    def get(self):
        sdk = waterspout.BaseSDK("upstream.test", errors="empty")
        self.finish((yield sdk.fetch_async("GET", "/object/HOST")))


class UnderAsyncHTTPTestCase(AsyncHTTPTestCase):
    """The SDK that the handler makes is answered by the mock; `fetch` goes to the application."""

    def get_app(self):
        return web.Application([("/", Handler)])

    def test_handler(self):
        with patch_sessions() as mock:
            mock.get("http://upstream.test/object/{id}").respond(json={"code": 0})
            self.assertEqual(self.fetch("/").body, b'{"code": 0}')

    def test_unexpected_request(self):
        """The handler answers 500; the reason is told nevertheless."""
        with pytest.raises(AssertionError, match="/object/HOST was not expected"):
            with patch_sessions():
                self.assertEqual(self.fetch("/").code, 200)


class UnderTestCase(unittest.TestCase):
    def test_run_sync(self):
        @gen.coroutine
        def run():
            with MockTransport() as mock, FakeClock() as clock:
                mock.get("/a").respond(delay=60)
                call = waterspout.Session(transport=mock).get("http://host.test/a", timeout=90)
                yield clock.advance(60)
                self.assertTrue(call.result().ok)

        io_loop = IOLoop()
        try:
            io_loop.run_sync(run)
        finally:
            io_loop.close()


UNDER_PYTEST_TORNADO = '''
import pytest
import waterspout

@pytest.mark.gen_test
def test_clock_and_mock(io_loop, waterspout_mock, waterspout_clock):
    waterspout_mock.get("/a").respond(delay=3600)
    call = waterspout.get("http://host.test/a", timeout=7200)
    yield waterspout_clock.advance(3600)
    assert call.result().ok
'''

UNDER_PYTEST_ASYNCIO = '''
import asyncio
import pytest
import waterspout

@pytest.mark.asyncio
async def test_clock_and_mock(waterspout_mock, waterspout_clock):
    waterspout_mock.get("/a").respond(delay=3600)
    call = waterspout.get("http://host.test/a", timeout=7200)
    sleeping = asyncio.ensure_future(asyncio.sleep(10, "slept"))
    late = asyncio.ensure_future(asyncio.wait_for(asyncio.Event().wait(), 20))
    loop = asyncio.get_running_loop()
    start = loop.time()
    await waterspout_clock.advance(9)
    assert not sleeping.done() and loop.time() - start == pytest.approx(9)
    await waterspout_clock.advance(3600)
    assert call.result().ok and sleeping.result() == "slept"
    with pytest.raises(asyncio.TimeoutError):
        await late

@pytest.mark.asyncio
async def test_without_fixtures():
    from waterspout.testing import FakeClock, MockTransport
    with MockTransport() as mock, FakeClock() as clock:
        mock.get("/a").respond(json=[1])
        async with waterspout.Session(transport=mock) as session:
            assert (await session.get("http://host.test/a")).json() == [1]
'''


@pytest.mark.parametrize("plugin, source, passed", [
    ("pytest_tornado", UNDER_PYTEST_TORNADO, 1),
    ("pytest_asyncio", UNDER_PYTEST_ASYNCIO, 2),
])
def test_under_a_plug_in(tmp_path, plugin, source, passed):
    """In a pytest of its own, which knows no other plug-ins."""
    pytest.importorskip(plugin)
    (tmp_path / "test_it.py").write_text(source if str is not bytes else source.decode())
    environ = dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
                   PYTHONPATH=os.path.join(ROOT, "src"))
    plugins = {"pytest_tornado": "pytest_tornado.plugin", "pytest_asyncio": "pytest_asyncio"}
    if plugin == "pytest_asyncio" and sys.version_info >= (3,):
        plugins[plugin] = "pytest_asyncio.plugin"
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", plugins[plugin],
         "-p", "waterspout.testing.pytest_plugin", "-p", "no:cacheprovider", "test_it.py"],
        cwd=str(tmp_path), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8", "replace")
    assert "%d passed" % passed in output and "failed" not in output, output
