"""Which calls of CMDBSDK may be sent twice."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import PATIENCE
from sandbox_models import RELATED

import waterspout
from waterspout.testing import AppTransport, MockTransport
from waterspout_cmdb import CMDBSDK
from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sdk import is_repeatable_import

ROW = {"name": "web-1", "cpu": 4, "tags": ["a", "b"], "chip": {"cores": 8}}
NEW_PEER = dict(ROW, apps=[{"name": "shop"}])
OLD_PEER = dict(ROW, apps=["5a0b1c2d3e4f5", {"instanceId": "5a0b1c2d3e4f5"}])

#: What the CMDB keeps about changes.
VOLATILE = frozenset(["_version", "_ts", "_pre_ts", "mtime", "modifier"])


@pytest.mark.parametrize("payload, repeatable", [
    ({"keys": ["name"], "datas": [ROW]}, True),
    ({"keys": [u"name", u"cpu"], "datas": [ROW, ROW]}, True),
    ({"keys": ["name"], "datas": []}, True),
    ({"keys": ["name"], "datas": [OLD_PEER]}, True),
    ({"keys": ["name"], "datas": [ROW, NEW_PEER]}, False),
    ({"keys": ["name"], "datas": [NEW_PEER], "disableNestedCreateInstance": True}, True),
    ({"keys": ["name"], "datas": [NEW_PEER], "disableNestedCreateInstance": "no"}, False),
    ({"keys": ["instanceId"], "datas": [ROW]}, False),
    ({"keys": ["name", "instanceId"], "datas": [ROW]}, False),
    ({"keys": [], "datas": [ROW]}, False),
    ({"keys": [""], "datas": [ROW]}, False),
    ({"keys": [1], "datas": [ROW]}, False),
    ({"keys": "name", "datas": [ROW]}, False),
    ({"keys": None, "datas": [ROW]}, False),
    ({"datas": [ROW]}, False),
    ({"keys": ["name"]}, False),
    ({"keys": ["name"], "datas": [[]]}, False),
    ({}, False),
    ([], False),
    (None, False),
    (waterspout.EncodedJSON(b'{"keys": ["name"], "datas": []}'), False),
])
def test_import_is_repeatable_with_keys_and_without_new_peers(payload, repeatable):
    """In doubt it is not."""
    assert is_repeatable_import(payload) is repeatable


def test_what_is_called_repeatable_changes_nothing_at_the_second_run(io_loop, tmpdir):
    """In the sandbox: as many instances as before, with the same values; and the counterexample."""
    store = Store.open(str(tmpdir.join("sandbox.db")), seed=RELATED)
    sdk = CMDBSDK("cmdb.test", org=1, transport=AppTransport(make_app(store)))

    def call(method, *args):
        return io_loop.run_sync(lambda: method(*args), PATIENCE)["data"]

    def hosts():
        return [
            dict((name, value) for name, value in each.items() if name not in VOLATILE)
            for each in call(sdk.instance_api_search_instance, "HOST", {})["list"]]

    payload = {"keys": ["name"], "datas": [ROW, dict(ROW, name="web-2"), dict(ROW, cpu=5)]}
    assert is_repeatable_import(payload)
    call(sdk.instance_api_import_instance, "HOST", payload)
    first = hosts()
    counts = call(sdk.instance_api_import_instance, "HOST", payload)
    assert (counts["insert_count"], counts["failed_count"]) == (0, 0)
    assert len(first) == 2 and hosts() == first
    payload = {"keys": ["name"], "datas": [NEW_PEER]}
    assert not is_repeatable_import(payload)
    for failed in (0, 1):  # A second APP of this name is refused; without a name it would be there.
        counts = call(sdk.instance_api_import_instance, "HOST", payload)
        assert counts["failed_count"] == failed
    io_loop.run_sync(sdk.close, PATIENCE)
    store.close()


READS = [
    ("instance_api_search_instance", ("HOST", {})),
    ("instance_api_search_instance_v2", ("HOST", {"fields": {}})),
    ("instance_api_search_instance_v3", ("HOST", {"fields": []})),
    ("instance_api_search_instance_batch", ([],)),
    ("instance_api_search_total", ("HOST", {})),
    ("instance_api_group_instance", ("HOST", {})),
    ("instance_api_group_instance_v3", ("HOST", {})),
    ("instance_api_import_instance", ("HOST", {"keys": ["name"], "datas": [ROW]})),
]

WRITES = [
    ("instance_api_import_instance", ("HOST", {"datas": [ROW]})),
    ("instance_api_import_instance_json", ("HOST", [])),
    ("instance_api_upsert_instance", ("HOST", {"datas": [ROW]})),
    ("instance_api_create_instance", ("HOST", {})),
    ("object_api_create_object", ({},)),
]


@pytest.mark.parametrize("name, args, attempts", (
    [each + (2,) for each in READS] + [each + (1,) for each in WRITES]))
def test_post_is_retried_if_it_reads_or_is_repeatable(io_loop, name, args, attempts):
    """After a connection that broke, when the CMDB may have carried it out."""
    check_attempts(io_loop, name, args, attempts, retry=waterspout.Retry(1, backoff_factor=0))


@pytest.mark.parametrize("name, args", READS[:1] + READS[-1:])
def test_without_a_policy_nothing_is_sent_twice(io_loop, name, args):
    check_attempts(io_loop, name, args, 1)


def check_attempts(io_loop, name, args, attempts, **arguments):
    """The call fails after so many requests."""
    with MockTransport() as mock:
        mock.post().fail("read")
        sdk = CMDBSDK("cmdb.test", org=1, transport=mock, **arguments)
        with pytest.raises(waterspout.ReadError):
            io_loop.run_sync(lambda: getattr(sdk, name)(*args), PATIENCE)
        io_loop.run_sync(sdk.close, PATIENCE)
    assert len(mock.sent) == attempts
