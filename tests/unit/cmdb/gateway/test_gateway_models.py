"""``GET /cmdb/model/<object_id>``: what the gateway says of a model."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout import service
from waterspout.testing import FakeClock
from waterspout_cmdb.gateway.call_policies import call_policies
from waterspout_cmdb.gateway.passing_sdk import PassingSDK
from waterspout_cmdb.gateway.permissions import PERMISSIONS

MODEL = "/object/HOST"
ENVELOPE = {"code": 0, "error": "", "message": "", "data": {"objectId": "HOST", "attrList": []}}
KEY = service.make_api_key()


def get(gateway, path="/cmdb/model/HOST", **kwargs):
    return gateway.send("GET", path, None, **kwargs)


@pytest.mark.parametrize("sdk_class", [PassingSDK])
def test_the_answer_is_that_of_the_cmdb(make_gateway, cmdb, sdk_class):
    """In the form of a search's, and as it was written."""
    cmdb.get(MODEL).respond(content=b'{"code": 0, "data": {"n": 1.10}}')
    answer = get(make_gateway(sdk_class))
    assert answer.status_code == 200
    assert answer.content == (
        b'{"message":"GET request successful","data":{"code": 0, "data": {"n": 1.10}}}')
    assert (cmdb.sent[0].headers["org"], cmdb.sent[0].headers["user"]) == ("1", "me")


def test_a_large_model_is_passed_on(gateway, cmdb):
    """Models of some hundred attributes are longer than what is passed on as it is."""
    large = dict(ENVELOPE, data={"attrList": [{"id": "a%d" % n} for n in range(20000)]})
    cmdb.get(MODEL).respond(json=large)
    assert get(gateway).json() == {"message": "GET request successful", "data": large}


@pytest.mark.parametrize("object_id", ["", "1a", "a-b", "a%2fb", "a%00", "%ff", "a" * 129])
def test_an_invalid_object_id_is_400(gateway, cmdb, object_id):
    """It never becomes a part of a path at the CMDB."""
    answer = get(gateway, "/cmdb/model/" + object_id)
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid input data")
    cmdb.assert_not_sent()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_405(gateway, cmdb, method):
    """Only GET is served; the answer lists it."""
    answer = gateway.send(method, "/cmdb/model/HOST")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    cmdb.assert_not_sent()


def test_a_failure_of_the_cmdb(gateway, cmdb, caplog):
    """With the CMDB's text, status and code; one line in the log."""
    cmdb.get(MODEL).respond(
        404, json={"code": 100005, "error": "", "message": "no object HOST", "data": None})
    answer = get(gateway)
    assert (answer.status_code, answer.json()) == (404, {
        "message": "GET request failed", "error": "no object HOST",
        "upstream": {"status": 404, "code": 100005}})
    (line,) = [r.getMessage() for r in caplog.records if r.name == "waterspout.cmdb"]
    assert line.startswith("ModelHandler of HOST failed with 404")


def test_it_is_sent_again_like_a_search(make_gateway, cmdb):
    """Reading changes nothing."""
    cmdb.get(MODEL).fail(waterspout.ReadError).respond(json=ENVELOPE)
    assert get(make_gateway(sdk=call_policies())).status_code == 200


@pytest.mark.parametrize("allow, status", [
    (["search"], 200), (["import"], 200), ([], 403), (["POST /cmdb/search"], 403), (["*"], 200),
    (["GET /cmdb/model/HOST"], 200)])
def test_keys_that_import_or_search_may_read_models(make_gateway, cmdb, allow, status):
    """It is carried out for the key's organisation and user."""
    cmdb.get(MODEL, optional=True).respond(json=ENVELOPE)
    entry = {"allow": allow, "name": "b", "id": KEY.id, "sha256": KEY.sha256, "orgs": [5],
             "users": ["ann"]}
    gateway = make_gateway(api_keys=service.APIKeys([entry], PERMISSIONS))
    assert get(gateway).status_code == 401
    assert get(gateway, headers={"X-API-Key": KEY.key}).status_code == status
    assert [(s.headers["org"], s.headers["user"]) for s in cmdb.sent] == [
        ("5", "ann")] * (status == 200)


def test_a_page_of_another_origin_cannot_read_it(gateway, cmdb):
    """A browser gives no page an answer that does not name its origin."""
    cmdb.get(MODEL).respond(json=ENVELOPE)
    answer = get(gateway, headers={"Origin": "http://evil.test", "Sec-Fetch-Site": "cross-site"})
    assert [name for name in answer.headers if name.lower().startswith("access-control")] == []


def test_it_is_cancelled_when_the_client_leaves(gateway, cmdb, caplog):
    """As a search is."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    cmdb.get(MODEL).call(lambda sent: Future())

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            call = gateway.session.get("http://gateway.test/cmdb/model/HOST", timeout=5)
            yield clock.advance(5)
            assert isinstance(call.exception(), waterspout.ReadTimeout)

    gateway.run(run)
    assert "499 GET /cmdb/model/HOST" in caplog.text
