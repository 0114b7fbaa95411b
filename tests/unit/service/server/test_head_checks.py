"""Which check refuses a request, and whether its body is read before the answer."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.concurrent import Future
from tornado.httputil import HTTPHeaders
from tornado.testing import AsyncTestCase

from waterspout import service
from waterspout._compat import FUTURES_CANCEL, rejected, resolved
from waterspout.service._server.head_checks import head_refusal, is_read_to_its_end

FIRST = service.Refusal(401, "no key")
SECOND = service.Refusal(503, "too much")


def accepts(request):
    return None


def test_first_check_that_refuses_decides():
    """Later checks are not asked: they may count what they accept."""
    asked = []
    checks = [accepts, lambda request: FIRST, asked.append]
    assert head_refusal(checks, "request") is FIRST
    assert asked == []


def test_request_that_no_check_refuses_is_not_refused():
    assert head_refusal([accepts, accepts], "request") is None
    assert head_refusal([], "request") is None


@pytest.mark.parametrize("wrong", [True, (503, "too much"), ValueError("x")])
def test_check_that_returns_something_else_is_an_error(wrong):
    """Neither an accident that lets everything in, nor a refusal without a reason."""
    with pytest.raises(TypeError, match="must return None or a waterspout.service.Refusal"):
        head_refusal([lambda request: wrong], "request")


@pytest.mark.parametrize("fields, is_read", [
    ({}, True),
    ({"Content-Length": "0"}, True),
    ({"Content-Length": "65536"}, True),
    ({"Content-Length": "65537"}, False),
    ({"Content-Length": "9" * 30}, False),
    ({"Content-Length": "9" * 5000}, False),
    ({"Content-Length": ""}, False),
    ({"Content-Length": "7,7"}, False),
    ({"Content-Length": "-1"}, False),
    ({"Transfer-Encoding": "chunked"}, False),
    ({"Content-Length": "10", "Expect": "100-continue"}, False),
])
def test_body_is_read_before_the_refusal_if_it_is_short_and_on_its_way(fields, is_read):
    assert is_read_to_its_end(HTTPHeaders(fields)) is is_read


def test_refusal_of_a_check_has_a_kind():
    """For the access log and the counters."""
    assert service.Refusal(401, "no key").kind == "head check"
    assert service.Refusal(401, "no key", kind="no key").kind == "no key"


@pytest.mark.parametrize("wrong", [None, "name", FIRST])
def test_application_refuses_a_check_that_is_no_function(wrong):
    with pytest.raises(TypeError, match="head_checks needs functions"):
        service.Application([], head_checks=[accepts, wrong])


class LaterTest(AsyncTestCase):
    """Checks that return a Future."""

    def outcome(self, checks):
        return self.io_loop.run_sync(lambda: head_refusal(checks, "request"))

    def test_later_checks_wait_for_the_future_of_one(self):
        waits, asked = Future(), []
        refusal = head_refusal([lambda request: waits, asked.append, lambda r: SECOND], "request")
        assert asked == [] and not refusal.done()
        waits.set_result(None)
        assert self.io_loop.run_sync(lambda: refusal) is SECOND
        assert asked == ["request"]

    def test_later_checks_do_not_run_if_the_request_has_ended(self):
        """They may give it something that only its end gives back."""
        waits, asked, ended = Future(), [], []
        refusal = head_refusal(
            [lambda request: waits, asked.append], "request", lambda: bool(ended))
        ended.append(True)
        waits.set_result(None)
        assert self.io_loop.run_sync(lambda: refusal) is None
        assert asked == []

    def test_future_of_a_check_may_refuse(self):
        assert self.outcome([accepts, lambda request: resolved(FIRST), None]) is FIRST

    def test_several_checks_may_return_futures(self):
        assert self.outcome([lambda request: resolved(None)] * 3 + [accepts]) is None
        assert self.outcome([lambda request: resolved(None)] * 3 + [lambda r: FIRST]) is FIRST

    def test_future_with_something_else_is_an_error(self):
        with pytest.raises(TypeError, match="must return None or"):
            self.outcome([lambda request: resolved(False)])

    def test_future_that_failed_is_an_error(self):
        with pytest.raises(ValueError, match="internals"):
            self.outcome([lambda request: rejected(ValueError("internals")), None])

    @pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 are not cancelled")
    def test_future_that_was_cancelled_is_an_error(self):
        """Before Tornado 6.5 a coroutine that waits for it is never resumed."""
        cancelled = Future()
        cancelled.cancel()
        with pytest.raises(service.CallCancelled):
            self.outcome([lambda request: cancelled])
