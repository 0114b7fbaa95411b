"""How a flow ends: plainly, by an error raised into it, or by being closed."""

from __future__ import absolute_import, division, print_function

from concurrent.futures import Future  # One that needs no IOLoop.

import pytest
from stepped_flow import SteppedCall, response_to

from waterspout._flows.call_flow import call_flow, needs_flow
from waterspout._flows.commands import Done
from waterspout.cookies import RequestsCookieJar
from waterspout.exceptions import ReadTimeout
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout


@pytest.mark.parametrize("status", [200, 204, 304, 404, 500])
def test_a_plain_response_needs_no_flow(status):
    """Nearly every call gets one."""
    request = PreparedRequest("GET", "http://a.example/")
    assert not needs_flow(request, response_to(request, status), None)
    assert not needs_flow(request, response_to(request, status), RequestsCookieJar())


def test_what_has_a_say_in_the_result_needs_a_flow():
    """A redirect, a hook, a cookie for the jar, and an auth that answers challenges."""
    request = PreparedRequest("GET", "http://a.example/")
    assert needs_flow(request, response_to(request, 302, [("Location", "/")]), None)
    sets_cookie = response_to(request, 200, [("Set-Cookie", "a=1")])
    assert needs_flow(request, sets_cookie, RequestsCookieJar())
    assert not needs_flow(request, sets_cookie, None)
    request.register_hook("response", len)
    assert needs_flow(request, response_to(request, 200), None)


def test_a_cookie_of_a_plain_response_is_learned():
    """The flow is done with the response that it began with."""
    jar = RequestsCookieJar()
    call = SteppedCall("GET", "http://a.example/", how={"cookies": jar})
    assert call.answer(200, Set_Cookie="a=1") is None
    assert call.result is call.answers[0] and dict(jar) == {"a": "1"}


def test_a_flow_does_nothing_before_it_is_asked():
    """A generator: the driver begins it."""
    request, jar = PreparedRequest("GET", "http://a.example/"), RequestsCookieJar()
    response = response_to(request, 200, [("Set-Cookie", "a=1")])
    flow = call_flow(request, CallOptions(ClientTimeout()), response, jar, lambda url: None)
    assert dict(jar) == {}
    assert isinstance(next(flow), Done) and dict(jar) == {"a": "1"}


def test_an_error_of_a_redirected_exchange_fails_the_call():
    """As it is; the redirect before it is closed already."""
    call = SteppedCall("GET", "http://a.example/")
    call.answer(302, Location="/other")
    error = ReadTimeout("slow")
    with pytest.raises(ReadTimeout) as caught:
        call.fail(error)
    assert caught.value is error and call.open_answers == []


def test_a_redirect_is_closed_before_the_next_request_is_sent():
    """Its connection may be the one that the next request takes."""
    call = SteppedCall("GET", "http://a.example/")
    call.answer(302, Location="/other")
    assert call.open_answers == []


def test_a_call_cancelled_between_two_exchanges_sends_nothing_more():
    """Closing the flow ends it where it stands."""
    call = SteppedCall("GET", "http://a.example/")
    call.answer(302, Location="/other")
    call.cancel()
    assert len(call.sent) == 2 and call.open_answers == []
    with pytest.raises(StopIteration):
        call.answer(200)


def test_a_call_cancelled_while_a_hook_waits_closes_the_response():
    """The connection of a streamed response is not held by a call that has ended."""
    call = SteppedCall("GET", "http://a.example/", how={"stream": True},
                       hooks={"response": lambda response, **how: Future()})
    call.answer(200)
    assert call.open_answers == [200]
    call.cancel()
    assert call.open_answers == [] and call.result is None
