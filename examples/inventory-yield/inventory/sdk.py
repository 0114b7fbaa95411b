"""InventorySDK: the CMDB's API, as far as this service needs it."""

from __future__ import absolute_import, division, print_function

import waterspout
from tornado import gen


class InventoryError(waterspout.HTTPError):
    """The CMDB has answered, but not with a success. The service answers 502."""


class InventorySDK(waterspout.BaseSDK):
    """Hosts in the CMDB."""

    @gen.coroutine
    def hosts_with_cpus(self, least):
        """The hosts with ``least`` CPUs or more."""
        found = yield self._search({"cpu": {"$gte": least}})
        raise gen.Return(found)

    @gen.coroutine
    def host(self, name):
        """The host of this name, or None."""
        found = yield self._search({"name": {"$eq": name}})
        raise gen.Return(found[0] if found else None)

    @gen.coroutine
    def store(self, hosts):
        """Add these hosts, or change those that have the same name.

        It is not repeated after a failure: a request that timed out may have been carried out.
        """
        report = yield self.fetch_async(
            "POST", "/object/{kind}/instance/_import",
            path={"kind": "HOST"}, json={"keys": ["name"], "datas": hosts})
        raise gen.Return({"added": report["insert_count"], "changed": report["update_count"]})

    @gen.coroutine
    def _search(self, query):
        page = yield self.fetch_async(
            "POST", "/object/{kind}/instance/_search",
            path={"kind": "HOST"}, json={"query": query, "page_size": 100})
        raise gen.Return([{"name": each["name"], "cpu": each["cpu"]} for each in page["list"]])

    def decode(self, response):
        """Take ``data`` out of the envelope that every answer of the CMDB has."""
        envelope = super(InventorySDK, self).decode(response)  # Raises unless it is a 2xx.
        if not isinstance(envelope, dict) or envelope.get("code") != 0:
            raise InventoryError(
                "the CMDB did not answer with code 0", request=response.request, response=response)
        return envelope["data"]
