"""What the gateway's options about its calls do: retries, places, the circuit, hosts, deadlines."""

from __future__ import absolute_import, division, print_function

import json
import logging

import pytest
from tornado import gen

import waterspout
from waterspout._compat import FUTURES_CANCEL
from waterspout.testing import FakeClock, make_response
from waterspout_cmdb.gateway.call_policies import (
    MAX_CONCURRENT,
    MAX_QUEUED,
    call_policies,
    is_failure,
)
from waterspout_cmdb.gateway.passing_sdk import PassingSDK

IMPORT = "/object/HOST/instance/_import"
SEARCH = "/object/HOST/instance/_search"

ROW = {"name": "web-1", "cpu": 4}
KEYED = json.dumps({"keys": ["name"], "datas": [ROW]}).encode("ascii")
UNKEYED = json.dumps({"datas": [ROW]}).encode("ascii")
BY_ID = json.dumps({"keys": ["instanceId"], "datas": [dict(ROW, instanceId="5a")]}).encode("ascii")

IN_DOUBT = "; the import may have been carried out"


@pytest.fixture
def make(make_gateway):
    """``make(**options)``: a gateway whose calls have the policies of these options."""
    def make(sdk=None, app=None, **options):
        keywords = dict(call_policies(**options), **(sdk or {}))
        return make_gateway(PassingSDK, sdk=keywords, **(app or {}))

    return make


def says_ok(expected, data=None):
    return expected.respond(json={"code": 0, "error": "", "message": "", "data": data})


def under_a_clock(gateway, calls, seconds=1.0):
    """The responses to several posts at once, under a `FakeClock` that advances by ``seconds``.

    Args:
        calls: each is (path, body) or (path, body, headers).
    """
    @gen.coroutine
    def run():
        with FakeClock() as clock:
            futures = [
                gateway.session.post("http://gateway.test" + call[0], data=call[1],
                                     headers=call[2] if len(call) > 2 else None)
                for call in calls]
            yield clock.advance(seconds)
            assert all(future.done() for future in futures)
        raise gen.Return([future.result() for future in futures])

    return gateway.run(run)


def post(gateway, path, body=b"{}", **kwargs):
    (response,) = under_a_clock(gateway, [(path, body)], **kwargs)
    return response


# Retries

@pytest.mark.parametrize("path, url, body", [
    ("/cmdb/search/HOST", SEARCH, b"{}"), ("/cmdb/import/HOST", IMPORT, KEYED),
], ids=["search", "keyed import"])
@pytest.mark.parametrize("behave", [
    lambda expected: expected.fail("read"),
    lambda expected: expected.fail("connect"),
    lambda expected: expected.respond(content=b"{" + b" " * 99).cut_after(1),
    lambda expected: expected.respond(503, content=b"<h1>no</h1>"),
    lambda expected: expected.respond(502, content=b"<h1>no</h1>"),
], ids=["broke", "refused", "cut short", "503", "502"])
def test_what_may_be_sent_twice_is_sent_again(make, cmdb, path, url, body, behave):
    """Once, with the same bytes; the client sees a success."""
    expected = cmdb.post(url)
    says_ok(behave(expected))
    response = post(make(), path, body)
    assert response.status_code == 200, response.json()
    assert [each.content for each in expected.sent] == [body, body]


@pytest.mark.parametrize("body", [UNKEYED, BY_ID, b"{}"], ids=["no keys", "by id", "empty"])
@pytest.mark.parametrize("behave", [
    lambda expected: expected.fail("read"),
    lambda expected: expected.respond(503, content=b"<h1>no</h1>"),
], ids=["broke", "503"])
def test_import_without_keys_is_never_sent_twice(make, cmdb, body, behave):
    """It could insert its rows twice. The client learns that they may be there."""
    expected = behave(cmdb.post(IMPORT))
    response = post(make(retries=5), "/cmdb/import/HOST", body)
    assert response.status_code == 502
    assert response.json()["error"].endswith(IN_DOUBT)
    assert len(expected.sent) == 1


def test_import_without_keys_that_was_not_sent_is_sent(make, cmdb):
    """That is the first time."""
    expected = says_ok(cmdb.post(IMPORT).fail("connect"))
    assert post(make(), "/cmdb/import/HOST", UNKEYED).status_code == 200
    assert len(expected.sent) == 2  # Two calls, of which one has reached the CMDB.


@pytest.mark.parametrize("retries, attempts", [(0, 1), (1, 2), (3, 4)])
def test_option_is_the_number_of_retries(make, cmdb, retries, attempts):
    expected = cmdb.post(SEARCH).fail("read")
    assert post(make(retries=retries), "/cmdb/search/HOST", seconds=10).status_code == 502
    assert len(expected.sent) == attempts


@pytest.mark.parametrize("path, url, body", [
    ("/cmdb/search/HOST", SEARCH, b"{}"), ("/cmdb/import/HOST", IMPORT, KEYED),
], ids=["search", "keyed import"])
def test_what_took_too_long_is_not_sent_again(make, cmdb, path, url, body):
    """The CMDB may still be working on it, and would do it twice at the same time."""
    expected = cmdb.post(url).never()
    gateway = make(sdk={"timeout": 10})
    assert post(gateway, path, body, seconds=10).status_code == 504
    assert len(expected.sent) == 1
    expected = cmdb.post(url.replace("HOST", "APP")).respond(504, content=b"late")
    assert post(gateway, path.replace("HOST", "APP"), body).status_code == 502
    assert len(expected.sent) == 1


@pytest.mark.parametrize("second, status", [
    (lambda expected: expected.fail("connect"), 502),
    (lambda expected: expected.respond(500, json={"code": 100011, "message": "rolled back"}), 502),
])
def test_doubt_about_the_first_attempt_stays(make, cmdb, second, status):
    """The last attempt alone would say that nothing has happened."""
    second(cmdb.post(IMPORT).fail("read"))
    response = post(make(), "/cmdb/import/HOST", KEYED)
    assert response.status_code == status and response.json()["error"].endswith(IN_DOUBT)


def test_long_retry_after_is_passed_on(make, cmdb):
    """The client knows better whether it wants to wait; the gateway waits for a second at most."""
    expected = cmdb.post(SEARCH).respond(503, {}, headers={"Retry-After": "30"})
    response = post(make(), "/cmdb/search/HOST")
    assert (response.status_code, response.headers["Retry-After"]) == (502, "30")
    assert len(expected.sent) == 1


# Bulkhead

def test_calls_beyond_the_places_are_503(make, cmdb):
    """At once, with a JSON error that names no host."""
    expected = says_ok(cmdb.post(SEARCH).respond(json={"code": 0}, delay=0.5))
    gateway = make(max_concurrent=1, max_queued=1)
    responses = under_a_clock(gateway, [("/cmdb/search/HOST", b"{}")] * 4)
    assert sorted(each.status_code for each in responses) == [200, 200, 503, 503]
    (first, second) = [each for each in responses if each.status_code == 503]
    assert first.json() == second.json() == {
        "message": "POST request failed",
        "error": "too many calls to the CMDB are under way",
        "upstream": {"status": None, "code": None},
    }
    assert len(expected.sent) == 2
    assert post(gateway, "/cmdb/search/HOST").status_code == 200


def test_refused_import_was_not_sent(make, cmdb):
    """So nothing is in doubt."""
    cmdb.post(IMPORT).respond(json={"code": 0}, delay=0.5)
    responses = under_a_clock(
        make(max_concurrent=1, max_queued=0), [("/cmdb/import/HOST", KEYED)] * 2)
    (refused,) = [each for each in responses if each.status_code == 503]
    assert refused.json()["error"] == "too many calls to the CMDB are under way"


@pytest.mark.skipif(not FUTURES_CANCEL, reason="on Python 2 a search runs to its end")
def test_client_that_leaves_gives_its_place_back(make, cmdb):
    """The one whose search runs, the one that waits for a place, and the one before a retry."""
    cmdb.post(SEARCH).never()
    cmdb.post("/object/APP/instance/_search").respond(503, {}, headers={"Retry-After": "1"})
    gateway = make(max_concurrent=1, max_queued=1)
    paths = ["/cmdb/search/APP", "/cmdb/search/HOST", "/cmdb/search/HOST"]

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            calls = []
            for path in paths:
                calls.append(gateway.session.post(
                    "http://gateway.test" + path, data=b"{}", timeout=0.5))
                yield clock.advance(0)
            yield clock.advance(0.5)
            assert all(type(each.exception()) is waterspout.ReadTimeout for each in calls)
        raise gen.Return(gateway.application.upstreams.find("cmdb").session.stats())

    (counts,) = gateway.run(run).values()
    assert counts["bulkhead_running"] == counts["bulkhead_queued"] == 0
    assert gateway.application.requests_in_flight == 0


class OrgsSDK(PassingSDK):
    """Sends the model's name as org, as a program could that serves several organisations."""

    def fetch_async(self, method, uri, path=None, **kwargs):
        return super(OrgsSDK, self).fetch_async(
            method, uri, path=path, headers={"org": path["object_id"]}, **kwargs)


def test_places_of_one_org_do_not_count_for_others(make_gateway, cmdb):
    """Those that send the same ``org`` to the CMDB."""
    cmdb.post("/object/{object_id}/instance/_search").respond(json={"code": 0}, delay=0.5)
    gateway = make_gateway(OrgsSDK, sdk=call_policies(
        max_concurrent=10, max_queued=0, max_concurrent_per_org=1))
    responses = under_a_clock(
        gateway, [("/cmdb/search/A", b"{}"), ("/cmdb/search/A", b"{}"), ("/cmdb/search/B", b"{}")])
    assert [each.status_code for each in responses] == [200, 503, 200]


def test_without_places_there_is_no_bulkhead():
    """And the default limits never let fewer calls run than the connections that there are."""
    assert sorted(call_policies(max_concurrent=0)) == ["breaker", "retry"]
    assert MAX_CONCURRENT == waterspout.limits.Limits().max_connections
    bulkhead = call_policies()["bulkhead"]
    assert (bulkhead.max_concurrent, bulkhead.max_queued) == (MAX_CONCURRENT, MAX_QUEUED)
    assert "max_connections" not in call_policies()


def test_places_have_connections():
    """One slow upstream cannot take those of the others."""
    assert call_policies(max_concurrent=300)["max_connections"] == 300
    assert call_policies(upstreams=3)["max_connections"] == 3 * MAX_CONCURRENT


def test_limit_for_an_org_needs_the_other_limit():
    with pytest.raises(ValueError) as caught:
        call_policies(max_concurrent=0, max_concurrent_per_org=5)
    assert str(caught.value) == "max_concurrent_per_org needs max_concurrent"


def test_all_off_is_nothing():
    """So that such a gateway's calls are those that they were before."""
    assert call_policies(retries=0, max_concurrent=0, breaker=False) == {}


# Circuit breaker

def test_open_circuit_is_503_with_retry_after(make, cmdb, caplog):
    """While the CMDB is not asked; the log has a line when it begins and one when it ends."""
    caplog.set_level(logging.INFO, "waterspout.cmdb")
    expected = cmdb.post(SEARCH).fail("connect")
    gateway = make(retries=0)

    @gen.coroutine
    def run():
        def search():
            return gateway.session.post("http://gateway.test/cmdb/search/HOST", data=b"{}")

        with FakeClock() as clock:
            for _ in range(20):
                response = yield search()
                assert response.status_code == 502
            refused = yield search()
            yield clock.advance(2.5)
            says_ok(expected)
            answered = yield search()
        raise gen.Return((refused, answered))

    refused, answered = gateway.run(run)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert refused.json() == {
        "message": "POST request failed",
        "error": "the CMDB is not called for a while, since it fails too often",
        "upstream": {"status": None, "code": None},
    }
    assert answered.status_code == 200  # The one that tries.
    lines = [r.getMessage() for r in caplog.records if r.getMessage().startswith("Calls to")]
    assert lines == [
        "Calls to http://cmdb.test:80 are refused for a while: of the last 20 20 have failed",
        "Calls to http://cmdb.test:80 are made again"]


def test_without_the_breaker_every_call_is_made(make, cmdb):
    expected = cmdb.post(SEARCH).fail("connect")
    gateway = make(retries=0, breaker=False)
    for _ in range(30):
        assert gateway.post("/cmdb/search/HOST").status_code == 502
    assert len(expected.sent) == 30


def test_bad_searches_of_one_client_do_not_open_the_circuit(make, cmdb):
    """Their 500 says nothing about the searches of others."""
    expected = cmdb.post(SEARCH).respond(500, json={"code": 100011, "message": "bad query"})
    gateway = make()
    for _ in range(50):
        assert gateway.post("/cmdb/search/HOST").status_code == 502
    assert len(expected.sent) == 50


@pytest.mark.parametrize("status, judged", [
    (200, False), (404, False), (429, False), (500, None), (501, False), (502, True), (503, True),
    (504, True),
])
def test_statuses_that_count_as_failures(status, judged):
    assert is_failure(make_response(status), None) is judged


@pytest.mark.parametrize("error, judged", [
    ("ConnectError", True), ("ReadError", True), ("ReadTimeout", True), ("ConnectTimeout", True),
    ("RemoteProtocolError", True), ("IncompleteBody", True), ("SSLError", True),
    ("DeadlineExceeded", None), ("QueueFull", None), ("BulkheadFull", None), ("CircuitOpen", None),
    ("PoolTimeout", None), ("ResponseTooLarge", None), ("InvalidURL", None),
])
def test_errors_that_count_as_failures(error, judged):
    """Not those that the gateway or a client has chosen."""
    assert is_failure(None, getattr(waterspout.exceptions, error)("x")) is judged


# Several upstreams

def test_with_one_dead_upstream_all_requests_succeed(make_gateway, cmdb):
    """Imports without keys, too: what could not be sent is sent to the other one."""
    dead = cmdb.post(url_of("10.0.0.1", "_import"), optional=True).fail("connect")
    dead_search = cmdb.post(url_of("10.0.0.1", "_search"), optional=True).fail("connect")
    alive = says_ok(cmdb.post(url_of("10.0.0.2", "_import")))
    says_ok(cmdb.post(url_of("10.0.0.2", "_search")))
    gateway = make_gateway(TwoHosts, sdk=call_policies(upstreams=2))
    calls = [("/cmdb/import/HOST", UNKEYED), ("/cmdb/search/HOST", b"{}")] * 50
    responses = under_a_clock(gateway, calls, seconds=5)
    assert [each.status_code for each in responses] == [200] * 100
    assert len(alive.sent) == 50 and dead.sent and dead_search.sent
    before = len(dead.sent) + len(dead_search.sent)
    for _ in range(20):
        assert post(gateway, "/cmdb/search/HOST", seconds=0.5).status_code == 200
    assert len(dead.sent) + len(dead_search.sent) - before < 10  # It gets a try now and then.


class TwoHosts(PassingSDK):
    def __init__(self, host, **kwargs):
        super(TwoHosts, self).__init__(["10.0.0.1:8079", "10.0.0.2:8079"], **kwargs)


def url_of(host, tail):
    return "http://%s:8079/object/HOST/instance/%s" % (host, tail)


# Deadlines

def test_requests_and_calls_have_a_deadline(make, cmdb):
    """By the field; the CMDB gets what is left, and a search ends with it."""
    field = waterspout.DeadlineHeader("X-Left", "s", least=0.1)
    gateway = make(app={"deadline": field}, sdk={"timeout": 10})
    never = cmdb.post(SEARCH).never()
    (late,) = under_a_clock(gateway, [("/cmdb/search/HOST", b"{}", {"X-Left": "1.5"})], 1.5)
    assert (late.status_code, late.json()["error"]) == (504, "the CMDB did not answer in time")
    assert 1.4 < float(never.sent[0].headers["X-Left"]) <= 1.5
    refused, malformed = under_a_clock(gateway, [
        ("/cmdb/search/HOST", b"{}", {"X-Left": "0.09"}),
        ("/cmdb/search/HOST", b"{}", {"X-Left": "soon"})])
    assert refused.status_code == 504
    assert refused.json()["message"] == "Too little time left"
    assert "by X-Left, and more than 0.1 s are needed" in refused.json()["error"]
    assert malformed.status_code == 400
    assert malformed.json()["message"] == "Invalid input data"
    assert len(never.sent) == 1
