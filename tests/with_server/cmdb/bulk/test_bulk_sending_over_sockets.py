# -*- coding: utf-8 -*-
"""Rows on their way to the sandbox, through the gateway and without it, over sockets."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from certificates import AUTHORITY, CLIENT, SERVER, server_context
from raw_server import PATIENCE, RawServer, response, then
from served_app import ServedApp
from tornado import gen

from waterspout import service
from waterspout_cmdb import CMDBSDK
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.sending import Batcher, Limits, Sender
from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget, TargetError
from waterspout_cmdb.gateway.app import make_app as make_gateway
from waterspout_cmdb.gateway.permissions import PERMISSIONS
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store

KEY = service.make_api_key()


@pytest.fixture
def sandbox(tmpdir):
    """The address of a sandbox."""
    store = Store.open(str(tmpdir.join("sandbox.db")))
    with ServedApp(lambda: make_sandbox(store)) as served:
        yield "127.0.0.1:%d" % served.port


@pytest.fixture
def gateway(sandbox):
    """The base URL of a gateway that has keys."""
    entry = {"allow": ["import", "search"], "name": "b", "id": KEY.id, "sha256": KEY.sha256,
             "orgs": [7, 8]}

    def make():
        return make_gateway(CMDBSDK(sandbox, org=1), api_keys=service.APIKeys(
            [entry, dict(entry, allow=[], name="c", id=OTHER.id, sha256=OTHER.sha256)],
            PERMISSIONS))

    with ServedApp(make) as served:
        yield "http://127.0.0.1:%d" % served.port


OTHER = service.make_api_key()


@pytest.fixture(params=["gateway", "cmdb"])
def target(request, io_loop):
    """Each kind of target; both are for the organisation 7."""
    if request.param == "gateway":
        target = GatewayTarget(request.getfixturevalue("gateway"), api_key=KEY.key, org=7)
    else:
        target = CMDBTarget(request.getfixturevalue("sandbox"), org=7)
    yield target
    io_loop.run_sync(target.close, PATIENCE)


@pytest.fixture
def run(io_loop):
    def run(function, *args):
        return io_loop.run_sync(lambda: function(*args), PATIENCE)

    return run


def host(number):
    document = {"name": u"主机-%d" % number, "cpu": "four" if number % 100 == 50 else number}
    return number, (document["name"],), json.dumps(document).encode("ascii")


@gen.coroutine
def send_all(target, rows, keys=("name",), **keywords):
    sender = Sender(target, "HOST", keys, **keywords)
    futures = []
    for batch in Batcher(sender).batches(rows):
        futures.append(sender.send(batch))
    results = yield futures
    yield sender.close()
    raise gen.Return([sum(result.inserted for result in results),
                      sum(result.updated for result in results),
                      [pair for result in results for pair in result.rejected]])


def test_rows_arrive_and_bad_ones_are_told(target, run):
    """A second time they are updates, and there are as many instances as before."""
    rows = [host(number) for number in range(1, 501)]
    for counts in ([495, 0], [0, 495]):
        result = run(send_all, target, rows)
        assert result[:2] == counts
        assert [number for number, _reason in result[2]] == [50, 150, 250, 350, 450]
        assert all("cpu" in reason for _number, reason in result[2])
    found, total = run(target.search, "HOST", {"cpu": {"$gte": 499}}, ["name", "cpu"], 1, 10,
                       [("cpu", -1)])
    assert (total, [each["cpu"] for each in found]) == (2, [500, 499])
    assert run(target.search, "HOST", {}, None, 1, 1)[1] == 495


def test_instances_by_their_id(target, run):
    """As a file has them that was exported; one that is gone is not inserted again."""
    run(send_all, target, [host(1)])
    (instance,), _total = run(target.search, "HOST", {}, None, 1, 1)
    rows = [(number, (instance_id,), json.dumps({"instanceId": instance_id, "cpu": 9}).encode())
            for number, instance_id in [(2, instance["instanceId"]), (3, "5f0f0f0f0f0f0")]]
    inserted, updated, rejected = run(send_all, target, rows, ["instanceId"])
    assert (inserted, updated, [number for number, _ in rejected]) == (0, 1, [3])
    found, total = run(target.search, "HOST", {}, ["cpu"], 1, 9)
    assert (total, found[0]["cpu"]) == (1, 9)


def test_finding_by_one_key_and_by_several(target, run):
    """For a report of what an import would change."""
    run(send_all, target, [host(number) for number in range(1, 20)])
    documents = [{"name": u"主机-7", "cpu": 7.0}, {"name": u"主机-8", "cpu": 9}]
    by_name = run(target.find, "HOST", ["name"], documents, ["cpu"])
    assert sorted(each["cpu"] for each in by_name.values()) == [7, 8]
    by_both = run(target.find, "HOST", ["name", "cpu"], documents, None)
    assert list(by_both) == [(u"主机-7", 7.0)] and by_both.several == set()


def test_the_model_and_an_object_that_is_not_there(target, run):
    """The error names the object, and what to check."""
    definition = run(target.model, "HOST")
    assert "name" in [attribute["id"] for attribute in definition["attrList"]]
    for call in (lambda: target.model("NOTHING"),
                 lambda: target.import_rows("NOTHING", ["name"], [host(1)[2]])):
        with pytest.raises(TargetError) as caught:
            run(call)
        assert caught.value.kind == "hopeless"
        assert "has the object NOTHING for this org" in str(caught.value)


def test_a_key_that_is_not_valid_ends_the_import(gateway, run):
    """At once, with what to do; so does an org that the key is not for."""
    for keywords, advice in [(dict(api_key="wsk_" + "0" * 77), "give a valid key"),
                             (dict(), "give a valid key"), (dict(api_key=OTHER.key), "use a key"),
                             (dict(api_key=KEY.key, org=9), "use a key, an org")]:
        target = GatewayTarget(gateway, **keywords)
        with pytest.raises(BulkError) as caught:
            run(send_all, target, [host(1)])
        assert advice in str(caught.value) and gateway in str(caught.value)
        run(target.close)


def test_a_target_that_is_not_there(io_loop, run):
    """It is waited for as long as the patience allows; the error has the address."""
    server = RawServer(then(b""))
    with server:
        port = server.port
    target = CMDBTarget("127.0.0.1:%d" % port)
    with pytest.raises(BulkError) as caught:
        run(lambda: send_all(target, [host(1)], patience=0.6, draw=lambda: 0.0))
    assert "127.0.0.1:%d" % port in str(caught.value) and "given up after" in str(caught.value)
    run(target.close)


def test_certificates_are_used(run):
    """That of an authority of one's own, and one's own as a client."""
    answer = {"data": {"code": 0, "data": {"attrList": []}}}
    cmdb = RawServer(
        then(response(json.dumps(answer).encode(), headers=[("Content-Type", "application/json")])),
        tls=server_context(SERVER, clients=AUTHORITY))
    with cmdb:
        url = "https://localhost:%d" % cmdb.port
        target = GatewayTarget(url, verify=AUTHORITY, cert=CLIENT)
        assert run(target.model, "HOST") == {"attrList": []}
        run(target.close)
        stranger = GatewayTarget(url, cert=CLIENT, retry=None)
        with pytest.raises(TargetError) as caught:
            run(stranger.model, "HOST")
        assert "certificate" in str(caught.value).lower()
        run(stranger.close)


class HalfWrong(service.JSONHandler):
    """A CMDB that stores all rows, and answers every second request with something else."""

    stored = {}
    count = 0
    WRONG = [
        (200, b"<html>"), (200, b"[]"), (200, b'{"code": 0, "data": null}'), (200, b'{"data": {}}'),
        (200, b'{"code": 0, "data": {"insert_count": 1, "data": []}}'),
        (200, b'{"code": 0, "data": {"insert_count": "all", "data": []}}'),
        (200, b'{"code": 0, "data": {"failed_count": 40, "data": [{"code": 1}]}}'),
        (200, b'{"code": 0, "data": {"insert_count": 3'), (200, b""), (204, b""),
    ]

    def post(self, object_id):
        cls = HalfWrong
        rows = self.read_json_object()["datas"]
        new = [row for row in rows if row["name"] not in cls.stored]
        cls.stored.update((row["name"], row) for row in rows)
        cls.count += 1
        if cls.count % 2:
            status, body = cls.WRONG[cls.count // 2 % len(cls.WRONG)]
            self.set_status(status)
            self.set_header("Content-Type", "application/json")
            self.write(body)
            return
        self.write_json({"code": 0, "data": {
            "insert_count": len(new), "update_count": len(rows) - len(new), "failed_count": 0,
            "data": []}})


@pytest.mark.slow
def test_half_of_the_answers_are_wrong(run, monkeypatch):
    """No row is lost or counted twice: what was not understood is sent again."""
    monkeypatch.setattr(HalfWrong, "stored", {})
    monkeypatch.setattr(HalfWrong, "count", 0)

    def make():
        return service.Application([("/object/([A-Z]+)/instance/_import", HalfWrong)])

    with ServedApp(make) as served:
        target = CMDBTarget("127.0.0.1:%d" % served.port)
        rows = [host(number) for number in range(1, 401)]
        inserted, updated, rejected = run(
            lambda: send_all(target, rows, limits=Limits(200), draw=lambda: 0.0))
        run(target.close)
    assert (inserted + updated, rejected) == (400, [])
    assert len(HalfWrong.stored) == 400


def test_a_gateway_that_takes_short_bodies_only(sandbox, run):
    """The 413 arrives although the body is not read; later batches are short enough."""
    def make():
        return make_gateway(CMDBSDK(sandbox, org=1), max_body_bytes=20000)

    with ServedApp(make) as served:
        target = GatewayTarget("http://127.0.0.1:%d" % served.port)
        rows = [(number, (u"n%d" % number,), json.dumps(
            {"name": u"n%d" % number, "memo": "x" * 900}).encode("ascii"))
            for number in range(1, 401)]
        rows[200] = (201, (u"n201",), json.dumps(
            {"name": u"n201", "memo": "x" * 2000000}).encode("ascii"))
        inserted, updated, rejected = run(
            lambda: send_all(target, rows, draw=lambda: 0.0))
        run(target.close)
    assert (inserted, updated) == (399, 0)
    ((number, reason),) = rejected
    assert number == 201 and "longer than the 20000 bytes" in reason
