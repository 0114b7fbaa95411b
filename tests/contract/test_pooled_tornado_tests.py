"""Tornado's own tests of its clients, from the installed ``tornado.test``, on ours."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
import tornado
from tornado.httpclient import AsyncHTTPClient
from tornado.log import gen_log
from tornado.test import httpclient_test, simple_httpclient_test
from tornado.testing import ExpectLog
from tornado_cases import adopted, cases_of, names_in, not_ours_in, use_our_certificate

from waterspout import PooledHTTPClient

MODULES = (httpclient_test, simple_httpclient_test)

#: Tests of Tornado's that we do not pass, and why. All others of the two modules run.
NOT_OURS = {
    ("GzipResponseTestCase", "test_invalid"):
        "wants a log line besides the error. Ours says in its cause what is wrong with the body: "
        "test_pooled_httpclient_bodies.py",
    ("SimpleHTTPSClientTestCase", "test_no_content_length"):
        "its server ends the TLS connection without close_notify, which hides whether "
        "the body, which has no length, is whole (RFC 9112 section 9.8). To us that is an error.",
}

if tornado.version_info >= (6,):
    NOT_OURS.update(((name, "test_error_after_cancel"),
                     "wants the 404 of a cancelled fetch in the log, as an error. Ours ends when "
                     "it is cancelled, and has none: test_pooled_httpclient_cancel.py")
                    for name in ("HTTPClientCommonTestCase", "SimpleHTTPClientCommonTestCase"))

#: What Tornado's client logs, and what ours logs in its place: the same fact in our words.
OUR_WORDS = {
    ".*Multiple unequal Content-Lengths": ".*Content-Length is both .?2.? and",
    "Malformed HTTP message from None: Too many 1xx responses":
        "Malformed HTTP message from http://.*: more than 10 informational responses",
    "Malformed HTTP message from None: Content-Length too long":
        "Malformed HTTP message from http://.*: body of more than 65536 bytes",
    "Malformed HTTP message from None: Body too long":
        "Malformed HTTP message from http://.*: body of more than 65536 bytes",
    "Malformed HTTP message from None: decompressed body too large":
        "Malformed HTTP message from http://.*: decompressed body too large",
    "Malformed HTTP message from None: Message with both Transfer-Encoding and Content-Length":
        "Malformed HTTP message from http://.*: both Transfer-Encoding and Content-Length",
    "Malformed HTTP message from None: Response with both Transfer-Encoding and Content-Length":
        "Malformed HTTP message from http://.*: both Transfer-Encoding and Content-Length",
}


class ExpectOurLog(ExpectLog):
    """Expects what Tornado expects, in our words where we have others."""

    def __init__(self, logger, regex, *args, **kwargs):
        super(ExpectOurLog, self).__init__(logger, OUR_WORDS.get(regex, regex), *args, **kwargs)


@pytest.fixture(autouse=True)
def ours_in_place_of_theirs(monkeypatch):
    """The modules know our client by the name of Tornado's, and get it where they ask for any."""
    monkeypatch.setattr(simple_httpclient_test, "SimpleAsyncHTTPClient", PooledHTTPClient)
    for module in MODULES:
        monkeypatch.setattr(module, "ExpectLog", ExpectOurLog)
    monkeypatch.setattr(gen_log, "level", logging.INFO)  # As Tornado's own runner has it.
    use_our_certificate(monkeypatch)
    AsyncHTTPClient.configure(PooledHTTPClient)
    yield
    AsyncHTTPClient.configure(None)


ADOPTED = dict((name, adopted(case, "Pooled" + name, __name__, not_ours_in(NOT_OURS, name)))
               for each in MODULES for name, case in cases_of(each))
globals().update(("Test%s" % name, case) for name, case in ADOPTED.items())


def test_every_skipped_tornado_test_exists():
    """The table of skipped tests names tests of this Tornado, or cases that it does not have."""
    for name, test in NOT_OURS:
        assert name not in ADOPTED or test in names_in(ADOPTED[name])


@pytest.mark.parametrize("name", [
    "HTTPClientCommonTestCase",
    "SimpleHTTPClientCommonTestCase",
    "SimpleHTTPClientTestCase",
    "SimpleHTTPSClientTestCase",
    "CreateAsyncHTTPClientTestCase",
    "HTTP100ContinueTestCase",
    "HTTP204NoContentTestCase",
    "HostnameMappingTestCase",
    "ResolveTimeoutTestCase",
    "MaxHeaderSizeTest",
    "MaxBufferSizeTest",
    "ChunkedWithContentLengthTest",
])
def test_the_cases_of_every_tornado_are_adopted(name):
    """What each supported Tornado has is found in the installed one."""
    assert name in ADOPTED


def test_the_client_under_test_is_ours():
    """Both ways in which a case gets its client give ours."""
    for name in ("HTTPClientCommonTestCase", "SimpleHTTPClientTestCase"):
        case = ADOPTED[name]("test_head_request" if name.startswith("Simple") else "test_post")
        case.setUp()
        try:
            assert type(case.http_client) is PooledHTTPClient
        finally:
            case.tearDown()
