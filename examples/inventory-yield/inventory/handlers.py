"""The handlers. None catches errors of the CMDB: the kit answers 502, 503 or 504 and logs why."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from waterspout import service

from inventory.sdk import InventorySDK


class HostsHandler(service.JSONHandler):
    """``/hosts``"""

    @gen.coroutine
    def get(self):
        least = self.get_query_argument("cpu", "1")
        if not least.isdigit():
            raise service.InvalidInput("cpu must be a number")
        hosts = yield self.upstream(InventorySDK).hosts_with_cpus(int(least))
        self.write_json({"hosts": hosts})

    @gen.coroutine
    def post(self):
        hosts = self.read_json_array()
        if not all(isinstance(each, dict) and each.get("name") for each in hosts):
            raise service.InvalidInput("each host must be an object with a name")
        report = yield self.upstream(InventorySDK).store(hosts)
        self.write_json(report)


class HostHandler(service.JSONHandler):
    """``/hosts/NAME``"""

    @gen.coroutine
    def get(self, name):
        host = yield self.upstream(InventorySDK).host(name)
        if host is None:
            raise service.Refusal(404, "there is no such host")
        self.write_json(host)
