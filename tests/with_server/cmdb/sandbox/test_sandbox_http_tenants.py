from __future__ import absolute_import, division, print_function

import json
import threading

from sandbox_http import IDENTITY, SandboxTestCase
from tornado.testing import gen_test

from waterspout_cmdb.sandbox.handlers.imports import ImportHandler
from waterspout_cmdb.sandbox.operations import editing_instances

OTHER = {"org": "888888", "user": "easyops"}


class TenantsTest(SandboxTestCase):
    """Organisations that share a sandbox."""

    def test_search_is_answered_while_another_tenant_writes(self):
        """However long the write takes; also for a tenant without data."""
        self.load("HOST", ["name"], [{"name": "web-1"}])
        started, end = threading.Event(), threading.Event()

        def write(transaction):
            editing_instances.create(transaction, "HOST", {"name": u"web-2"})
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
    def test_others_have_many_turns_while_an_import_is_decoded(self):
        """A megabyte of rows is decoded in steps between other requests."""
        turns, seen = [], []

        def turn():
            turns.append(None)
            if len(seen) < 2:
                self.io_loop.add_callback(turn)

        class Watched(ImportHandler):
            def data_received(self, chunk):
                seen.append(len(turns))
                return super(Watched, self).data_received(chunk)

            def read_json_object(self, *args):
                seen.append(len(turns))
                return super(Watched, self).read_json_object(*args)

        self._app.add_handlers(".*", [
            (r"/watched/([^/]+)/_import", Watched, {"store": self.store, "max_rows": 3000}),
        ])
        rows = [{"name": "web-%d" % number, "memo": "x" * 1000} for number in range(1000)]
        self.io_loop.add_callback(turn)
        answer = yield self.http_client.fetch(
            self.get_url("/watched/HOST/_import"), method="POST", headers=IDENTITY,
            body=json.dumps({"keys": ["name"], "datas": rows}),
        )
        self.assertEqual(json.loads(answer.body.decode("utf-8"))["data"]["insert_count"], 1000)
        self.assertGreater(seen[1] - seen[0], 20)
