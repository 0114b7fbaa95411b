"""Requests of browsers to the gateway and its sandbox for pages of other origins."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from fake_sdk import FakeSDK
from raw_client import RawConnection
from served_app import ServedApp

from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store

BODY = b'{"keys": ["name"], "datas": [{"name": "from-a-web-page"}]}'


def post(served, body, host, *fields):
    lines = ["POST /cmdb/import/HOST HTTP/1.1", "Host: " + host]
    lines += list(fields) + ["Content-Length: %d" % len(body)]
    with RawConnection(served.port) as connection:
        connection.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return connection.read_answer()


@pytest.fixture
def sdk():
    return FakeSDK()


@pytest.fixture
def served(sdk):
    with ServedApp(lambda: make_app(sdk, allowed_origins=["https://tools.example"])) as served:
        yield served


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
def test_import_from_a_page_of_another_origin_is_403(served, sdk, caplog, fields, content_type):
    """The CMDB is not called, and the log has the origin."""
    caplog.set_level(logging.INFO)
    answer = post(served, BODY, "127.0.0.1:8888", "Content-Type: " + content_type, *fields)
    assert answer.status == 403
    assert answer.json == {
        "message": "Cross-site request refused",
        "error": "the request comes from a page of another origin, which is not allowed here",
    }
    assert sdk.calls == []
    assert fields[-1].split(": ")[1] in caplog.text


def test_dns_rebinding_is_403(served, sdk):
    """The page's own name has our address, so its browser treats us as the same origin."""
    host = "rebound.example:8888"
    answer = post(served, BODY, host, "Origin: http://" + host)
    assert answer.status == 403
    assert sdk.calls == []


@pytest.mark.parametrize(
    "host, fields",
    [
        ("127.0.0.1:8888", ["Content-Type: application/x-www-form-urlencoded"]),
        ("cmdb-gateway.example", ["Content-Type: text/plain"]),
        ("127.0.0.1:8888", ["Origin: http://127.0.0.1:8888"]),
        ("127.0.0.1:8888", ["Origin: https://tools.example", "Sec-Fetch-Site: cross-site"]),
    ],
)
def test_curl_services_and_allowed_pages_are_served(served, sdk, host, fields):
    """Any content type, because `curl -d` sends that of a form; hosts are checked for pages only.
    """
    assert post(served, BODY, host, *fields).status == 200
    assert len(sdk.calls) == 1


def preflight(served, *fields):
    lines = ["OPTIONS /cmdb/import/HOST HTTP/1.1", "Host: 127.0.0.1:8888"] + list(fields)
    with RawConnection(served.port) as connection:
        connection.send("\r\n".join(lines).encode() + b"\r\n\r\n")
        return connection.read_answer()


def test_allowed_page_may_send_json_and_read_the_answer(served, sdk):
    """Its browser sends a preflight request; errors can be read as well."""
    answer = preflight(
        served, "Origin: https://tools.example", "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: content-type,x-request-id",
    )
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "https://tools.example"
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == "content-type,x-request-id"
    assert answer.headers["vary"] == "Origin"
    for body, status in ((BODY, 200), (b"nonsense", 400)):
        answer = post(served, body, "127.0.0.1:8888", "Origin: https://tools.example")
        assert answer.status == status
        assert answer.headers["access-control-allow-origin"] == "https://tools.example"
        assert "access-control-allow-credentials" not in answer.headers


def test_other_pages_get_no_cors_fields(served, sdk):
    """Their browsers may neither send nor read."""
    answer = preflight(
        served, "Origin: https://evil.example", "Access-Control-Request-Method: POST")
    assert answer.status == 405
    answers = [answer, post(served, BODY, "127.0.0.1:8888", "Origin: https://evil.example"),
               post(served, BODY, "127.0.0.1:8888")]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]
    answer = preflight(
        served, "Origin: https://tools.example", "Access-Control-Request-Method: <b>",
        "Access-Control-Request-Headers: <b>",
    )
    assert "access-control-allow-methods" not in answer.headers
    assert "access-control-allow-headers" not in answer.headers


def test_answers_have_no_cors_fields_without_allowed_origins(sdk):
    """There is no Vary field either."""
    with ServedApp(lambda: make_app(sdk)) as served:
        answer = post(served, BODY, "127.0.0.1:8888")
        assert answer.status == 200 and "vary" not in answer.headers
        answer = preflight(served, "Origin: https://tools.example",
                           "Access-Control-Request-Method: POST")
        assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_origin_in_the_log_is_cut_and_escaped(served, caplog):
    """A page cannot fill the log by its origin."""
    caplog.set_level(logging.INFO, "waterspout.service")
    post(served, BODY, "x", "Origin: " + "x" * 5000)
    (record,) = caplog.records
    assert len(record.getMessage()) < 1000


def test_sandbox_refuses_pages_of_other_origins(tmp_path):
    """In its envelope; clients that send the vendor's Host are served."""
    store = Store.open(str(tmp_path / "x.db"), None)
    create = b'{"name": "web-1"}'
    path = "/v2/object/HOST/instance"
    with ServedApp(lambda: make_sandbox(store)) as served, served.connect() as connection:
        who = [("org", "1"), ("user", "me")]
        for origin in ("http://evil.example", "http://test"):  # The client's Host is "test".
            answer = connection.post(path, create, who + [("Origin", origin)])
            assert answer.status == 403
            assert (answer.json["code"], answer.json["data"]) == (100004, None)
        assert connection.post(path, create, who).status == 200
