from __future__ import absolute_import, division, print_function

import threading

from sandbox_http import SandboxTestCase

from waterspout_cmdb.sandbox import instances

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
