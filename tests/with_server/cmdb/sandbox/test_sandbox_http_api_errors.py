# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import contextlib
import os
import re
import sqlite3

from sandbox_http import IDENTITY, SandboxTestCase
from tornado.testing import ExpectLog

SEARCH = "/object/HOST/instance/_search"


class ErrorTest(SandboxTestCase):
    """Whatever goes wrong, the answer is the envelope."""

    def test_identity_headers_are_required(self):
        """Missing or blank headers are 401; an organisation that is not a number is 400."""
        for name in ("org", "user"):
            for value in (None, "", "  "):
                headers = dict(IDENTITY, **{name: value})
                headers = {key: value for key, value in headers.items() if value is not None}
                self.assertIn(name, self.refused(401, 100003, "POST", SEARCH, {}, headers))
        for org in ("easyops", "-1", "1.5", "9" * 19, "9" * 40):
            self.refused(400, 100000, "POST", SEARCH, {}, dict(IDENTITY, org=org))

    def test_header_names_have_no_case_and_others_are_ignored(self):
        """Clients send Org and User, their own Host, and names of contracts."""
        headers = {
            "ORG": "777777",
            "User": "easyops",
            "Host": "cmdb_resource.easyops-only.com",
            "giraffe-contract-name": "x",
        }
        self.assertEqual(self.data("POST", SEARCH, {}, headers)["total"], 0)

    def test_file_that_a_newer_release_has_migrated_is_503(self):
        """The caller may retry; the log has the remedy."""
        self.create("HOST", name="web-1")
        path = os.path.join(self._folder, "sandbox.db")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 1000")
        for path, body in ((SEARCH, {}), ("/v2/object/HOST/instance", {"name": "web-2"})):
            with ExpectLog("waterspout.cmdb.sandbox", ".*newer release.*start that release"):
                self.refused(503, 100013, "POST", path, body)

    def test_full_disk_is_503_and_one_line(self):
        """The caller gets the reason, and nothing is stored; with space again, writes succeed."""

        def fill(transaction):
            connection = transaction._connection
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute("PRAGMA max_page_count = %d" % pages).fetchone()

        self.create("HOST", name="web-1")
        self.store.write(777777, "easyops", fill).result()
        rows = [{"name": "host-%d" % number} for number in range(1000)]
        body, path = {"keys": ["name"], "datas": rows}, "/object/HOST/instance/_import"
        log = ".*sandbox.db cannot be used: database or disk is full$"
        with ExpectLog("waterspout.cmdb.sandbox", log):
            text = self.refused(503, 100013, "POST", path, body)
        self.assertEqual(
            text, "the sandbox's file cannot be used: database or disk is full"
        )
        self.assertEqual(self.search("HOST")["total"], 1)
        self.assertEqual(self.data("POST", path, body)["insert_count"], 1000)

    def test_deleted_file_is_503(self):
        """No write is acknowledged that would be lost."""
        self.create("HOST", name="web-1")
        os.remove(os.path.join(self._folder, "sandbox.db"))
        for path, body in (("/v2/object/HOST/instance", {"name": "web-2"}), (SEARCH, {})):
            with ExpectLog("waterspout.cmdb.sandbox", ".*deleted, moved or replaced.*stop the"):
                self.assertIn("deleted", self.refused(503, 100013, "POST", path, body))

    def test_request_that_takes_too_long_is_504(self):
        """The text says that nothing was stored; others are served meanwhile."""
        endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"

        def search(*args):
            return read(1, "u", lambda one: one._connection.execute(endless + " WHERE x < 0"))

        read, self.store._read_seconds, self.store.read = self.store.read, 0.1, search
        text = self.refused(504, 100014, "POST", SEARCH, {})
        self.assertIn("longer than 0.1 seconds", text)
        self.assertIn("nothing is stored", text)
        self.create("HOST", name="web-1")

    def test_body_must_be_a_json_object(self):
        """For every other body the text says what is wrong."""
        for raw in ("", "{", "[]", "1", '{"page": NaN}', b"\xff", '{"a": 1} x', "[" * 5000):
            self.refused(400, 100000, "POST", SEARCH, raw=raw)

    def test_unknown_path_is_404(self):
        """Also the root, and invalid ids."""
        for path in ("/", "/objects", "/object/HOST/instances", "/v9/object/HOST/instance/_search"):
            self.refused(404, 100005, "GET", path)
        for path in ("/object/HOST/instance/%00", "/object/%E4%B8%AD'/instance/5f0000000000a"):
            self.refused(404, 100005, "GET", path)

    def test_path_that_is_not_utf8_is_answered(self):
        """The text has the valid part of the path."""
        for path in ("/object/%ED%A0%80/instance", "/object/HOST/instance/%FF%ED%BF%BF"):
            self.assertIn(u"\ufffd", self.refused(404, 100005, "GET", path))
        query = "/object_count_all?objectIds=%ED%A0%80"
        self.assertIn(u"\ufffd", self.refused(404, 100005, "GET", query))

    def test_wrong_method_is_405(self):
        """The answer lists the allowed methods."""
        for method, path in [
            ("GET", SEARCH),
            ("DELETE", "/object/HOST/instance/_import"),
            ("GET", "/v2/object/HOST/instance"),
            ("POST", "/object/HOST/instance/5f0000000000a"),
            ("GET", "/v2/object/HOST/instance/5f0000000000a"),
        ]:
            self.refused(405, 100012, method, path)
        self.assertEqual(self.send("GET", SEARCH).headers["Allow"], "POST")

    def test_missing_feature_is_named(self):
        """Every known endpoint of the vendor's is either served or refused by name."""
        for method, path, feature in [
            ("POST", "/object/HOST/instance", "version 1"),
            ("GET", "/fulltext/_search", "full-text"),
            ("GET", "/object/HOST/instance/5f0000000000a/_relation_count", "relations"),
            ("POST", "/object/HOST/instance/_relation_count_aggregate", "relations"),
            ("GET", "/object/HOST/instance_default_value_template", "default"),
            ("GET", "/history/object/HOST/instance/5f0000000000a", "history"),
            ("POST", "/import/object/HOST/instance/csv", "files"),
            ("POST", "/object/HOST/instance/update_by_query", "update by query"),
            ("POST", "/object/HOST/instance/validate", "validation"),
            ("POST", "/mix/object/instance/create", "mixed"),
            ("POST", "/object/HOST/instance/add_str_to_set", "lists"),
            ("PUT", "/permission/HOST/instances/_batch", "permissions"),
            ("PUT", "/object/HOST/instance/5f0000000000a/_rollback", "rollback"),
            ("GET", "/object/instance/list/HOST", "legacy"),
            ("DELETE", "/object/instance/HOST?ids=a;b", "legacy"),
            ("PUT", "/object/HOST/instance/_batch_modify", "modifying"),
            ("POST", "/object/HOST/instance/aggregate", "aggregated"),
            ("POST", "/object/HOST/instance_archive/5f0000000000a", "archive"),
            ("GET", "/object/HOST/instance_archive", "archive"),
            ("POST", "/object/HOST/instance_archive_instances", "archive"),
            ("POST", "/object/HOST/instance_active/5f0000000000a", "archive"),
            ("POST", "/v2/object_relation/HOST_apps_hosts_APP/_autodiscovery/multi", "edges"),
            ("PUT", "/object_relation/HOST_apps_hosts_APP/relation_instance", "edges"),
            ("POST", "/instance_relation/HOST_apps_hosts_APP/list", "edges"),
            ("DELETE", "/object/HOST", "deleting models"),
            ("POST", "/v2/object_import", "models"),
            ("GET", "/object_import_status/1", "models"),
            ("GET", "/object_all?system=true", "system models"),
            ("GET", "/object?visible=invisible", "visible"),
            ("GET", "/next/api/gateway/cmdb.instance.PostSearch/object/HOST/x", "gateway"),
            ("POST", "/cmdbservice/object/HOST/instance/_search?signature=x", "gateway"),
        ]:
            self.assertIn(feature, self.refused(501, 100012, method, path), path)

    def test_missing_feature_is_named_to_signed_requests(self):
        """They identify the caller in another way."""
        path = "/cmdbservice/object/HOST/instance/_search?accesskey=x&signature=y&expires=1"
        self.refused(501, 100012, "POST", path, {}, headers={})

    def test_our_own_bug_is_500_with_an_incident_id(self):
        """The text has the id from the log, and nothing of the traceback."""

        def broken(*args):
            raise KeyError("the secret cause")

        self.store.read = broken
        with ExpectLog("waterspout.service", "Incident [0-9a-f]+"):
            text = self.refused(500, 100011, "POST", SEARCH, {})
        self.assertTrue(re.search("[0-9a-f]{8,}$", text), text)
        self.assertNotIn("secret", text)

    def test_body_over_the_limit_is_413(self):
        """In the envelope."""
        self._app.max_body_bytes = 1000
        self.refused(413, 100000, "POST", SEARCH, raw=" " * 1001)
