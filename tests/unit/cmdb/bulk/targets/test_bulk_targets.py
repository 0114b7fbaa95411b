# -*- coding: utf-8 -*-
"""What targets send, and what they make of each answer."""

from __future__ import absolute_import, division, print_function

import json
import logging
import pickle

import pytest
from raw_server import PATIENCE
from tornado import gen
from tornado.escape import to_unicode

import waterspout
from waterspout.testing import FakeClock, MockTransport
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget, PatientTarget, TargetError

KEY = "wsk_s3cret"
ROW = u'{"name":"主机","cpu":1.10}'.encode("utf-8")


def envelope(data):
    return {"code": 0, "error": "", "message": "", "data": data}


def counts(inserted, updated, failed, listed=(), **more):
    return dict(more, insert_count=inserted, update_count=updated, failed_count=failed,
                data=list(listed))


class Gateway(object):
    """The form of a gateway's paths and answers."""

    PATHS = {"import": "/cmdb/import/HOST", "search": "/cmdb/search/HOST",
             "model": "/cmdb/model/HOST"}

    @staticmethod
    def target(mock, **keywords):
        return GatewayTarget("http://gate.test:1", api_key=KEY, org=7, user="me",
                             transport=mock, **keywords)

    @staticmethod
    def success(data):
        return {"message": "POST request successful", "data": envelope(data)}

    @staticmethod
    def failure(text, status, code=None):
        return {"message": "POST request failed", "error": text,
                "upstream": {"status": status, "code": code}}


class CMDB(object):
    PATHS = {"import": "/object/HOST/instance/_import", "search": "/object/HOST/instance/_search",
             "model": "/object/HOST"}

    @staticmethod
    def target(mock, **keywords):
        return CMDBTarget("cmdb.test:1", org=7, user="me", transport=mock, **keywords)

    success = staticmethod(envelope)

    @staticmethod
    def failure(text, status, code=None):
        return {"code": code or 1, "error": "", "message": text, "data": None}


@pytest.fixture(params=[Gateway, CMDB])
def kind(request):
    return request.param


@pytest.fixture
def mock():
    mock = MockTransport()
    yield mock
    mock.check()


@pytest.fixture
def run(io_loop, kind, mock):
    """``run(method, *args)`` of a target."""
    target = kind.target(mock)

    def call(method, *args):
        return io_loop.run_sync(lambda: getattr(target, method)(*args), PATIENCE)

    yield call
    io_loop.run_sync(target.close, PATIENCE)


def failure_of(run, *args):
    with pytest.raises(TargetError) as caught:
        run(*args)
    return caught.value


def test_rows_are_sent_as_they_were_encoded(run, kind, mock):
    """Bytes of a row are not decoded and encoded again."""
    mock.post(kind.PATHS["import"]).respond(json=kind.success(counts(2, 0, 0)))
    result = run("import_rows", "HOST", [u"name"], [ROW, b'{"name":"b"}'])
    assert result == (2, 0, [], [])
    (sent,) = mock.sent
    assert b'"datas": [' + ROW + b',{"name":"b"}]' in sent.content
    assert sent.json()["keys"] == ["name"]
    assert (sent.headers["org"], sent.headers["user"]) == ("7", "me")


def test_refused_rows_and_warnings(run, kind, mock):
    """Each refused row has the CMDB's code and text; the status is 200 all the same."""
    failed = {"code": 100000, "error": u"坏", "data": [{"name": "a"}]}
    mock.post(kind.PATHS["import"]).respond(
        json=kind.success(counts(0, 1, 1, [failed], warnings=["w"])))
    result = run("import_rows", "HOST", ["name"], [ROW, ROW])
    assert result.failures == [(100000, u"坏", {"name": "a"})]
    assert (result.inserted, result.updated, result.warnings) == (0, 1, ["w"])


@pytest.mark.parametrize("data, rows", [
    (counts(1.0, 0.0, 0.0), 1),
    ({"insert_count": 1, "data": None}, 1),
    (counts(0, 0, 2, [{"code": 1, "error": "x", "data": [{"a": 1}, {"a": 2}]}]), 2),
    (counts(0, 0, 2, [{"code": 1, "error": "x", "data": {"a": 1}}]), 2),
    (counts(0, 0, 2, [{"code": "?", "error": None, "data": []}]), 2),
])
def test_answers_of_other_servers_are_understood(run, kind, mock, data, rows):
    """Floats, left out zeros, several rows for one reason, failures without a row."""
    mock.post(kind.PATHS["import"]).respond(json=kind.success(data))
    result = run("import_rows", "HOST", ["name"], [ROW] * rows)
    assert result.inserted + result.updated + len(result.failures) == rows


@pytest.mark.parametrize("data", [
    None, [], "text", {}, counts(0, 1, 0), counts(3, 0, 0), counts(2, 0, -0.5), counts("2", 0, 0),
    counts(True, 1, 0), counts(3, -1, 0), counts(2, 0, 0, [{"code": 1, "error": "", "data": []}]),
    counts(1, 0, 1, ["text"]), dict(counts(1, 0, 1), data={"a": 1}), dict(counts(1, 0, 1), data=3),
])
def test_a_success_that_does_not_account_for_every_row_is_none(run, kind, mock, data):
    """Rows that no count has may be lost."""
    mock.post(kind.PATHS["import"]).respond(json=kind.success(data))
    error = failure_of(run, "import_rows", "HOST", ["name"], [ROW] * 2)
    assert error.kind == "unclear"
    assert "importing 2 rows into HOST" in str(error)


@pytest.mark.parametrize("status, code, kind_of_error, upstream", [
    (400, 100000, "refused", 400), (409, 100007, "refused", 409), (413, None, "refused", 413),
    (401, 100003, "hopeless", 401), (403, 100004, "hopeless", 403), (404, 100005, "hopeless", 404),
    (429, 100008, "busy", 429), (503, 100013, "busy", 503), (502, None, "unreachable", None),
    (504, None, "late", None), (405, None, "hopeless", None), (302, None, "hopeless", None),
])
def test_kinds_of_failures(run, kind, mock, status, code, kind_of_error, upstream):
    """The kind says what may be done; the text has the target's words, and is one line."""
    mock.post(kind.PATHS["import"]).respond(
        status, json=kind.failure(u"no\n\u2028 \u4e3b", upstream, code))
    error = failure_of(run, "import_rows", "HOST", ["name"], [ROW])
    assert (error.kind, error.status) == (kind_of_error, status)
    assert "no" in error.text and "\n" not in str(error)
    assert ("the object HOST" in str(error)) == (status == 404)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.kind, copy.status) == (str(error), error.kind, error.status)


def test_a_500_of_the_cmdb_is_told_from_an_unreachable_one(io_loop, mock):
    """The gateway answers 502 to both."""
    mock.post("/cmdb/import/HOST").respond(502, json=Gateway.failure("bug", 500, 100011))
    target = Gateway.target(mock)
    with pytest.raises(TargetError) as caught:
        io_loop.run_sync(lambda: target.import_rows("HOST", ["name"], [ROW]), PATIENCE)
    assert caught.value.kind == "failed"


def test_a_code_with_status_200(io_loop, mock):
    """The vendor's servers use both."""
    mock.post(CMDB.PATHS["import"]).respond(200, json=CMDB.failure("full", 200, 100008))
    target = CMDB.target(mock)
    with pytest.raises(TargetError) as caught:
        io_loop.run_sync(lambda: target.import_rows("HOST", ["name"], [ROW]), PATIENCE)
    assert (caught.value.kind, caught.value.status) == ("busy", 429)


@pytest.mark.parametrize("status", [200, 499])
def test_a_cancelled_call_is_no_fault_of_a_row(run, kind, mock, status):
    """The CMDB has broken it off: it is sent again, whichever way the CMDB says so. As "failed" it
    would be taken for a bad row after a few times."""
    answered = 499 if kind is Gateway else status
    mock.post(kind.PATHS["import"]).respond(answered, json=kind.failure("stop", status, 1))
    error = failure_of(run, "import_rows", "HOST", ["name"], [ROW])
    assert (error.kind, error.status) == ("late", 499)


@pytest.mark.parametrize("value, seconds", [
    ("7", 7.0), ("0", 0.0), ("soon", None), ("-1", None), ("9" * 10, 2.0 ** 31),
    ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), (None, None),
])
def test_retry_after(run, kind, mock, value, seconds):
    """It is not waited for here: the sender pauses all of its calls."""
    headers = {} if value is None else {"Retry-After": value}
    mock.post(kind.PATHS["import"], times=1).respond(
        429, json=kind.failure("slow down", 429), headers=headers)
    assert failure_of(run, "import_rows", "HOST", ["name"], [ROW]).retry_after == seconds


@pytest.mark.parametrize("content", [b"<html>", b"", b"[]", b"3", b"null",
                                     b'{"data": {}}', b"\xff"])
def test_what_is_no_answer_of_a_target(run, kind, mock, content):
    """A page of a portal, with the status 200, is no success."""
    mock.post(kind.PATHS["import"]).respond(200, content=content)
    assert failure_of(run, "import_rows", "HOST", ["name"], [ROW]).kind in ("unclear", "hopeless")


@pytest.mark.parametrize("keys, times", [(["name"], 3), (["instanceId"], 1)])
def test_what_breaks_off_is_sent_again_if_that_is_safe(run, kind, mock, keys, times):
    """With instanceId as a key, a second run may insert a second instance."""
    mock.post(kind.PATHS["import"], times=times).fail(waterspout.ReadError)
    error = failure_of(run, "import_rows", "HOST", keys, [ROW])
    assert error.kind == "unreachable"


def test_what_takes_too_long_is_not_sent_again_at_once(io_loop, kind, mock):
    """The target may still be working on it."""
    mock.post(kind.PATHS["import"], times=1).never()
    target = kind.target(mock)

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            call = target.import_rows("HOST", ["name"], [ROW])
            yield clock.advance(121)
            yield call

    with pytest.raises(TargetError) as caught:
        io_loop.run_sync(run, PATIENCE)
    assert caught.value.kind == "late"


def test_the_model(run, kind, mock):
    """As the CMDB has it; anything else is an error that says so."""
    definition = {"objectId": "HOST", "attrList": [{"id": "name"}]}
    mock.get(kind.PATHS["model"]).respond(json=kind.success(definition)).respond(
        json=kind.success({"objectId": "HOST"}))
    assert run("model", "HOST") == definition
    assert "reading the model HOST" in str(failure_of(run, "model", "HOST"))


def test_a_mistake_in_the_address_is_told_soon(run, kind, mock):
    """The model is read first; nothing was reached yet."""
    mock.get(kind.PATHS["model"], times=3).fail(waterspout.ConnectError)
    error = failure_of(run, "model", "HOST")
    assert error.kind == "unreachable"
    assert "check that it runs, and its address (--gateway or --upstream)" in str(error)


def test_a_cmdb_is_told_from_a_gateway(run, kind, mock):
    """Who has taken one for the other reads which option it is."""
    unknown = {"code": 1, "message": "no such path"}
    mock.get(kind.PATHS["model"]).respond(404, json=unknown).respond(501, json=unknown).respond(
        404, json=kind.failure("no model", 404))
    other = "--upstream" if kind is Gateway else "--gateway"
    for _ in range(2):
        assert other in str(failure_of(run, "model", "HOST"))
    text = str(failure_of(run, "model", "HOST"))
    assert "that the CMDB has the object HOST" in text and "--upstream" not in text


def test_search(run, kind, mock):
    """A page; the order of ``sort`` is kept."""
    mock.post(kind.PATHS["search"]).respond(
        json=kind.success({"list": [{"name": "a"}], "total": 9.0, "page": 2, "page_size": 1}))
    sort = [("z", 1), ("a", -1)]
    assert run("search", "HOST", {"cpu": 4}, ["name"], 2, 1, sort) == ([{"name": "a"}], 9)
    (sent,) = mock.sent
    assert sent.json() == {"query": {"cpu": 4}, "fields": {"name": True}, "page": 2,
                           "page_size": 1, "sort": {"z": 1, "a": -1}}
    assert b'"sort": {"z": 1, "a": -1}' in sent.content


@pytest.mark.parametrize("data", [None, {}, {"list": [1], "total": 1}, {"list": [], "total": "1"}])
def test_a_page_of_another_form(run, kind, mock, data):
    """It is an error with what was attempted."""
    mock.post(kind.PATHS["search"]).respond(json=kind.success(data))
    assert "searching HOST" in str(failure_of(run, "search", "HOST", {}, None, 1, 1))


def test_find_asks_for_keys_and_compares_as_the_cmdb_does(run, kind, mock):
    """4 and 4.0 are the same, and a number that a CMDB keeps as text is found, too."""
    instances = [{"instanceId": "1", "id": "4"}, {"instanceId": "2", "id": u"主"},
                 {"instanceId": "3", "id": u"主"}, {"instanceId": "4", "id": "other"}]
    mock.post(kind.PATHS["search"]).respond(json=kind.success({"list": instances, "total": 4}))
    found = run("find", "HOST", ["id"], [{"id": 4.0}, {"id": u"主"}, {"id": ""}, {}, {"id": 5}], [])
    assert dict(found) == {(4.0,): instances[0], (u"主",): instances[2]}
    assert found.several == {(u"主",)}
    (sent,) = mock.sent
    asked = sent.json()["query"]["id"]["$in"]
    assert sorted(asked, key=repr) == sorted([4.0, u"主", 5], key=repr)


def test_find_with_several_keys_in_queries_that_the_cmdb_takes(run, kind, mock):
    """The sandbox takes 300 conditions in one query."""
    mock.post(kind.PATHS["search"]).respond(json=kind.success({"list": [], "total": 0}))
    documents = [{"a": n, "b": 1} for n in range(301)]
    assert run("find", "HOST", ["a", "b"], documents, ["c"]) == {}
    sizes = [len(sent.json()["query"]["$or"]) for sent in mock.sent]
    assert sizes == [150, 150, 1]
    assert set(mock.sent[0].json()["fields"]) == {"a", "b", "c"}


def test_find_reads_every_page(run, kind, mock):
    """A page may be shorter than what was asked for."""
    pages = mock.post(kind.PATHS["search"])
    pages.respond(json=kind.success({"list": [{"id": 0}], "total": 2}))
    pages.respond(json=kind.success({"list": [{"id": 1}], "total": 2}))
    assert sorted(run("find", "HOST", ["id"], [{"id": 0}, {"id": 1}], ["id"])) == [(0,), (1,)]
    assert [json.loads(sent.text)["page"] for sent in mock.sent] == [1, 2]


def test_the_key_is_never_shown(io_loop, mock, caplog):
    """Not in a repr, an error or the log."""
    caplog.set_level(logging.DEBUG)
    mock.post("/cmdb/import/HOST").respond(401, json={"message": "x", "error": "no valid key"})
    target = Gateway.target(mock)
    with pytest.raises(TargetError) as caught:
        io_loop.run_sync(lambda: target.import_rows("HOST", ["name"], [ROW]), PATIENCE)
    shown = "%r %r %s %s" % (target, caught.value, caught.value, caplog.text)
    assert "s3cret" not in shown and "--api-key-file" in str(caught.value)
    assert mock.sent[0].headers["Authorization"] == "Bearer " + KEY


@pytest.mark.parametrize("arguments", [
    ("http://a.test", "wsk_s3cret\n"), ("http://a.test", u"wsk_s3cret\u4e3b"),
    ("http://me:s3cret@a.test", None), ("ftp://a.test", None), ("", None),
])
def test_an_address_or_a_key_that_cannot_be_used(arguments):
    """One line that does not show the secret."""
    with pytest.raises(BulkError) as caught:
        GatewayTarget(*arguments)
    assert "s3cret" not in str(caught.value) and len(caught.value.reasons) == 1


def test_the_account_is_what_is_sent_with_every_call():
    """A journal has it, so that the other rows of an import go to the same organisation."""
    assert GatewayTarget("http://a.test").account == {"org": None, "user": None, "api_key": None}
    assert CMDBTarget("a.test", 777777, u"ann").account == {"org": u"777777", "user": u"ann"}


def test_the_account_tells_keys_apart_without_having_one():
    """A journal is a file that others may read."""
    ours, theirs = [GatewayTarget("http://a.test", key).account for key in (KEY, KEY + "1")]
    assert ours["api_key"] != theirs["api_key"] and len(ours["api_key"]) == 16
    assert GatewayTarget("http://a.test", to_unicode(KEY)).account == ours
    assert KEY not in str(ours)


def test_a_patient_target_has_the_account_of_its_target():
    target = CMDBTarget("a.test", 777777, u"ann")
    assert PatientTarget(target, 60, None).account == target.account
