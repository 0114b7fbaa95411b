"""How much the gateway takes on: its options, and what its clients see of them."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout_cmdb
from waterspout.service import Overload, RateLimit
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway.options import limits
from waterspout_cmdb.gateway.options.table import read_options

SEARCH = "/object/HOST/instance/_search"


def overload(*flags):
    return limits.app_keywords(read_options(list(flags), {}))["overload"]


def test_gateway_has_no_limits_unless_they_are_set():
    assert overload() is None
    assert overload("--max-wait=5") is None


def test_options_are_the_limits_of_the_application():
    assert overload(
        "--max-requests=100", "--max-requests-per-tenant=20", "--max-waiting=50", "--max-wait=2",
        "--max-body-memory=64000000", "--rate-limit=5.5", "--rate-burst=30",
    ) == Overload(
        max_requests=100, max_requests_per_tenant=20, max_waiting=50, max_wait=2.0,
        max_body_bytes_in_flight=64000000, rate_limit=RateLimit(5.5, 30))
    assert overload("--rate-limit=5.5") == Overload(rate_limit=RateLimit(5.5))
    assert overload("--max-requests-per-tenant=3") == Overload(max_requests_per_tenant=3)


@pytest.mark.parametrize("flags, complaint", [
    (["--max-waiting=5"], "max_waiting needs max_requests or max_requests_per_tenant"),
    (["--rate-burst=5"], "rate_burst needs rate_limit"),
    (["--max-body-memory=100"], "max_body_memory must be at least max_body_bytes, 10485760"),
])
def test_options_that_do_not_fit_together_are_refused(flags, complaint):
    with pytest.raises(BadOption, match=complaint):
        overload(*flags)


def test_server_of_a_program_refuses_them_too():
    """Before anything was started."""
    with pytest.raises(ValueError, match="rate_burst needs rate_limit"):
        waterspout_cmdb.start_server(0, upstream="cmdb.test", rate_burst=5)


def test_client_beyond_its_rate_is_refused_in_the_gateways_words(make_gateway, cmdb):
    """And the CMDB is not called."""
    cmdb.post(SEARCH).respond(json={"code": 0, "data": {}})
    gateway = make_gateway(overload=overload("--rate-limit=0.001"))
    assert gateway.post("/cmdb/search/HOST").status_code == 200
    refused = gateway.post("/cmdb/search/HOST")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 900
    assert refused.json() == {
        "message": "Too many requests", "error": "you send more requests than you may"}
