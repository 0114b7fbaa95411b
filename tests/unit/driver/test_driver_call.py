"""What runs a flow: one Future, cancellation, and errors, on a transport of the test's own."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

from waterspout._compat import FUTURES_CANCEL
from waterspout._driver.call import Call
from waterspout._flows.commands import Done, Send, Wait
from waterspout.exceptions import ConnectError, ReadError, SessionClosed
from waterspout.models.call_options import CallOptions
from waterspout.timeouts import ClientTimeout

cancels = pytest.mark.skipif(
    not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")

OPTIONS = CallOptions(ClientTimeout())


class Exchange(object):
    """One that is under way; the test says how it ends.

    Attributes:
        cancelled (bool): its transport was told to stop it.
    """

    cancelled = False

    def __init__(self, request, done):
        self.request = request
        self._done = done

    def cancel(self):
        self.cancelled = True

    def end(self, response=None, error=None):
        self._done(self.request, response, error)


class Transport(object):
    """Notes the exchanges; `refuses` is what it raises when it is given one."""

    refuses = None

    def __init__(self):
        self.exchanges = []

    def perform(self, request, options, done):
        assert options is OPTIONS
        if self.refuses is not None:
            raise self.refuses
        self.exchanges.append(Exchange(request, done))
        return self.exchanges[-1]


class Flow(object):
    """A flow that yields these commands; notes what it is sent and how it ends."""

    def __init__(self, *commands):
        self.sent, self.raised, self.closed = [], [], False
        self._commands = commands

    def follow(self, request, options, response):
        return self._run()

    def _run(self):
        try:
            for command in self._commands:
                try:
                    self.sent.append((yield command))
                except ReadError as error:
                    self.raised.append(error)
        finally:
            self.closed = True


@pytest.fixture
def transport(current_loop):
    return Transport()


def test_a_call_without_a_flow_is_its_one_exchange(transport):
    """As most calls are."""
    call = Call(transport).begin("request", OPTIONS)
    assert transport.exchanges[0].request == "request" and not call.done()
    transport.exchanges[0].end("response")
    assert call.result() == "response"


def test_a_call_whose_response_needs_no_flow_is_that_response(transport):
    """``follow`` returns None."""
    call = Call(transport, lambda request, options, response: None).begin("request", OPTIONS)
    transport.exchanges[0].end("response")
    assert call.result() == "response"


def test_a_flow_sends_what_it_yields_and_is_sent_the_responses(transport):
    """Until it is done."""
    flow = Flow(Send("second", OPTIONS), Send("third", OPTIONS), Done("result"))
    call = Call(transport, flow.follow).begin("first", OPTIONS)
    for number in range(3):
        transport.exchanges[number].end("response %d" % number)
    assert [each.request for each in transport.exchanges] == ["first", "second", "third"]
    assert flow.sent == ["response 1", "response 2"]
    assert call.result() == "result" and flow.closed


def test_an_error_of_the_first_exchange_is_the_calls(transport):
    """There is no flow yet."""
    call, error = Call(transport).begin("request", OPTIONS), ReadError("reset")
    transport.exchanges[0].end(error=error)
    assert call.exception() is error


def test_an_error_of_a_later_exchange_is_raised_into_the_flow(transport):
    """The flow may handle it and go on."""
    flow, error = Flow(Send("second", OPTIONS), Done("result")), ReadError("reset")
    call = Call(transport, flow.follow).begin("first", OPTIONS)
    transport.exchanges[0].end("response")
    transport.exchanges[1].end(error=error)
    assert flow.raised == [error] and call.result() == "result"


def test_an_error_that_a_flow_raises_is_the_calls(transport):
    """Whatever its class."""
    def follow(request, options, response):
        raise KeyError("broken")
        yield

    call = Call(transport, follow).begin("request", OPTIONS)
    transport.exchanges[0].end("response")
    assert type(call.exception()) is KeyError


def test_a_transport_that_refuses_a_request_fails_the_call(transport):
    """Through the Future; a closed session is a mistake of the caller's, and raises at once."""
    transport.refuses = ConnectError("no thread")
    assert Call(transport).begin("request", OPTIONS).exception() is transport.refuses
    transport.refuses = SessionClosed("closed")
    with pytest.raises(SessionClosed):
        Call(transport).begin("request", OPTIONS)


@cancels
def test_cancelling_a_call_cancels_its_exchange(transport):
    """Its transport lets go of the connection; what comes afterwards is ignored."""
    call = Call(transport).begin("request", OPTIONS)
    assert call.cancel() and transport.exchanges[0].cancelled
    transport.exchanges[0].end("response")
    assert call.cancelled()


@cancels
def test_cancelling_a_call_closes_its_flow(transport):
    """Its ``finally`` clauses run, and nothing more is sent."""
    flow = Flow(Send("second", OPTIONS), Done("result"))
    call = Call(transport, flow.follow).begin("first", OPTIONS)
    transport.exchanges[0].end("response")
    call.cancel()
    assert flow.closed and flow.sent == []
    assert [each.cancelled for each in transport.exchanges] == [False, True]


@cancels
def test_a_call_may_be_cancelled_from_within_its_flow(transport):
    """By a hook: the flow is closed when it has yielded."""
    calls, closed = [], []

    def follow(request, options, response):
        try:
            calls[0].cancel()
            yield Send("second", OPTIONS)
        finally:
            closed.append(True)

    calls.append(Call(transport, follow).begin("first", OPTIONS))
    transport.exchanges[0].end("response")
    assert calls[0].cancelled() and closed == [True] and len(transport.exchanges) == 1


@cancels
def test_a_call_that_is_done_cannot_be_cancelled(transport):
    """As any Future."""
    call = Call(transport).begin("request", OPTIONS)
    transport.exchanges[0].end("response")
    assert not call.cancel() and not transport.exchanges[0].cancelled


class Request(object):
    """What the error of a hook that takes too long tells of."""

    method = "GET"

    class parsed_url(object):
        for_messages = "http://a.example/"


def test_what_a_flow_waits_for_is_sent_to_it(transport, current_loop):
    """The result of a Future or coroutine."""
    flow = Flow(Wait(gen.maybe_future("value"), Request), Done("result"))
    call = Call(transport, flow.follow).begin("first", OPTIONS)
    transport.exchanges[0].end("response")
    assert current_loop.run_sync(lambda: call) == "result" and flow.sent == ["value"]


def test_an_error_of_what_a_flow_waits_for_is_raised_into_it(transport, current_loop):
    """The flow may handle it and go on."""
    @gen.coroutine
    def failing():
        raise ReadError("reset")

    flow = Flow(Wait(failing(), Request), Done("result"))
    call = Call(transport, flow.follow).begin("first", OPTIONS)
    transport.exchanges[0].end("response")
    assert current_loop.run_sync(lambda: call) == "result" and len(flow.raised) == 1


def test_a_pending_call_says_how_to_wait_for_it(transport):
    """asyncio.create_task() shows it where it refuses a Future."""
    call = Call(transport).begin("request", OPTIONS)
    assert "it is a Future and has started" in repr(call)
    transport.exchanges[0].end("response")
    assert "it is a Future and has started" not in repr(call)


@pytest.mark.parametrize("name", ["json", "text", "content", "status_code", "raise_for_status"])
def test_an_attribute_of_the_response_on_its_call_is_an_error_that_says_await(current_loop, name):
    """The mistake is a missing await; ``hasattr`` is False, as without the hint."""
    call = Call(Transport())
    with pytest.raises(AttributeError) as caught:
        getattr(call, name)
    assert str(caught.value).startswith("'Call' object has no attribute '%s'" % name)
    assert "await the call" in str(caught.value)
    assert not hasattr(call, name)
