"""The examples of README and the pages it leads to do what they say."""

from __future__ import absolute_import, division, print_function

import io
import json
import sys

import doc_pages
import pytest
from tornado import gen, web
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout

#: Only calls that are to run into their limit have a short one: a busy machine may be slow.
LONG = waterspout.ClientTimeout(connect=30, read=30)
LIMITS = {"HOST": LONG, "SLOW": waterspout.ClientTimeout(connect=30, read=0.2), "BROKEN": LONG}
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
            (r"/(greet)?", Inventory),
        ])

    def setUp(self):
        super(ReadmeTest, self).setUp()
        self.sdks = []

    def tearDown(self):
        for sdk in self.sdks:
            sdk.close()
        super(ReadmeTest, self).tearDown()

    def example(self, words, page="README.md"):
        """The names that the first example on the page with these words defines."""
        found = [block for block in doc_pages.blocks(page, "python") if words in block.source]
        names = {"__name__": "example"}
        doc_pages.run(found[0], names, [
            ("http://api.example", self.get_url("").rstrip("/")),
            ("127.0.0.1:8079", self.get_url("").partition("//")[2]),
        ])
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
    def test_calls_are_gathered_and_become_tasks(self):
        """asyncio.gather takes their Futures; create_task takes a coroutine around a call."""
        session, urls = waterspout.Session(), [self.get_url("/?q=a"), self.get_url("/?q=bc")]
        names = self.example(u"asyncio.gather", "docs/quickstart.md")
        responses = yield names["all_of"](session, urls)
        self.assertEqual([each.json() for each in responses], [{"q": "a"}, {"q": "bc"}])
        names = self.example(u"create_task", "docs/troubleshooting.md")
        lengths = yield names["lengths"](session, urls)
        self.assertEqual(lengths, [len(each.content) for each in responses])
        yield session.close()

    @needs_await
    @gen_test
    def test_handler_with_await_answers(self):
        """The example for Python 3 answers with hosts, 504 when they are late, 502 when broken."""
        names = self.example(u"def make_app")
        sdk = self.sdk(names)
        rules = names["make_app"](sdk).wildcard_router.rules[:1]
        yield self.check_handler(sdk, rules)

    @gen_test
    def test_handler_with_yield_answers(self):
        """The example for any Python does the same."""
        names = self.example(u"from tornado import gen")
        sdk = self.sdk(names)
        rules = [(r"/search/(\w+)", names["SearchHandler"], {"sdk": sdk})]
        yield self.check_handler(sdk, rules)

    @gen.coroutine
    def check_handler(self, sdk, rules):
        self._app.wildcard_router.add_rules(rules)
        statuses = []
        for kind in ("HOST", "SLOW", "BROKEN"):
            sdk.session.timeout = LIMITS[kind]
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
    def test_download_with_await_writes_the_body(self):
        """The example of a stream writes the body piece by piece."""
        yield self.check_download(self.example(u"async for piece", "docs/streaming.md"))

    @gen_test
    def test_download_with_yield_writes_the_body(self):
        """The example for any Python does the same."""
        yield self.check_download(self.example(u"yield pieces.next", "docs/streaming.md"))

    @gen.coroutine
    def check_download(self, names):
        file, session = io.BytesIO(), waterspout.Session()
        yield names["download"](session, self.get_url("/?q=1"), file)
        self.assertEqual(file.getvalue(), b'{"q": "1"}')
        yield session.close()

    @needs_await
    @gen_test
    def test_service_with_await_answers(self):
        """The quickstart's service answers with hosts, 504 when they are late, 502 when broken."""
        yield self.check_service(self.example(u"async def post", "docs/quickstart.md"))

    @gen_test
    def test_service_with_yield_answers(self):
        """The same service for any Python."""
        source = u"from tornado import gen\nimport waterspout\nfrom waterspout import service"
        yield self.check_service(self.example(source, "docs/quickstart.md"))

    @gen.coroutine
    def check_service(self, names):
        app = names["make_app"]()
        rule = app.wildcard_router.rules[0]
        sdk = rule.target_kwargs["sdk"]
        self._app.wildcard_router.add_rules([rule])
        statuses, found = [], None
        for kind in ("HOST", "SLOW", "BROKEN"):
            sdk.session.timeout = LIMITS[kind]
            response = yield self.http_client.fetch(
                self.get_url("/search/" + kind), method="POST", body="{}", raise_error=False)
            statuses.append(response.code)
            found = found or response.body
        self.assertEqual(statuses, [200, 504, 502])
        self.assertEqual(json.loads(found.decode()), {"found": HOSTS})
        yield app.shutdown()
