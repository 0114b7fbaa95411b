"""Requests of browsers to the gateway and its sandbox for pages of other origins."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from client_fixtures import Client

from waterspout.testing import AppTransport
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store

BODY = b'{"keys": ["name"], "datas": [{"name": "from-a-web-page"}]}'
ADDRESS = "127.0.0.1:8888"


@pytest.fixture
def gateway(make_gateway):
    return make_gateway(allowed_origins=["https://tools.example"])


@pytest.fixture
def imports(cmdb):
    """The imports that the CMDB got."""
    return cmdb.post("/object/HOST/instance/_import", optional=True).respond(json={"code": 0}).sent


def post(gateway, body, host, *fields):
    return gateway.post("/cmdb/import/HOST", body, host=host, headers=by_name(fields))


def by_name(fields):
    return dict(field.split(": ", 1) for field in fields)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json"]
)
@pytest.mark.parametrize(
    "fields",
    [
        ["Sec-Fetch-Site: cross-site", "Origin: http://evil.example"],
        ["Sec-Fetch-Site: cross-site"],
        ["Origin: http://evil.example"],
        ["Origin: null"],
    ],
)
def test_import_from_a_page_of_another_origin_is_403(
        gateway, imports, caplog, fields, content_type):
    """The CMDB is not called, and the log has the origin."""
    caplog.set_level(logging.INFO)
    answer = post(gateway, BODY, ADDRESS, "Content-Type: " + content_type, *fields)
    assert answer.status_code == 403
    assert answer.json() == {
        "message": "Request refused",
        "error": "the request comes from a page of another origin, which is not allowed here",
    }
    assert imports == []
    assert fields[-1].split(": ")[1] in caplog.text


def test_dns_rebinding_is_403(gateway, imports):
    """The page's own name has our address, so its browser treats us as the same origin."""
    host = "rebound.example:8888"
    answer = post(gateway, BODY, host, "Origin: http://" + host)
    assert answer.status_code == 403
    assert imports == []


@pytest.mark.parametrize(
    "host, fields",
    [
        (ADDRESS, ["Content-Type: application/x-www-form-urlencoded"]),
        ("cmdb-gateway.example", ["Content-Type: text/plain"]),
        (ADDRESS, ["Origin: http://127.0.0.1:8888"]),
        (ADDRESS, ["Origin: https://tools.example", "Sec-Fetch-Site: cross-site"]),
    ],
)
def test_curl_services_and_allowed_pages_are_served(gateway, imports, host, fields):
    """Any content type, because `curl -d` sends that of a form; hosts are checked for pages only.
    """
    assert post(gateway, BODY, host, *fields).status_code == 200
    assert len(imports) == 1


def preflight(gateway, *fields):
    return gateway.send("OPTIONS", "/cmdb/import/HOST", b"", host=ADDRESS, headers=by_name(fields))


def test_allowed_page_may_send_json_and_read_the_answer(gateway, imports):
    """Its browser sends a preflight request; errors can be read as well."""
    answer = preflight(
        gateway, "Origin: https://tools.example", "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: content-type,x-request-id",
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "https://tools.example"
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == "content-type,x-request-id"
    assert answer.headers["vary"] == "Origin"
    for body, status in ((BODY, 200), (b"nonsense", 400)):
        answer = post(gateway, body, ADDRESS, "Origin: https://tools.example")
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "https://tools.example"
        assert "access-control-allow-credentials" not in answer.headers


def test_other_pages_get_no_cors_fields(gateway, imports):
    """Their browsers may neither send nor read."""
    answer = preflight(
        gateway, "Origin: https://evil.example", "Access-Control-Request-Method: POST")
    assert answer.status_code == 405
    answers = [answer, post(gateway, BODY, ADDRESS, "Origin: https://evil.example"),
               post(gateway, BODY, ADDRESS)]
    for answer in answers:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    answer = preflight(
        gateway, "Origin: https://tools.example", "Access-Control-Request-Method: <b>",
        "Access-Control-Request-Headers: <b>",
    )
    assert "access-control-allow-methods" not in answer.headers
    assert "access-control-allow-headers" not in answer.headers


def test_answers_have_no_cors_fields_without_allowed_origins(make_gateway, imports):
    """There is no Vary field either."""
    gateway = make_gateway()
    answer = post(gateway, BODY, ADDRESS)
    assert answer.status_code == 200 and "vary" not in answer.headers
    answer = preflight(gateway, "Origin: https://tools.example",
                       "Access-Control-Request-Method: POST")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_origin_in_the_log_is_cut_and_escaped(gateway, caplog):
    """A page cannot fill the log by its origin."""
    caplog.set_level(logging.INFO, "waterspout.service")
    post(gateway, BODY, "x", "Origin: " + "x" * 5000)
    (record,) = caplog.records
    assert len(record.getMessage()) < 1000


def test_sandbox_refuses_pages_of_other_origins(io_loop, tmp_path):
    """In its envelope; clients that send the vendor's Host are served."""
    store = Store.open(str(tmp_path / "x.db"), None)
    sandbox = Client(io_loop, AppTransport(make_sandbox(store)),
                     headers={"org": "1", "user": "me"})
    create, url = b'{"name": "web-1"}', "http://test/v2/object/HOST/instance"
    for origin in ("http://evil.example", "http://test"):
        answer = sandbox.post(url, data=create, headers={"Origin": origin})
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert (answer.json()["code"], answer.json()["data"]) == (100004, None)
    assert sandbox.post(url, data=create).status_code == 200
    sandbox.close()
    store.close()
