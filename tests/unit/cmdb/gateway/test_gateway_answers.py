"""What the gateway answers for each answer of the CMDB that is a success, and for a bug."""

from __future__ import absolute_import, division, print_function

import collections
import logging
import re

import pytest

import waterspout
from waterspout_cmdb.gateway.passing_sdk import PassingSDK
from waterspout_cmdb.sdk import CMDBSDK

IMPORT = "/object/HOST/instance/_import"
SEARCH = "/object/HOST/instance/_search"


@pytest.mark.parametrize(
    "counts, message",
    [
        ((0, 0, 2), "imported 0, updated 0, failed 2"),
        ((1, 2, 3), "imported 1, updated 2, failed 3"),
        ((1, 2, 0), "POST request successful"),
        ((0, 0, 0), "POST request successful"),
    ],
)
def test_failed_rows_are_counted_in_the_message(gateway, cmdb, caplog, counts, message):
    """The CMDB answers 200 with code 0 even if it stored no row; the log has only numbers."""
    names = ("insert_count", "update_count", "failed_count")
    failed = {"code": 100000, "error": "key attribute sn is missing", "data": [{"cpu": "s3cret"}]}
    data = dict(zip(names, counts), data=[failed] * counts[2])
    envelope = {"code": 0, "error": "", "message": "", "data": data}
    cmdb.post(IMPORT).respond(json=envelope)
    answer = gateway.post("/cmdb/import/HOST")
    assert (answer.status_code, answer.json()) == (200, {"message": message, "data": envelope})
    lines = [r.getMessage() for r in caplog.records if r.name == "waterspout.cmdb"]
    assert lines == (["Import into HOST: " + message] if counts[2] else [])


def test_search_is_not_read_as_an_import(gateway, cmdb):
    """An instance may have an attribute with the name of a count."""
    cmdb.post(SEARCH).respond(json={"code": 0, "data": {"failed_count": 3}})
    answer = gateway.post("/cmdb/search/HOST")
    assert answer.json()["message"] == "POST request successful"


def test_warnings_of_the_cmdb_are_in_the_answer(gateway, cmdb, caplog):
    """Beside the message, so that a client sees them without ``data``."""
    warnings = [u"HOST has no attribute \u4e2d\n", {"attribute": "colour"}]
    data = {"insert_count": 1, "update_count": 0, "failed_count": 0, "data": [],
            "warnings": warnings}
    envelope = {"code": 0, "error": "", "message": "", "data": data}
    cmdb.post(IMPORT).respond(json=envelope)
    answer = gateway.post("/cmdb/import/HOST")
    assert answer.status_code == 200
    assert answer.json() == {
        "message": "POST request successful", "warnings": warnings, "data": envelope,
    }  # fmt: skip
    (record,) = [r for r in caplog.records if r.name == "waterspout.cmdb"]
    line = record.getMessage()
    assert line.startswith("Import into HOST: the CMDB warns (2), first: HOST has no ")
    assert "\n" not in line


def test_order_of_sort_reaches_the_cmdb(gateway, cmdb):
    """The order of the names in ``sort`` is significant, on every Python."""
    names = ["z", "a", "m", "b", "y", "c"]
    body = '{"sort": {%s}}' % ", ".join('"%s": 1' % name for name in names)
    cmdb.post(SEARCH).respond(json={"code": 0})
    gateway.post("/cmdb/search/HOST", body.encode())
    payload = cmdb.sent[0].json(object_pairs_hook=collections.OrderedDict)
    assert list(payload["sort"]) == names


@pytest.mark.parametrize("operation", ["import", "search"])
def test_an_object_id_is_a_native_str(gateway, cmdb, monkeypatch, operation):
    """A log line of Python 2 cannot mix bytes and text."""
    name, ids = "instance_api_%s_instance" % operation, []
    call = getattr(CMDBSDK, name)

    def note(sdk, object_id, payload, **kwargs):
        ids.append(object_id)
        return call(sdk, object_id, payload, **kwargs)

    monkeypatch.setattr(CMDBSDK, name, note)
    cmdb.post("/object/HOST/instance/_" + operation).respond(json={"code": 0})
    assert gateway.post("/cmdb/%s/HOST" % operation).status_code == 200
    assert ids == ["HOST"] and type(ids[0]) is str


class BrokenSDK(CMDBSDK):
    def decode(self, response):
        raise KeyError("our secret")


def test_own_bug_is_500_without_details(make_gateway, cmdb, caplog):
    """The client gets an id, under which the log has the traceback."""
    cmdb.post(IMPORT).respond(json={"code": 0})
    answer = make_gateway(BrokenSDK).post("/cmdb/import/HOST")
    assert answer.status_code == 500
    assert sorted(answer.json()) == ["error", "incident", "message"]
    assert answer.json()["message"] == "Internal error"
    assert b"secret" not in answer.content and b"Traceback" not in answer.content
    assert answer.json()["incident"] in caplog.text
    assert "our secret" in caplog.text


def test_failure_of_the_cmdb_is_logged_with_its_cause(gateway, cmdb, caplog):
    """The client gets few details; the operator gets the error and the address."""
    cmdb.post(SEARCH).fail(waterspout.ConnectError("10.1.2.3:8079 refused the connection"))
    answer = gateway.post("/cmdb/search/HOST")
    assert answer.json() == {
        "message": "POST request failed",
        "error": "the CMDB cannot be reached",
        "upstream": {"status": None, "code": None},
    }
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.levelno == logging.WARNING
    assert "SearchHandler" in record.getMessage()
    assert "10.1.2.3:8079 refused the connection" in record.getMessage()


@pytest.mark.parametrize("counts", [{"failed_count": 1}, {"warnings": ["w"]}], ids=repr)
def test_an_answer_to_which_something_is_added_is_encoded(make_gateway, cmdb, counts):
    envelope = {"code": 0, "data": dict(counts, n=1.5)}
    cmdb.post(IMPORT).respond(json=envelope)
    answer = make_gateway(PassingSDK).post("/cmdb/import/HOST").json()
    assert answer["data"] == envelope
    assert answer["message"] != "POST request successful" or "warnings" in answer


def test_answer_with_nan_is_502(gateway, cmdb, caplog):
    """Python reads NaN, which is not JSON and is not passed on. The log says why."""
    for path in (SEARCH, IMPORT):
        cmdb.post(path).respond(content=b'{"code": 0, "data": NaN}')
    for path, what_was_done in (("search", False), ("import", True)):
        answer = gateway.post("/cmdb/%s/HOST" % path)
        assert answer.status_code == 502
        assert answer.json()["upstream"] == {"status": 200, "code": 0}
        assert ("may have been carried out" in answer.json()["error"]) is what_was_done
    lines = [each.getMessage() for each in caplog.records if each.name == "waterspout.cmdb"]
    assert [re.split(" of HOST failed with 502 id=[0-9a-f]{32}: ", line)[1] for line in lines] == [
        "the CMDB's answer has numbers that JSON cannot represent"] * 2


def test_errors_may_be_problem_documents(make_gateway, cmdb):
    """RFC 9457, with what the CMDB said."""
    cmdb.post("/object/HOST/instance/_search").respond(403, json={"code": 7, "error": "not yours"})
    gateway = make_gateway(problem_documents=True)
    gateway.session.hooks["response"] = lambda response, **kwargs: None  # It is not JSON's type.
    response = gateway.post("/cmdb/search/HOST")
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["upstream"] == {"status": 403, "code": 7} and "not yours" in problem["detail"]
    assert gateway.post("/nowhere").json()["title"] == "Not Found"
