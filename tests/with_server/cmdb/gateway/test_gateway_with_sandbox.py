# -*- coding: utf-8 -*-
"""The gateway with the sandbox, on every transport: both are served on sockets, as in production.
"""

from __future__ import absolute_import, division, print_function

import json

import pytest
from sandbox_models import RELATED
from served_app import ServedApp

from waterspout_cmdb import CMDBSDK
from waterspout_cmdb.gateway.app import make_app as make_gateway
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store

pytestmark = pytest.mark.slow

NAME = u"主机-1 \U0001f600 é 'x' \"y\" \\ /?#&%41 \u2028"
HOST = {
    u"name": NAME,
    u"cpu": 2**63 - 1,
    u"tags": [u"中", u"\U0001f600", u"", 1, -0.5, True, False],
    u"chip": {u"cores": 8, u"vendor": u"英特尔"},
}


@pytest.fixture
def sandbox(tmpdir):
    """The address of a sandbox."""
    store = Store.open(str(tmpdir.join("sandbox.db")), seed=RELATED)
    with ServedApp(lambda: make_sandbox(store)) as served:
        yield "127.0.0.1:%d" % served.port


def test_import_and_search_through_the_gateway(sandbox, transport):
    """The sandbox's envelopes arrive unchanged."""
    rows = [dict(HOST, apps=[{"name": NAME, "owner": [{"name": u"安 \U0001f600"}]}])]
    search = {
        "query": {"apps.owner.name": u"安 \U0001f600"},
        "fields": {"name": 1, "apps.name": 1},
        "sort": {"name": 1},
    }

    def gateway():
        return make_gateway(CMDBSDK(sandbox, org=777777, transport=transport))

    with ServedApp(gateway) as served, served.connect() as connection:
        body = json.dumps({"keys": ["name"], "datas": rows}, ensure_ascii=False).encode("utf-8")
        answer = connection.post("/cmdb/import/HOST", body)
        assert answer.status == 200
        assert answer.json["data"]["data"] == {
            "insert_count": 1, "update_count": 0, "failed_count": 0, "data": [],
        }
        answer = connection.post("/cmdb/search/HOST", json.dumps(search).encode())
        host = answer.json["data"]["data"]["list"][0]
        assert (host["name"], host["apps"][0]["name"]) == (NAME, NAME)
        answer = connection.post("/cmdb/search/HOST", b'{"query": {"typo": 1}}')
        assert (answer.status, answer.json["upstream"]["code"]) == (400, 100000)
