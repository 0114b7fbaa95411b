"""Nothing internal is in the gateway's error answers, however the call to the CMDB fails.

The CMDB's own message is passed on; see `test_gateway_cmdb_failures.py`.
"""

from __future__ import absolute_import, division, print_function

import internals
import pytest

from waterspout import exceptions
from waterspout.testing import make_response
from waterspout_cmdb.gateway.passing_sdk import PassingSDK
from waterspout_cmdb.sdk import CMDBError

SEARCH = "/object/HOST/instance/_search"

#: What a proxy before the CMDB, or its machine, says of itself.
HEADERS = [("Server", "secret-host/1.0"), ("X-Powered-By", "secret-host"),
           ("Via", "1.1 10.11.12.13"),
           ("X-Trace", "/etc/secret"), ("Location", "http://secret-host.internal:8079/")]
PAGE = b"<h1>secret-host.internal at 10.11.12.13: /etc/secret/key.pem</h1>"

ANSWERS = {
    "400 in HTML": dict(status_code=400, content=PAGE, headers=HEADERS),
    "500 in HTML": dict(status_code=500, content=PAGE, headers=HEADERS),
    "502 in HTML": dict(status_code=502, content=PAGE, headers=HEADERS),
    "302": dict(status_code=302, content=PAGE, headers=HEADERS),
    "407": dict(status_code=407, content=PAGE, headers=HEADERS),
    "200 in HTML": dict(status_code=200, content=PAGE, headers=HEADERS),
    "200 without a code": dict(status_code=200, json={"secret": internals.TEXT}, headers=HEADERS),
    "200 with NaN": dict(status_code=200, content=b'{"code": 0, "data": NaN}', headers=HEADERS),
    "200 with a list": dict(status_code=200, json=[internals.TEXT], headers=HEADERS),
    "200 with a coding": dict(
        status_code=200, content=PAGE, headers=[("Content-Encoding", "gzip")] + HEADERS),
}

ERRORS = dict(internals.errors_of_waterspout(), **internals.other_errors())


class FailingSDK(PassingSDK):
    """Whose calls raise what the test says, at once."""

    error = None

    def instance_api_search_instance(self, object_id, payload):
        raise self.error

    def instance_api_import_instance(self, object_id, payload, idempotent=None):
        raise self.error


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_nothing_that_comes_with_an_answer_of_the_cmdb_is_passed_on(gateway, cmdb, name):
    """Neither header fields nor the page of a proxy."""
    cmdb.post(SEARCH).respond(**ANSWERS[name])
    answer = gateway.post("/cmdb/search/HOST")
    assert 400 <= answer.status_code <= 599
    assert internals.internals_in(answer) == []


@pytest.mark.parametrize("failure", [
    "connect", "read", exceptions.ConnectTimeout, exceptions.ReadTimeout, exceptions.SSLError,
    exceptions.RemoteProtocolError])
def test_no_failure_of_the_network_is_quoted(gateway, cmdb, failure):
    """The log has it."""
    cmdb.post(SEARCH).fail(failure, internals.TEXT)
    answer = gateway.post("/cmdb/search/HOST")
    assert answer.status_code in (502, 504)
    assert internals.internals_in(answer) == []


@pytest.mark.parametrize("path", ["/cmdb/search/HOST", "/cmdb/import/HOST"])
@pytest.mark.parametrize("name", sorted(ERRORS))
def test_no_error_of_a_call_is_quoted(make_gateway, name, path):
    """Whatever class it is."""
    FailingSDK.error = ERRORS[name]
    answer = make_gateway(FailingSDK).post(path)
    assert 400 <= answer.status_code <= 599 or answer.status_code == 777
    assert internals.internals_in(answer) == []


def test_the_url_of_a_call_is_not_in_the_answer_to_a_failed_one(make_gateway):
    """Only the CMDB's own text is."""
    response = make_response(500, method="POST", url="http://secret-host.internal:8079/secret")
    FailingSDK.error = CMDBError(response, 100011, "the disk is full")
    answer = make_gateway(FailingSDK).post("/cmdb/search/HOST")
    assert answer.json()["error"] == "the disk is full"
    assert internals.internals_in(answer) == []
