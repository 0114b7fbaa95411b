"""Hostile clients: each gets JSON or a closed connection, and the gateway goes on serving.

Bytes on the wire are the subject, so the gateway has a socket; the CMDB is a mock.
"""

from __future__ import absolute_import, division, print_function

import logging
import socket
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp

from waterspout.testing import MockTransport
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK

POST = b"POST /cmdb/import/HOST HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def served():
    """A gateway. Any call to the CMDB but an import into HOST fails the module, at its end."""
    with MockTransport() as cmdb:
        cmdb.post("/object/HOST/instance/_import").respond(json={"code": 0, "data": {}})
        sdk = CMDBSDK("cmdb.test", org=1, transport=cmdb)
        with ServedApp(lambda: make_app(sdk, max_body_bytes=100000)) as served:
            yield served


@pytest.fixture(autouse=True)
def still_well(served, caplog):
    """After whatever the test did: it serves, counts nothing as in flight, and logged no bug."""
    yield
    with served.connect() as connection:
        assert connection.post("/cmdb/import/HOST", b"{}").status == 200
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


def exchange(served, data):
    """Send bytes and then nothing more; returns every byte that comes back."""
    with served.connect() as connection:
        try:
            connection.send(data)
            connection.socket.shutdown(socket.SHUT_WR)
        except EnvironmentError:
            pass  # It has had enough of us.
        received = b""
        try:
            while True:
                data = connection.socket.recv(65536)
                if not data:
                    return received
                received += data
        except EnvironmentError:
            return received


def is_refusal(received):
    """Nothing at all, or an error whose body, if there is one, is JSON of the gateway."""
    if not received:
        return True
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1])
    is_refused = 400 <= status <= 499 or status in (501, 505)
    return is_refused and (not body or body.startswith(b'{"message":"') and is_explained(body))


def is_explained(body):
    return b"Internal error" not in body and b'"error":"' in body


BODIES = {
    "nothing": b"",
    "a word": b"hello",
    "an array": b"[]",
    "a form": b"a=1&b=2",
    "multipart": b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--",
    "UTF-16": u'{"a": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a bad byte": b'{"a": "\xff"}',
    "a NUL": b'{"a": "\0"}',
    "NULs": b"\0" * 1000,
    "half a pair": b'{"a": "\\ud800"}',
    "NaN": b'{"a": NaN}',
    "a name twice": b'{"a": 1, "a": 2}',
    "deep arrays": b'{"a":' + b"[" * 40000 + b"]" * 40000 + b"}",
    "deep objects": b'{"a":' * 10000 + b"1" + b"}" * 10000,
    "deep and open": b"[" * 99999,
    "long digits": b'{"a": ' + b"9" * 99000 + b"}",
    "a huge exponent": b'{"a": 1e99999}',
    "many commas": b"{" + b"," * 99000,
    "many quotes": b'{"' + b'\\"' * 45000,
    "over the limit": b"x" * 100001,
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_bad_bodies_are_refused_in_json(served, name):
    """The connection can be used for the next request, unless the server refused the body."""
    with served.connect() as connection:
        for _ in range(2):
            answer = connection.post("/cmdb/import/HOST", BODIES[name])
            assert sorted(answer.json) == ["error", "message"]
            if name == "over the limit":
                assert (answer.status, connection.is_closed_by_peer()) == (413, True)
                return
            assert answer.status == 400


TARGETS = {
    "encoded slashes": b"/cmdb/import/..%2f..%2fetc%2fpasswd",
    "encoded dots": b"/cmdb/import/%2e%2e",
    "dots": b"/cmdb/import/..",
    "more dots": b"/cmdb/import/HOST/../../..",
    "a NUL": b"/cmdb/import/a%00b",
    "a raw NUL": b"/cmdb/import/a\0b",
    "a lone percent": b"/cmdb/import/%",
    "no hexadecimal": b"/cmdb/import/%zz",
    "no UTF-8": b"/cmdb/import/%ff%fe",
    "raw UTF-8": b"/cmdb/import/\xe4\xb8\xad",
    "a parameter": b"/cmdb/import/a;b",
    "a line break": b"/cmdb/import/a%0d%0aX-Injected:1",
    "a long id": b"/cmdb/import/" + b"a" * 20000,
    "an empty id": b"/cmdb/import/",
    "two slashes": b"/cmdb/import//HOST",
    "two slashes in front": b"//cmdb/import/HOST",
    "an encoded query": b"/cmdb/search/HOST%3fq=1",
    "a whole URL": b"http://evil.example/cmdb/import/-",
    "an asterisk": b"*",
    "terminal codes": b"\x1b[2J",
}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_bad_targets_do_not_reach_the_cmdb(served, name):
    """Nor the head of the answer."""
    received = exchange(
        served, b"POST " + TARGETS[name] + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    )
    assert is_refusal(received), received
    assert b"X-Injected" not in received.partition(b"\r\n\r\n")[0]


STREAMS = {
    "nothing": b"",
    "a blank line": b"\r\n\r\n",
    "no verb": b"/cmdb/import/HOST HTTP/1.1\r\n\r\n",
    "only a verb": b"POST\r\n\r\n",
    "no version": b"POST /cmdb/import/HOST\r\n\r\n",
    "an odd version": b"POST /cmdb/import/HOST HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500 + b"\r\n\r\n",
    "half a head": b"POST /cmdb/import/HOST HT",
    "a head without end": b"POST /cmdb/import/HOST HTTP/1.1\r\n" + b"A: b\r\n" * 20000,
    "an endless line": b"POST /" + b"a" * 200000,
    "a header without a colon": POST + b"oops\r\n\r\n",
    "a header without a name": POST + b": x\r\n\r\n",
    "a folded header first": b"POST /cmdb/import/HOST HTTP/1.1\r\n folded\r\n\r\n",
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a NUL in a header": POST + b"X: a\0b\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n{}",
    "a signed length": POST + b"Content-Length: +2\r\n\r\n{}",
    "a hexadecimal length": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "a length beyond counting": POST + b"Content-Length: " + b"9" * 100 + b"\r\n\r\n{}",
    "length and chunks": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": POST + b"Transfer-Encoding: gzip\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "no Host": b"POST /cmdb/import/HOST HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    "two Hosts": POST + b"Host: y\r\nContent-Length: 2\r\n\r\n{}",
    "half a body": POST + b"Content-Length: 100\r\n\r\n{",
    "a chunk size that is none": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "a negative chunk": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "an endless chunk size": CHUNKED + b"0" * 10000 + b"2\r\n{}\r\n0\r\n\r\n",
    "a huge chunk": CHUNKED + b"ffffffffffffffff\r\n{}",
    "half a chunk": CHUNKED + b"10\r\n{}",
    "a chunk longer than it says": CHUNKED + b"1\r\n{}\r\n0\r\n\r\n",
    "chunks without end": CHUNKED + b"2\r\n{}\r\n",
    "Expect something else": POST + b"Expect: a miracle\r\nContent-Length: 1\r\n\r\nx",
}


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_malformed_requests_are_refused_or_closed(served, name):
    """The gateway neither blocks nor crashes."""
    received = exchange(served, STREAMS[name])
    assert is_refusal(received), received


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE",
                                    "PROPFIND", "post", "__init__", "write_json"])
def test_unknown_methods_are_refused(served, method):
    """Names of our Python methods are not HTTP methods; a body does no harm."""
    with served.connect() as connection:
        connection.send(request_bytes(method, "/cmdb/import/HOST", b"{}"))
        answer = connection.read_answer()
        assert (answer.status, answer.headers["allow"]) == (405, "POST")
        assert connection.post("/cmdb/import/HOST", b"{}").status == 200


@pytest.mark.parametrize("target", [b"evil.example:443", b"/cmdb/import/HOST"])
def test_connect_is_refused(served, target):
    """The gateway is no proxy."""
    received = exchange(
        served, b"CONNECT " + target + b" HTTP/1.1\r\nHost: evil.example:443\r\n\r\n")
    assert is_refusal(received), received


#: What the gateway answers to requests that its server refuses.
REFUSALS = [
    (400, "Invalid input data", STREAMS["two lengths"]),
    (413, "Request body too large", POST + b"Content-Length: 100001\r\n\r\n"),
    (414, "Request target too long", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    (417, "Expectation failed", STREAMS["Expect something else"]),
    (431, "Request header fields too large", STREAMS["a head without end"]),
    (501, "Transfer coding not supported", STREAMS["two codings"]),
    (505, "HTTP version not supported", STREAMS["an odd version"]),
]


@pytest.mark.parametrize("status, message, data", REFUSALS)
def test_refusals_of_the_server_have_the_envelope_of_the_gateway(served, status, message, data):
    """A message that says what happened, and the reason."""
    with served.connect() as connection:
        connection.send(data)
        answer = connection.read_answer()
        assert (answer.status, answer.json["message"]) == (status, message)
        assert answer.json["error"]
        assert connection.is_closed_by_peer()


def test_head_over_the_limit_is_refused(served):
    """A head of more than 64 KiB is not read to its end."""
    received = exchange(served, POST + b"X: y\r\n" * 50000 + b"\r\n")
    assert is_refusal(received)


def test_reset_in_the_middle_of_a_body_is_not_logged_as_an_error(served):
    """There is no traceback, and no request stays in flight."""
    for data in (POST, POST + b"Content-Length: 100\r\n\r\n{", CHUNKED + b"10\r\nx",
                 request_bytes("POST", "/cmdb/import/HOST", b"{}")):
        with served.connect() as connection:
            connection.send(data)
            connection.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )


def test_many_silent_connections_do_not_block_others(served):
    """They connect and send nothing."""
    silent = [served.connect() for _ in range(100)]
    with served.connect() as connection:
        assert connection.post("/cmdb/import/HOST", b"{}").status == 200
    for connection in silent:
        connection.socket.close()


def test_slow_upload_does_not_block_others(served):
    """Others are served while the body arrives."""
    request = request_bytes("POST", "/cmdb/import/HOST", b'{"a": 1}')
    with served.connect() as slow, served.connect() as quick:
        for position in range(len(request)):
            slow.send(request[position:position + 1])
            if position % 20 == 0:
                assert quick.post("/cmdb/import/HOST", b"{}").status == 200
        assert slow.read_answer().status == 200


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.sampled_from([b"", b"POST ", POST, POST + b"X-", CHUNKED]))
def test_any_bytes_are_answered_in_json_or_closed(served, data, prefix):
    """Random bytes do not form a valid request."""
    assert is_refusal(exchange(served, prefix + data))
