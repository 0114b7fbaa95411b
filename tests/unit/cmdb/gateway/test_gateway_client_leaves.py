"""A client that leaves before the CMDB has answered."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout.testing import FakeClock, make_response

DATA = {"insert_count": 2, "update_count": 1, "failed_count": 0, "data": []}
ENVELOPE = {"code": 0, "error": "", "message": "", "data": DATA}


@pytest.fixture
def leave(gateway, cmdb, caplog):
    """``leave(operation)``: the lines of the access log, before and after the CMDB's answer, for a
    client that leaves before it.
    """
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="tornado.access")

    @gen.coroutine
    def run(operation):
        answer = Future()
        cmdb.post("/object/HOST/instance/_" + operation).call(lambda sent: answer)
        with FakeClock() as clock:
            call = gateway.session.post(
                "http://gateway.test/cmdb/%s/HOST" % operation, data=b"{}", timeout=5)
            yield clock.advance(5)
            assert isinstance(call.exception(), waterspout.ReadTimeout)
            before = messages(caplog, "tornado.access")
            answer.set_result(make_response(json=ENVELOPE))
            yield clock.advance(0)
        raise gen.Return((before, messages(caplog, "tornado.access")))

    def leave(operation):
        lines = gateway.run(lambda: run(operation))
        assert gateway.application.requests_in_flight == 0
        assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []
        return lines

    return leave


def messages(caplog, name):
    return [r.getMessage() for r in caplog.records if r.name == name]


def test_search_is_cancelled_when_the_client_leaves(leave):
    """What it finds is of no use."""
    before, (line,) = leave("search")
    assert before == [line]
    assert line.startswith("499 POST /cmdb/search/HOST (127.0.0.1) ")
    assert line.endswith("the request was given up")


def test_import_is_not_cancelled_when_the_client_leaves(leave, caplog):
    """The log has its result."""
    before, (line,) = leave("import")
    assert before == []
    assert line.startswith("499 POST /cmdb/import/HOST (127.0.0.1) ")
    assert line.endswith("the request ended with 200")
    assert messages(caplog, "waterspout.cmdb") == [
        "Import into HOST, whose client has left: imported 2, updated 1, failed 0"]
