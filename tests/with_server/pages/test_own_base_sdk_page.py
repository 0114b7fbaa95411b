"""Steps 1 and 2 of docs/from-your-own-basesdk.md do what they say, in both languages."""

from __future__ import absolute_import, division, print_function

import json

import doc_pages
from raw_server import RawServer, answering, response
from tornado import web
from tornado.testing import AsyncHTTPTestCase


class PageTest(AsyncHTTPTestCase):
    def get_app(self):
        blocks = doc_pages.blocks("docs/from-your-own-basesdk.md", "python")
        block = [each for each in blocks if "class CMDBSDK(BaseSDK)" in each.source][0]
        names = {"__name__": "example"}
        doc_pages.run(block, names)
        self.upstream = RawServer(answering(response(b'{"code": 0}'), response(status=500)))
        options = {"host": self.upstream.address}
        return web.Application([(r"/import/(\w+)", names["ImportHandler"], options)])

    def tearDown(self):
        self.upstream.close()
        super(PageTest, self).tearDown()

    def test_it_imports_on_one_connection(self):
        """The answer is the CMDB's; a failure is ``{}``, since the example asks for that."""
        answers = [json.loads(self.fetch("/import/HOST", method="POST", body="").body.decode())
                   for _ in range(3)]
        self.assertEqual(answers, [{"code": 0}, {}, {}])
        self.assertEqual(self.upstream.accepted, 1)
        self.assertEqual(self.upstream.received[0].target, "/object/HOST/instance/_import")


class SecondStepTest(AsyncHTTPTestCase):
    page = "docs/from-your-own-basesdk.md"

    def get_app(self):
        blocks = doc_pages.blocks(self.page, "python")
        (block,) = [each for each in blocks if "def make_app" in each.source]
        names = {"__name__": "example"}
        doc_pages.run(block, names)
        self.upstream = RawServer(answering(response(b'{"code": 0}'), response(status=500)))
        return names["make_app"](self.upstream.address)

    def tearDown(self):
        self.upstream.close()
        super(SecondStepTest, self).tearDown()

    def test_failure_is_answered_with_502(self):
        """The handler gets the SDK that `make_app` created."""
        answers = [self.fetch("/import/HOST", method="POST", body="") for _ in range(2)]
        self.assertEqual([answer.code for answer in answers], [200, 502])
        self.assertEqual(json.loads(answers[0].body.decode()), {"code": 0})
        self.assertEqual(dict(self.upstream.received[0].headers)["org"], "1888")


class SecondStepInChineseTest(SecondStepTest):
    page = "docs/zh/migration.md"
