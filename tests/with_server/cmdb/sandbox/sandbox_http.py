"""A sandbox that is served over HTTP for one test case, and checks of its envelope."""

from __future__ import absolute_import, division, print_function

import json
import os
import shutil
import tempfile

from tornado.escape import json_decode, to_unicode
from tornado.testing import AsyncHTTPTestCase

from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.storage import Store

IDENTITY = {"org": "777777", "user": "easyops"}


class SandboxTestCase(AsyncHTTPTestCase):
    """Each test gets a sandbox with an empty file."""

    max_import_rows = 3000
    seed = None

    def get_app(self):
        self._folder = tempfile.mkdtemp()
        self.store = Store.open(os.path.join(self._folder, "sandbox.db"), seed=self.seed)
        return make_app(self.store, max_import_rows=self.max_import_rows)

    def tearDown(self):
        super(SandboxTestCase, self).tearDown()
        self.store.close()
        shutil.rmtree(self._folder)

    def send(self, method, path, body=None, headers=None, raw=None):
        """Send a request: ``body`` as JSON, ``raw`` unchanged."""
        if body is not None:
            raw = json.dumps(body)
        return self.fetch(
            path,
            method=method,
            body=raw,
            headers=IDENTITY if headers is None else headers,
            allow_nonstandard_methods=True,
        )

    def data(self, method, path, body=None, headers=None):
        """Return the ``data`` of an answer after checking that it is a success."""
        response = self.send(method, path, body, headers)
        envelope = json_decode(response.body)
        self.assertEqual((response.code, envelope["code"]), (200, 0), envelope)
        self.assertEqual(sorted(envelope), ["code", "data", "error", "message"])
        self.assertEqual((envelope["error"], envelope["message"]), ("", ""))
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        return envelope["data"]

    def refused(self, status, code, method, path, body=None, headers=None, raw=None):
        """Return the text of an answer after checking that it is an error."""
        response = self.send(method, path, body, headers, raw)
        envelope = json_decode(response.body)
        self.assertEqual((response.code, envelope["code"]), (status, code), envelope)
        self.assertEqual(
            sorted(envelope), ["code", "codeExplain", "data", "error", "message"]
        )
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        self.assertTrue(envelope["codeExplain"])
        self.assertIsNone(envelope["data"])
        self.assertEqual(envelope["message"], envelope["error"])
        self.assertTrue(envelope["message"])
        return to_unicode(envelope["message"])

    # The commonest requests

    def load(self, object_id, keys, rows, **more):
        body = dict(more, keys=keys, datas=rows)
        return self.data("POST", "/object/%s/instance/_import" % object_id, body)

    def search(self, object_id, **body):
        return self.data("POST", "/object/%s/instance/_search" % object_id, body)

    def create(self, object_id, query="", **values):
        return self.data("POST", "/v2/object/%s/instance%s" % (object_id, query), values)
