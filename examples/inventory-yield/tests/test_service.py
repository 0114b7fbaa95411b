"""The service as its clients see it. The CMDB is a mock; the service has a port of its own."""

from __future__ import absolute_import, division, print_function

import json

import waterspout
from tornado.testing import AsyncHTTPTestCase
from waterspout.testing import MockTransport

from inventory.app import make_app
from inventory.sdk import InventorySDK

SEARCH = "/object/HOST/instance/_search"
IMPORT = "/object/HOST/instance/_import"


class ServiceTest(AsyncHTTPTestCase):

    def get_app(self):
        self.cmdb = MockTransport()
        self.addCleanup(self.cmdb.check)
        return make_app(InventorySDK("cmdb.test", transport=self.cmdb))

    def call(self, path, **arguments):
        """The status and the decoded body."""
        response = self.fetch(path, **arguments)
        return response.code, json.loads(response.body.decode("utf-8"))

    def found(self, *hosts):
        return {"code": 0, "data": {"list": hosts}}

    # Successes

    def test_hosts_with_enough_cpus(self):
        self.cmdb.post(SEARCH, json={"query": {"cpu": {"$gte": 4}}, "page_size": 100}).respond(
            json=self.found({"name": "web-1", "cpu": 8}))
        self.assertEqual(
            self.call("/hosts?cpu=4"), (200, {"hosts": [{"name": "web-1", "cpu": 8}]}))

    def test_one_host(self):
        self.cmdb.post(SEARCH).respond(json=self.found({"name": "web-1", "cpu": 8}))
        self.assertEqual(self.call("/hosts/web-1"), (200, {"name": "web-1", "cpu": 8}))

    def test_hosts_are_stored(self):
        self.cmdb.post(IMPORT).respond(
            json={"code": 0, "data": {"insert_count": 2, "update_count": 1}})
        hosts = [{"name": "web-1"}, {"name": "web-2"}, {"name": "web-3"}]
        self.assertEqual(
            self.call("/hosts", method="POST", body=json.dumps(hosts)),
            (200, {"added": 2, "changed": 1}))

    # What the client did wrong

    def test_a_host_that_is_not_there_is_a_404(self):
        self.cmdb.post(SEARCH).respond(json=self.found())
        self.assertEqual(self.call("/hosts/web-1"), (404, {"error": "there is no such host"}))

    def test_a_bad_number_is_a_400_and_nothing_is_sent(self):
        self.assertEqual(self.call("/hosts?cpu=many"), (400, {"error": "cpu must be a number"}))
        self.cmdb.assert_not_sent()

    def test_a_host_without_a_name_is_a_400_and_nothing_is_sent(self):
        status, _ = self.call("/hosts", method="POST", body='[{"cpu": 4}]')
        self.assertEqual(status, 400)
        self.cmdb.assert_not_sent()

    # What the CMDB did wrong

    def test_a_cmdb_that_cannot_be_reached_is_a_502(self):
        self.cmdb.post(SEARCH).fail(waterspout.ConnectError)
        self.assertEqual(
            self.call("/hosts"), (502, {"error": "the upstream service cannot be reached"}))

    def test_an_error_of_the_cmdb_is_a_502(self):
        self.cmdb.post(SEARCH).respond(500, json={"code": 100011, "data": None})
        self.assertEqual(
            self.call("/hosts"), (502, {"error": "the upstream service answered with an error"}))

    def test_a_store_that_failed_is_not_repeated(self):
        self.cmdb.post(IMPORT, times=1).fail(waterspout.ReadError)
        status, _ = self.call("/hosts", method="POST", body='[{"name": "web-1"}]')
        self.assertEqual(status, 502)

    # Request ids

    def test_the_id_of_the_request_is_sent_to_the_cmdb(self):
        self.cmdb.post(SEARCH, headers={"X-Request-ID": "abc-1"}).respond(json=self.found())
        response = self.fetch("/hosts", headers={"X-Request-ID": "abc-1"})
        self.assertEqual(response.headers["X-Request-ID"], "abc-1")
