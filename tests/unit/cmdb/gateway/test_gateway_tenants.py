"""Keys at the gateway: what each may do, and the ``org`` and ``user`` that the CMDB gets."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

from waterspout import service
from waterspout.testing import FakeClock
from waterspout_cmdb.gateway.call_policies import call_policies
from waterspout_cmdb.gateway.passing_sdk import PassingSDK
from waterspout_cmdb.gateway.permissions import PERMISSIONS

KEY = service.make_api_key()

IMPORT = "/object/HOST/instance/_import"
SEARCH = "/object/HOST/instance/_search"
OK = {"code": 0, "error": "", "message": "", "data": {}}


@pytest.fixture
def sent(cmdb):
    """The calls that the CMDB got."""
    for path in (SEARCH, IMPORT):
        cmdb.post(path, optional=True).respond(json=OK)
    return cmdb.sent


def with_key(make_gateway, **fields):
    fields.setdefault("allow", ["*"])
    entry = dict(fields, name="billing", id=KEY.id, sha256=KEY.sha256)
    return make_gateway(api_keys=service.APIKeys([entry], PERMISSIONS))


def post(gateway, path, **headers):
    return gateway.post(path, headers=dict(headers, Authorization="Bearer " + KEY.key))


def tenant(call):
    return call.headers["org"], call.headers["user"]


@pytest.mark.parametrize("allow, imports, searches", [
    (["search"], 403, 200), (["import"], 200, 403), (["import", "search"], 200, 200),
    ([], 403, 403), (["POST /cmdb/search/HOST"], 403, 200)])
def test_a_key_permits_imports_searches_or_both(make_gateway, sent, allow, imports, searches):
    """A key for reading cannot write. The CMDB is not called."""
    gateway = with_key(make_gateway, allow=allow)
    assert post(gateway, "/cmdb/import/HOST").status_code == imports
    answer = post(gateway, "/cmdb/search/HOST")
    assert answer.status_code == searches
    if searches == 403:
        assert answer.json() == {
            "message": "Request refused", "error": "this client may not send this request"}
    assert len(sent) == [imports, searches].count(200)


def test_without_a_key_the_answer_is_401(make_gateway, sent):
    """In the gateway's form, with the challenge."""
    answer = with_key(make_gateway).post("/cmdb/search/HOST")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json() == {
        "message": "Authentication needed", "error": "a valid API key is needed"}
    assert sent == []


@pytest.mark.parametrize("fields, headers, expected", [
    ({}, {}, ("1", "me")),
    ({"orgs": [5]}, {}, ("5", "me")),
    ({"orgs": [5, 6]}, {}, ("5", "me")),
    ({"orgs": [5, 6]}, {"org": "6"}, ("6", "me")),
    ({"orgs": ["*"]}, {}, ("1", "me")),
    ({"orgs": ["*"]}, {"org": "77"}, ("77", "me")),
    ({"users": ["ann", "bob"]}, {}, ("1", "ann")),
    ({"orgs": [5], "users": ["*"]}, {"org": "5", "user": "eve"}, ("5", "eve")),
])
def test_a_request_is_for_a_tenant_of_its_key(make_gateway, sent, fields, headers, expected):
    """The one that it names, else the first of the key, else the gateway's."""
    gateway = with_key(make_gateway, **fields)
    for path in ("/cmdb/import/HOST", "/cmdb/search/HOST?x=1"):
        assert post(gateway, path, **headers).status_code == 200
    assert [tenant(call) for call in sent] == [expected] * 2


@pytest.mark.parametrize("fields, headers, why", [
    ({}, {"org": "1"}, "this client may not act for the organisation that it names"),
    ({"orgs": [5]}, {"org": "6"}, "this client may not act for the organisation that it names"),
    ({"orgs": [5]}, {"org": "05"}, "this client may not act for the organisation that it names"),
    ({"orgs": [5], "users": ["ann"]}, {"user": "bob"},
     "this client may not act for the user that it names"),
])
def test_other_tenants_are_403(make_gateway, sent, fields, headers, why):
    """Not carried out for another tenant than the client meant, either."""
    gateway = with_key(make_gateway, **fields)
    for path in ("/cmdb/import/HOST", "/cmdb/search/HOST"):
        answer = post(gateway, path, **headers)
        assert (answer.status_code, answer.json()) == (
            403, {"message": "Request refused", "error": why})
    assert sent == []


def test_log_says_which_tenant_was_asked_for(make_gateway, sent, caplog):
    """The answer does not name it; the operator has to know."""
    gateway = with_key(make_gateway, orgs=[5])
    post(gateway, "/cmdb/search/HOST", org="6")
    assert ("Refused with 403: billing may not act for the organisation 6 (client 127.0.0.1, key "
            "id %s)" % KEY.id) in caplog.text


@pytest.mark.parametrize("value", ["", "5,6", "5 6", "x" * 201])
@pytest.mark.parametrize("keys", [True, False])
def test_malformed_tenants_are_400(make_gateway, sent, value, keys):
    """One value; two fields would have become a list."""
    gateway = with_key(make_gateway, orgs=["*"]) if keys else make_gateway(accept_org_header=True)
    answer = post(gateway, "/cmdb/search/HOST", org=value)
    assert (answer.status_code, answer.json()["error"]) == (
        400, "the field org must be one value of printable ASCII without spaces and commas")
    assert sent == []


def test_fields_of_clients_mean_nothing_by_default(gateway, sent):
    """Otherwise every client could act for every tenant."""
    assert post(gateway, "/cmdb/search/HOST", org="6", user="root").status_code == 200
    assert [tenant(call) for call in sent] == [("1", "me")]


def test_fields_of_all_clients_are_passed_on_if_so_configured(make_gateway, sent):
    gateway = make_gateway(accept_org_header=True)
    for headers in ({}, {"org": "6"}, {"user": "ann"}, {"org": "7", "user": "bob"}):
        assert post(gateway, "/cmdb/search/HOST", **headers).status_code == 200
    assert [tenant(call) for call in sent] == [
        ("1", "me"), ("6", "me"), ("1", "ann"), ("7", "bob")]


def test_nothing_else_of_a_request_reaches_the_cmdb(make_gateway, sent):
    """The key least of all."""
    gateway = with_key(make_gateway, orgs=["*"], users=["*"])
    post(gateway, "/cmdb/search/HOST", org="6", **{"X-Other": "x", "Cookie": "a=b"})
    (call,) = sent
    for name in ("Authorization", "X-API-Key", "X-Other", "Cookie"):
        assert name not in call.headers
    assert KEY.key[-64:] not in repr(call.headers)


def test_the_limit_for_each_org_counts_that_of_the_request(make_gateway, cmdb):
    """One tenant's slow calls do not hold up those of another."""
    cmdb.post(SEARCH, headers={"org": "5"}).respond(json=OK, delay=5.0)
    cmdb.post(SEARCH, headers={"org": "6"}).respond(json=OK)
    gateway = make_gateway(
        PassingSDK, sdk=call_policies(retries=0, breaker=False, max_concurrent_per_org=1),
        accept_org_header=True)

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            slow, waits, other = [
                gateway.session.post(
                    "http://gateway.test/cmdb/search/HOST", data=b"{}", headers={"org": org})
                for org in ("5", "5", "6")]
            yield clock.advance(1.0)
            assert other.done() and not slow.done() and not waits.done()
            yield clock.advance(4.5)
            assert slow.done() and not waits.done()
            yield clock.advance(5.0)
            assert waits.done()
        raise gen.Return([each.result().status_code for each in (slow, waits, other)])

    assert gateway.run(run) == [200, 200, 200]
