"""The SDK against what a CMDB really answered, replayed from ``cassettes/``.

To record again, start a CMDB (``make run`` in a clone of Waterspout starts a sandbox) and run
``python -m pytest tests/test_recorded.py --waterspout-record=all``.
"""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.testing import AsyncTestCase, gen_test

from inventory.sdk import InventorySDK


@pytest.fixture
def waterspout_cassette_options():
    """The searches differ in nothing but their bodies."""
    return {"match_on": ["method", "path", "body"]}


class RecordedTest(AsyncTestCase):

    @pytest.fixture(autouse=True)
    def sdk_on_cassette(self, waterspout_cassette):
        """A method of unittest cannot have a fixture as its argument."""
        self.sdk = InventorySDK("127.0.0.1:8079", org=777777, transport=waterspout_cassette)

    @gen_test
    def test_a_host_is_stored_and_found(self):
        report = yield self.sdk.store([{"name": "recorded-1", "cpu": 64}])
        self.assertEqual(sum(report.values()), 1)
        host = yield self.sdk.host("recorded-1")
        self.assertEqual(host, {"name": "recorded-1", "cpu": 64})
        hosts = yield self.sdk.hosts_with_cpus(64)
        self.assertIn(host, hosts)
