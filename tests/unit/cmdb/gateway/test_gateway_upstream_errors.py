"""The translation of errors of calls to the CMDB."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.escape import native_str, to_unicode

import waterspout
from waterspout import exceptions
from waterspout.service import CallCancelled
from waterspout.testing import make_response
from waterspout_cmdb.gateway.upstream_errors import MAX_TEXT, translate_error
from waterspout_cmdb.sdk import CMDBError


def response(status, headers=None):
    return make_response(status, headers=headers, method="POST", url="http://cmdb/secret-path")


def cmdb_error(status, code, text="no such model"):
    return CMDBError(response(status), code, text)


@pytest.mark.parametrize(
    "status, code, answered",
    [
        # The status decides if it is an error...
        (400, 100000, 400),
        (401, None, 401),
        (404, 100005, 404),
        (409, 100007, 409),
        (418, None, 418),
        (429, 100008, 429),
        (499, 1, 499),
        (404, 100011, 404),
        # ... unless it is about the way to the CMDB...
        (407, None, 502),
        (408, None, 504),
        (421, None, 502),
        (500, 100011, 502),
        (500, 100005, 502),
        (503, None, 502),
        (504, 100014, 502),
        (302, None, 502),
        # ... and the code if it is not.
        (200, 1, 499),
        (200, 100000, 400),
        (200, 100001, 400),
        (200, 100002, 400),
        (200, 100003, 401),
        (200, 100004, 403),
        (200, 100005, 404),
        (200, 100006, 409),
        (200, 100007, 409),
        (200, 100008, 429),
        (200, 2, 502),
        (200, 100009, 502),
        (200, 100010, 502),
        (200, 100011, 502),
        (200, 100012, 502),
        (200, 100013, 502),
        (200, 100014, 502),
        (200, 133112, 502),
        (200, -1, 502),
        (200, None, 502),
    ],
)
def test_answers_of_the_cmdb_have_their_status(status, code, answered):
    """A 4xx is passed on, from the status or the code; every other error is 502."""
    failure = translate_error(cmdb_error(status, code))
    assert failure.status_code == answered
    assert failure.why == "no such model"
    assert (failure.upstream_status, failure.upstream_code) == (status, code)


@pytest.mark.parametrize("status, code, is_open", [
    (499, 1, True), (200, 1, True), (499, None, True), (400, 100000, False), (500, 100011, False)])
def test_a_cancelled_call_may_have_happened(status, code, is_open):
    """The client still waits, so it was not the one to cancel; part of its rows may be stored."""
    failure = translate_error(cmdb_error(status, code), "; perhaps")
    assert failure.why == "no such model" + ("; perhaps" if is_open else "")


@pytest.mark.parametrize(
    "error, answered",
    [
        (exceptions.Timeout("x"), 504),
        (exceptions.ConnectTimeout("x"), 504),
        (exceptions.ReadTimeout("x"), 504),
        (exceptions.WriteTimeout("x"), 504),
        (exceptions.PoolTimeout("x"), 504),
        (exceptions.DeadlineExceeded("x"), 504),
        (exceptions.ConnectionError("x"), 502),
        (exceptions.ConnectError("x"), 502),
        (exceptions.ReadError("x"), 502),
        (exceptions.WriteError("x"), 502),
        (exceptions.SSLError("x"), 502),
        (exceptions.ProxyError("x"), 502),
        (exceptions.RemoteProtocolError("x"), 502),
        (exceptions.ResponseTooLarge("x"), 502),
        (exceptions.QueueFull("x"), 503),
        (exceptions.RequestException("x"), 502),
        (exceptions.TooManyRedirects("x"), 502),
        (exceptions.ContentDecodingError("x"), 502),
        (exceptions.JSONDecodeError("x"), 502),
        (CallCancelled(), 502),
    ],
)
def test_errors_of_the_connection_have_their_status(error, answered):
    """No answer in time is 504, an unusable answer 502, without the CMDB's message."""
    failure = translate_error(error)
    assert failure.status_code == answered
    assert (failure.upstream_status, failure.upstream_code) == (None, None)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        KeyError("x"),
        waterspout.SessionClosed("x"),
        exceptions.LocalProtocolError("x"),
        exceptions.InvalidURL("x"),
        exceptions.InvalidHeader("x"),
        exceptions.InvalidJSONError("x"),
    ],
)
def test_own_bug_is_not_reported_as_an_error_of_the_cmdb(error):
    """An error that the CMDB cannot have caused is not translated."""
    assert translate_error(error) is None


def test_every_exception_is_classified():
    """Each public exception is either an error of the CMDB or a bug of ours."""
    ours = {
        "LocalProtocolError", "InvalidURL", "MissingSchema", "InvalidSchema", "InvalidHeader",
        "InvalidJSONError", "InvalidProxyURL", "UnrewindableBodyError", "BodyChanged",
        "Unsupported", "URLRequired", "StreamConsumedError",
    }  # fmt: skip
    for name in dir(exceptions):
        error_class = getattr(exceptions, name)
        if isinstance(error_class, type) and issubclass(error_class, exceptions.RequestException):
            assert (translate_error(error_class("x")) is None) == (name in ours), name


def test_status_of_an_unusable_answer_is_passed_on():
    """Even if the rest of the answer could not be used."""
    error = exceptions.JSONDecodeError("x", response=response(200))
    assert translate_error(error).upstream_status == 200


def test_internal_details_are_not_passed_on():
    """Our errors name hosts and paths; the answer does not."""
    error = exceptions.ConnectError("10.1.2.3:8079 refused the connection, user=admin")
    assert translate_error(error).why == "the CMDB cannot be reached"
    assert "secret-path" not in translate_error(cmdb_error(500, None)).why


def test_long_message_of_the_cmdb_is_cut():
    """Such as a page of HTML."""
    assert len(translate_error(cmdb_error(500, None, "x" * 100000)).why) == MAX_TEXT


def test_message_is_cut_between_characters():
    """Half a character could not be encoded as JSON, and would make a 404 a 500."""
    words = native_str(u"\u4e2d" * 5000)
    why = translate_error(cmdb_error(404, None, words)).why
    assert to_unicode(why) == u"\u4e2d" * MAX_TEXT


def test_target_of_a_redirect_is_only_in_the_log():
    """Without user, password and query; the client learns that it is not followed."""
    headers = {"Location": "https://me:secret@cmdb/login?token=secret#x"}
    error = CMDBError(response(302, headers), None, "the CMDB redirects elsewhere")
    assert str(error).endswith("the CMDB redirects elsewhere (Location: https://cmdb/login)")
    assert "login" not in translate_error(error).why
