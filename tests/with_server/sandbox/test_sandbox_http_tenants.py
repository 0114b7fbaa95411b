from __future__ import absolute_import, division, print_function

import json
import threading

from sandbox_http import IDENTITY, SandboxTestCase
from tornado.testing import gen_test

from waterspout_cmdb.sandbox import instances
from waterspout_cmdb.sandbox.handlers.imports import ImportHandler

OTHER = {"org": "888888", "user": "easyops"}


class TenantsTest(SandboxTestCase):
    """Organisations that share a sandbox."""

    def test_search_is_answered_while_another_tenant_writes(self):
        """However long the write takes; also for a tenant that has nothing there yet."""
        self.load("HOST", ["name"], [{"name": "web-1"}])
        started, end = threading.Event(), threading.Event()

        def write(transaction):
            instances.create(transaction, "HOST", {"name": u"web-2"})
            started.set()
            end.wait()

        writing = self.store.write(777777, u"easyops", write)
        started.wait()
        try:
            self.assertEqual(self.search("HOST")["total"], 1)
            path = "/object/HOST/instance/_search"
            self.assertEqual(self.data("POST", path, {}, headers=OTHER)["total"], 0)
            self.assertFalse(writing.done())
        finally:
            end.set()
        writing.result()
        self.assertEqual(self.search("HOST")["total"], 2)

    @gen_test(timeout=60)
    def test_search_is_answered_while_the_rows_of_an_import_are_decoded(self):
        """Thousands of rows take a while, which is not the loop's."""
        end = threading.Event()

        class Held(ImportHandler):
            def read_json_object(self, *args):
                if not end.wait(30):
                    raise AssertionError("the loop waits for it")
                return super(Held, self).read_json_object(*args)

        path = "/object/HOST/instance/_import"
        self._app.add_handlers(".*", [
            (r"/held/([^/]+)/_import", Held, {"store": self.store, "max_rows": 3000}),
        ])
        body = json.dumps({"keys": ["name"], "datas": [{"name": "web-1"}]})
        importing = self.http_client.fetch(
            self.get_url("/held/HOST/_import"), method="POST", headers=IDENTITY, body=body
        )
        try:
            found = yield self.http_client.fetch(
                self.get_url(path.replace("_import", "_search")),
                method="POST", headers=OTHER, body="{}",
            )
            self.assertEqual(json.loads(found.body.decode("utf-8"))["data"]["total"], 0)
            self.assertFalse(importing.done())
        finally:
            end.set()
        answer = yield importing
        self.assertEqual(json.loads(answer.body.decode("utf-8"))["data"]["insert_count"], 1)
