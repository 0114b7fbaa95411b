"""Ten seconds pass at once: no test waits. Neither the CMDB nor the service has a port here."""

from __future__ import absolute_import, division, print_function

import waterspout
from tornado.testing import AsyncTestCase, gen_test
from waterspout.testing import AppTransport, FakeClock, MockTransport

from inventory.app import make_app
from inventory.sdk import InventorySDK


class TimeoutTest(AsyncTestCase):

    def setUp(self):
        super(TimeoutTest, self).setUp()
        self.cmdb = MockTransport()
        app = make_app(InventorySDK("cmdb.test", timeout=10, transport=self.cmdb))
        self.client = waterspout.Session(transport=AppTransport(app), timeout=60)

    @gen_test
    def test_a_cmdb_that_never_answers_is_a_504(self):
        self.cmdb.post("/object/HOST/instance/_search").never()
        with FakeClock() as clock:
            call = self.client.get("http://inventory.test/hosts")
            yield clock.advance(9)
            self.assertFalse(call.done())
            yield clock.advance(1)
        response = call.result()
        self.assertEqual(response.status_code, 504)
        self.assertEqual(
            response.json(), {"error": "the upstream service did not answer in time"})

    @gen_test
    def test_a_slow_cmdb_is_waited_for(self):
        self.cmdb.post("/object/HOST/instance/_search").respond(
            json={"code": 0, "data": {"list": []}}, delay=9)
        with FakeClock() as clock:
            call = self.client.get("http://inventory.test/hosts")
            yield clock.advance(9)
        response = call.result()
        self.assertEqual(response.json(), {"hosts": []})
