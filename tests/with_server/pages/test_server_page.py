"""docs/server.md: its programs run, and its tables are what the server does."""

from __future__ import absolute_import, division, print_function

import inspect
import io
import json
import os
import re
import unittest

import doc_pages
import pytest
import tornado.httpserver
import tornado.web
from gates import Gate
from raw_responses import ResponseReader
from served_http import ServedHTTP
from serving_apps import application
from tornado import gen

import waterspout
from waterspout._http_server import (
    connection,
    engine,
    request_limits,
    time_limits,
    tornado_refusals,
)
from waterspout._http_server.exchange import Exchange
from waterspout._http_server.stream_facade import StreamFacade
from waterspout._net import lingering, listener, server_handshake
from waterspout._wire import request_reader
from waterspout._wire.message_limits import MessageLimits
from waterspout._wire.refusals import STATUS_CODES, RequestRefused

PAGE = "docs/server.md"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def text():
    with io.open(os.path.join(doc_pages.ROOT, PAGE), encoding="utf-8") as file:
        return re.sub(r"\s+", " ", file.read())


def program(words):
    """What the only example with these words defines."""
    (block,) = [each for each in doc_pages.blocks(PAGE, "python") if words in each.source]
    names = {"__name__": "example"}
    doc_pages.run(block, names)
    return names


@pytest.fixture
def tornados_server():
    """Examples may configure another one."""
    configuration = tornado.httpserver.HTTPServer._save_configuration()
    yield
    tornado.httpserver.HTTPServer._restore_configuration(configuration)


def test_the_line_of_the_page_moves_a_program(tornados_server):
    app = program("HTTPServer.configure")["make_app"]()
    with ServedHTTP(app, tornado.httpserver.HTTPServer) as server:
        assert type(server.server) is waterspout.HTTPServer
        sock = server.connect()
        sock.sendall(GET)
        assert ResponseReader(sock).read().body == b"hello"


def test_arguments_can_be_configured(tornados_server):
    tornado.httpserver.HTTPServer.configure("waterspout.HTTPServer", max_requests=1)
    with ServedHTTP(application(), tornado.httpserver.HTTPServer) as server:
        assert b"\r\nConnection: close\r\n" in server.exchange(GET)


def test_the_test_case_of_the_page_passes():
    result = unittest.TestResult()
    case = program("class HelloTest")["HelloTest"]
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert (result.testsRun, result.failures, result.errors) == (1, [], [])


@pytest.mark.parametrize("data, status, kind", [
    (b"GET / HTTP/1.1\r\n\r\n", 400, "host"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", 413, "body size"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400, "chunk"),
])
def test_refusals_of_the_page_are_json(data, status, kind):
    refusing = program("class JSONRefusals")["JSONRefusals"]
    with ServedHTTP(application(), refusing, max_body_size=10) as server:
        sock = server.connect()
        sock.sendall(data)
        response = ResponseReader(sock).read()
        assert (response.status, json.loads(response.body.decode())) == (status, {"error": kind})


def test_health_of_the_page_has_the_numbers():
    health = program("def health")["health"]
    with ServedHTTP(application()) as server:
        sock = server.connect()
        sock.sendall(GET + b"x\r\n")
        assert ResponseReader(sock).read().status == 200
        server.wait_for_stats(refused={"request line": 1})
        shown = server.call(lambda: health(server.server))
        assert re.match("1 open, [01] active, 1 requests, 1 refused", shown)


def test_stop_of_the_page_lets_requests_end():
    stop, gate = program("def stop")["stop"], Gate()
    with ServedHTTP(application(gate)) as server:
        idle, busy = server.connect(), server.connect()
        busy.sendall(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        future = gate.wait()
        server.wait_for_stats(connections=2)
        stopped = server.call(lambda: gen.convert_yielded(stop(server.server)))
        server.wait_for_stats(connections=1, active=1)
        assert idle.recv(1) == b""
        server.resolve(future)
        response = ResponseReader(busy).read()
        assert (response.body, response.headers["connection"]) == (b"late", "close")
        server.wait_for(stopped.done)


def rows():
    """The cells of the lines of tables, by the first one."""
    with io.open(os.path.join(doc_pages.ROOT, PAGE), encoding="utf-8") as file:
        lines = [line.strip("| \n").split(" | ") for line in file if line.startswith("| `")]
    return dict((cells[0].strip("`"), [each.strip("` ") for each in cells[1:]]) for cells in lines)


@pytest.mark.parametrize("kind", sorted(STATUS_CODES))
def test_table_of_refusals_has_every_kind(kind):
    """With the status on a plain server and in the kit, and the beginning of the log line."""
    refused = RequestRefused(kind, "")
    plain = rows()[kind]
    if kind == "incomplete":
        assert plain[:2] == ["no answer"] * 2
        return
    status = tornado_refusals.status_of(refused)
    assert plain[0].split(",")[0] == ("no answer" if status is None else str(status))
    assert plain[1] == str(STATUS_CODES[kind])
    assert tornado_refusals.log_line(refused, "10.0.0.7").startswith(plain[2])


@pytest.mark.parametrize("sentence, value", [
    ("| `max_header_size` | 65,536 |", MessageLimits.HEAD_BYTES == 65536),
    ("or 104,857,600 | bytes of a body", request_limits.BODY_BYTES == 104857600),
    ("more than 1,000 header fields", waterspout.HTTPServer.max_header_fields == 1000),
    ("`max_header_fields` (1,000)", waterspout.HTTPServer.max_header_fields == 1000),
    ("| time for a head, from its first byte | 60 s,", waterspout.HTTPServer.head_timeout == 60),
    ("takes no byte of a response | none |", waterspout.HTTPServer.send_timeout is None),
    ("| TLS handshake | 10 s |", server_handshake.HANDSHAKE_SECONDS == 10),
    ("ended its sending side | 3,600 s |", time_limits.DEPARTED_SECONDS == 3600),
    ("| lingering | 5 s without a byte, 30 s and 32 MiB in all |",
     (lingering.SILENCE_SECONDS, lingering.LINGERING_SECONDS, lingering.LINGERING_BYTES)
     == (5, 30, 32 * 2 ** 20)),
    ("while a response is being made | 64 KiB |", connection._READ_AHEAD_BYTES == 65536),
    ("| chunk size line; trailers | 1 KiB; 8 KiB |",
     (MessageLimits.CHUNK_LINE_BYTES, MessageLimits.TRAILER_BYTES) == (1024, 8192)),
    ("| empty lines before a request | 2 |", request_reader.MAX_EMPTY_LINES == 2),
    ("| pause when the system has no descriptor or memory | 0.5 s |", listener.PAUSE == 0.5),
    ("Time limits are looked at every 0.5 s", engine.SWEEP_SECONDS == 0.5),
])
def test_numbers_on_the_page_are_those_of_the_server(sentence, value):
    assert sentence in text()
    assert value


def test_every_argument_is_in_a_table():
    function = tornado.httpserver.HTTPServer.initialize
    names = inspect.getargspec(function)[0] if str is bytes else inspect.signature(
        function).parameters
    arguments = set(names) - set(["self", "request_callback"])
    assert arguments | set(["max_connections", "max_requests"]) <= set(rows())


@pytest.mark.parametrize("owner, names", [
    (Exchange, "write_headers write finish set_close_callback set_max_body_size set_body_timeout "
               "detach close stream"),
    (StreamFacade, "socket io_loop fileno closed close set_nodelay"),
])
def test_members_of_a_requests_connection_are_named(owner, names):
    for name in names.split():
        assert hasattr(owner, name)
        assert "`%s" % name in text()
