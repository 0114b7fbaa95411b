"""The README's examples, as they stand there."""

from __future__ import absolute_import, division, print_function

import io
import os
import re
import sys

import pytest
from programs import ROOT
from tornado import gen, web
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout

README = os.path.join(ROOT, "README.md")
HOSTS = [{"name": "web-1", "cpu": 4}]

needs_await = pytest.mark.skipif(sys.version_info < (3,), reason="await is Python 3")


class Inventory(web.RequestHandler):
    """What the examples call: it finds hosts, is slow, or fails, by the model's name."""

    @gen.coroutine
    def post(self, kind):
        if kind == "SLOW":
            yield gen.sleep(0.5)
        if kind == "BROKEN":
            self.set_status(500)
        self.write({"code": 0, "error": "", "message": "", "data": {"list": HOSTS}})

    def get(self, kind):
        self.write({"q": self.get_argument("q")})


class ReadmeTest(AsyncHTTPTestCase):
    def get_app(self):
        return web.Application([
            (r"/object/(\w+)/instance/_search", Inventory),
            (r"/()", Inventory),
        ])

    def setUp(self):
        super(ReadmeTest, self).setUp()
        self.sdks = []

    def tearDown(self):
        for sdk in self.sdks:
            sdk.close()
        super(ReadmeTest, self).tearDown()

    def example(self, opening):
        """The names that the README's example beginning with ``opening`` defines."""
        with io.open(README, encoding="utf-8") as readme:
            blocks = re.findall(u"```python\n(.*?)```", readme.read(), re.DOTALL)
        source = next(block for block in blocks if block.startswith(opening))
        source = source.replace(u"http://127.0.0.1:8079/", self.get_url("/"))
        names = {"__name__": "readme"}
        exec("import waterspout\n" + str(source), names)
        return names

    def sdk(self, names, **options):
        self.sdks.append(names["InventorySDK"](self.get_url("/"), org=777777, **options))
        return self.sdks[-1]

    @gen_test
    def test_sdk_with_yield_finds_hosts(self):
        """The example for any Python resolves to the hosts."""
        sdk = self.sdk(self.example(u"from tornado import gen"))
        found = yield sdk.search("HOST", {"cpu": {"$gte": 4}})
        self.assertEqual(found, HOSTS)

    @needs_await
    @gen_test
    def test_calls_go_where_asyncio_wants_them(self):
        """Futures where it takes them, a coroutine around a call where it takes nothing else."""
        names = self.example(u"import asyncio")
        session, urls = waterspout.Session(), [self.get_url("/?q=a"), self.get_url("/?q=bc")]
        responses = yield names["all_of"](session, urls)
        self.assertEqual([each.json() for each in responses], [{"q": "a"}, {"q": "bc"}])
        lengths = yield names["lengths"](session, urls)
        self.assertEqual(lengths, [len(each.content) for each in responses])
        yield session.close()

    @needs_await
    @gen_test
    def test_handler_with_await_answers(self):
        """The example for Python 3 answers with hosts, 504 when they are late, 502 when broken."""
        names = self.example(u"import tornado.ioloop")
        app = names["make_app"](self.sdk(names, timeout=0.2))
        self._app.wildcard_router.add_rules(app.wildcard_router.rules[:1])
        statuses = []
        for kind in ("HOST", "SLOW", "BROKEN"):
            response = yield self.http_client.fetch(
                self.get_url("/search/" + kind), raise_error=False)
            statuses.append(response.code)
        self.assertEqual(statuses, [200, 504, 502])

    @needs_await
    @gen_test
    def test_session_with_await_answers(self):
        """The example of a bare session resolves to status, header and JSON."""
        answer = yield self.example(u"async def greet")["greet"]()
        self.assertEqual(answer[0], 200)
        self.assertTrue(answer[1].startswith("application/json"))
        self.assertEqual(answer[2], {"q": "a b"})

    @needs_await
    @gen_test
    def test_download_with_await_is_pulled(self):
        """The example of a stream writes the body and tells where the time went."""
        file = io.BytesIO()
        download = self.example(u"async def download")["download"]
        first_byte, reused = yield download(self.get_url("/?q=1"), file)
        self.assertEqual(file.getvalue(), b'{"q": "1"}')
        self.assertGreater(first_byte, 0)
        self.assertFalse(reused)
        yield waterspout.default_session().close()
