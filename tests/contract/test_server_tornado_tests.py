"""Tornado's own tests of servers, from the installed ``tornado.test``, on ours."""

from __future__ import absolute_import, division, print_function

import importlib
import logging
import re

import pytest
import tornado
from tornado.httpserver import HTTPServer
from tornado.log import gen_log
from tornado.test import httpserver_test, process_test
from tornado_cases import adopted, cases_of, names_in, not_ours_in, use_our_certificate

import waterspout

#: The name by which it is configured.
SERVER = "waterspout.HTTPServer"

#: The modules that start a server, whatever else they test.
NAMES = ["httpserver_test", "web_test", "websocket_test", "routing_test", "auth_test",
         "wsgi_test", "process_test", "testing_test"]

if tornado.version_info >= (6, 6):
    NAMES.append("security_corpus_test")

MODULES = [importlib.import_module("tornado.test." + name) for name in NAMES]

_BARE_LF = ("it sends bare LFs. RFC 9112 section 2.2 allows a server to accept them; ours refuses "
            "them, since two readers could disagree about where a line ends")
_PIECES = ("it counts the chunks in which a body arrives, where chunk_size would take several at "
           "once. Ours hands over what Tornado 6.6 does")
_CHUNKED = "test_chunked_request_body_"

#: Tests of Tornado's that we do not pass, and why. All others of the modules run.
NOT_OURS = {
    ("HTTPConnectionTest", "test_newlines"): _BARE_LF,
    ("WSGIConnectionTest", "test_newlines"): _BARE_LF,
    # These also run with CRLF in its place, see below.
    ("HTTPServerRawTest", _CHUNKED + "duplicate_header"): _BARE_LF,
    ("HTTPServerRawTest", _CHUNKED + "transfer_encoding_and_content_length"): _BARE_LF,
    ("HTTPServerRawTest", _CHUNKED + "unsupported_transfer_encoding"): _BARE_LF,
    ("KeepAliveTest", "test_keepalive_chunked"):
        "it sends Transfer-Encoding with HTTP/1.0, whose framing is faulty (RFC 9112 section 6.1)",
}

if tornado.version_info < (6, 6):
    NOT_OURS.update({
        ("StreamingChunkSizeTest", "test_chunked_body"): _PIECES,
        ("DecoratedStreamingRequestFlowControlTest", "test_flow_control_chunked_body"): _PIECES,
        ("NativeStreamingRequestFlowControlTest", "test_flow_control_chunked_body"): _PIECES,
    })

#: What an interpreter that a test starts begins with.
CONFIGURED = """
import tornado.httpserver
tornado.httpserver.HTTPServer.configure("%s")
""" % SERVER


@pytest.fixture(autouse=True)
def ours_in_place_of_theirs(monkeypatch):
    monkeypatch.setattr(gen_log, "level", logging.INFO)  # As Tornado's own runner has it.
    use_our_certificate(monkeypatch)
    if hasattr(process_test, "_MULTI_PROCESS_TEST_SCRIPT"):
        monkeypatch.setattr(
            process_test, "_MULTI_PROCESS_TEST_SCRIPT",
            CONFIGURED + process_test._MULTI_PROCESS_TEST_SCRIPT)
    HTTPServer.configure(SERVER)
    yield
    HTTPServer.configure(None)


ADOPTED = {name: adopted(case, "Test" + name, __name__, not_ours_in(NOT_OURS, name))
           for each in MODULES for name, case in cases_of(each)}
globals().update(("Test" + name, case) for name, case in ADOPTED.items())


class TestHTTPServerRawTestWithCRLF(httpserver_test.HTTPServerRawTest):
    """What some of its tests send with bare LFs, sent as it has to be."""

    def setUp(self):
        super(TestHTTPServerRawTestWithCRLF, self).setUp()
        write = self.stream.write
        self.stream.write = lambda data: write(re.sub(b"\r?\n", b"\r\n", data))


def test_every_case_of_every_module_is_adopted():
    """No two modules have cases of the same name, of which one would be lost."""
    assert len(ADOPTED) == sum(len(list(cases_of(each))) for each in MODULES)


def test_every_skipped_tornado_test_exists():
    """The table of skipped tests names tests of this Tornado, or cases that it does not have."""
    for name, test in NOT_OURS:
        assert name not in ADOPTED or test in names_in(ADOPTED[name])


def test_the_server_under_test_is_ours():
    """Both ways in which a case gets its server give ours."""
    case = ADOPTED["HTTPServerRawTest"]("test_empty_request")
    case.setUp()
    try:
        assert type(case.http_server) is waterspout.HTTPServer
    finally:
        case.tearDown()
    assert type(httpserver_test.HTTPServer(lambda request: None)) is waterspout.HTTPServer
