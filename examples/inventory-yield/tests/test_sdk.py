"""What the SDK sends to the CMDB, and what it makes of the answers."""

from __future__ import absolute_import, division, print_function

from tornado.testing import AsyncTestCase, gen_test
from waterspout.testing import MockTransport, make_response

from inventory.sdk import InventoryError, InventorySDK

SEARCH = "/object/HOST/instance/_search"
IMPORT = "/object/HOST/instance/_import"


def data(value):
    """The envelope of a success."""
    return {"code": 0, "error": "", "message": "", "data": value}


class InventorySDKTest(AsyncTestCase):

    def setUp(self):
        super(InventorySDKTest, self).setUp()
        self.cmdb = MockTransport()
        self.addCleanup(self.cmdb.check)
        self.sdk = InventorySDK("cmdb.test", org=1888, transport=self.cmdb)

    @gen_test
    def test_hosts_with_cpus(self):
        query = {"cpu": {"$gte": 4}}
        self.cmdb.post(SEARCH, json={"query": query, "page_size": 100}).respond(
            json=data({"list": [{"name": "web-1", "cpu": 8, "creator": "ann"}]}))
        hosts = yield self.sdk.hosts_with_cpus(4)
        self.assertEqual(hosts, [{"name": "web-1", "cpu": 8}])

    @gen_test
    def test_each_request_names_the_organisation(self):
        self.cmdb.post(SEARCH, headers={"org": "1888"}).respond(json=data({"list": []}))
        yield self.sdk.hosts_with_cpus(4)

    @gen_test
    def test_a_host_that_is_not_there_is_none(self):
        self.cmdb.post(SEARCH).respond(json=data({"list": []}))
        host = yield self.sdk.host("web-1")
        self.assertIsNone(host)

    @gen_test
    def test_hosts_are_stored_by_name(self):
        hosts = [{"name": "web-1", "cpu": 8}]
        self.cmdb.post(IMPORT, json={"keys": ["name"], "datas": hosts}).respond(
            json=data({"insert_count": 1, "update_count": 0}))
        report = yield self.sdk.store(hosts)
        self.assertEqual(report, {"added": 1, "changed": 0})

    def test_another_code_than_0_is_an_error(self):
        """``make_response`` needs no transport and no IOLoop."""
        with self.assertRaises(InventoryError):
            self.sdk.decode(make_response(200, json={"code": 100005, "data": None}))
