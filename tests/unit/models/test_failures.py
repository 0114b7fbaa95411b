"""The texts of errors: what was attempted, on what, in which phase, after how long."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout import exceptions
from waterspout.models.failures import failure, own_failure
from waterspout.models.prepared_request import PreparedRequest


@pytest.fixture
def sent():
    return PreparedRequest("GET", "http://me:secret@a.example/b?token=secret")


def test_an_error_tells_of_its_call_without_a_secret(sent):
    """Password and query are not shown."""
    error = failure(exceptions.ReadError, sent, "reset", "read", 1.23456)
    assert str(error) == "GET http://a.example/b: reset (read phase, after 1.23 s)"
    assert (error.request, error.phase) == (sent, "read")


@pytest.mark.parametrize("phase, may_have_been_sent", [
    ("pool", False), ("connect", False), ("send", True), ("read", True)])
def test_the_phase_tells_whether_a_retry_is_safe(sent, phase, may_have_been_sent):
    """Nothing was sent before a connection stood."""
    error = failure(exceptions.ConnectError, sent, "refused", phase, 0)
    assert error.may_have_been_sent is may_have_been_sent


@pytest.mark.parametrize("error_class, in_body", [
    (exceptions.ReadError, exceptions.IncompleteBody),
    (exceptions.ReadTimeout, exceptions.BodyTimeout),
    (exceptions.RemoteProtocolError, exceptions.MalformedBody),
    (exceptions.ResponseTooLarge, exceptions.ResponseTooLarge),
    (exceptions.DeadlineExceeded, exceptions.DeadlineExceeded),
])
def test_an_error_within_the_body_has_a_class_of_its_own(sent, error_class, in_body):
    """requests has such classes, too; some errors are the same anywhere."""
    assert type(failure(error_class, sent, "", "read", 0)) is error_class
    assert type(failure(error_class, sent, "", "read", 0, in_body=True)) is in_body


def test_an_error_of_the_callers_body_stays_what_it_is(sent):
    """One of ours learns which request it was."""
    theirs = KeyError("broken")
    assert own_failure(sent, theirs) is theirs
    ours = own_failure(sent, exceptions.BodyChanged("the file has grown"))
    assert type(ours) is exceptions.BodyChanged and ours.request is sent
    assert str(ours) == "GET http://a.example/b: the file has grown" and ours.phase == "send"
    assert own_failure(sent, ours) is ours


@pytest.mark.parametrize("seconds, text", [
    (0.0000949, "0.000095"), (0.0001, "0.0001"), (0, "0.000000"), (-1e-9, "0.000000"), (12, "12")])
def test_short_times_have_no_exponent(sent, seconds, text):
    error = failure(exceptions.ConnectError, sent, "refused", "connect", seconds)
    assert str(error).endswith("(connect phase, after %s s)" % text)
