"""CallContext, and the views of SDKs that carry one."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import answering, response

import waterspout
from waterspout.instrumentation import CallContext
from waterspout.service._observing.upstreams import Upstreams

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_its_fields():
    """The id, a valid trace with its state, and the others over them."""
    context = CallContext("id", TRACE, "v=1", {"X-Tenant": "t"})
    assert context.headers == {
        "X-Request-ID": "id", "traceparent": TRACE, "tracestate": "v=1", "X-Tenant": "t"}
    assert CallContext().headers == {}
    assert CallContext(traceparent="bad", tracestate="v=1").headers == {}
    assert CallContext(traceparent=TRACE, tracestate="v" * 513).headers == {"traceparent": TRACE}
    assert CallContext("id", id_header="X-Id").headers == {"X-Id": "id"}


@pytest.mark.parametrize("traceparent", [
    TRACE, "cc" + TRACE[2:], "cc" + TRACE[2:] + "-what-comes-later", "cc" + TRACE[2:] + "-",
    "cc" + TRACE[2:] + "-" + "x" * 72,
])
def test_traces_that_are_passed_on(traceparent):
    """Version 00, and later ones, which may have more (W3C Trace Context, section 3.2.4)."""
    assert CallContext(traceparent=traceparent).headers == {"traceparent": traceparent}


@pytest.mark.parametrize("traceparent", [
    TRACE + "-", TRACE + "-junk", TRACE + "\n", TRACE.upper(), "ff" + TRACE[2:],
    "cc" + TRACE[2:] + "x", "cc" + TRACE[2:] + "-\x01", "cc" + TRACE[2:] + "-a b",
    "cc" + TRACE[2:] + "-\xe4", "cc" + TRACE[2:] + "-x\n", "cc" + TRACE[2:] + "-" + "x" * 73,
    "cc" + TRACE[2:] + "-" + "x" * 30000,
])
def test_traces_that_are_not(traceparent):
    """A client cannot make a call large with one, nor make it fail."""
    assert CallContext(traceparent=traceparent, tracestate="v=1").headers == {}


@pytest.mark.parametrize("tracestate, is_sent", [
    ("a=1,b=2", True), ("a=1 ,\tb=2", True), ("v" * 512, True), ("", False), ("v" * 513, False),
    ("a=\x01", False), ("a=1\n", False), ("a=1\r\nEvil: 1", False), ("a=\xe4", False),
    ("a=\x7f", False),
])
def test_states_of_traces(tracestate, is_sent):
    """Printable characters, and the tabs between members."""
    headers = CallContext(traceparent=TRACE, tracestate=tracestate).headers
    assert headers.pop("traceparent") == TRACE
    assert headers == ({"tracestate": tracestate} if is_sent else {})


def test_its_repr_has_no_fields():
    """A tenant's may be secret."""
    assert repr(CallContext("id", headers={"X-Tenant": "hidden"})) == "<CallContext request_id=id>"


@pytest.mark.parametrize("own", [
    {"x-request-id": "mine"}, {b"X-REQUEST-ID": b"mine"}, [("X-Request-Id", "mine")],
    {u"X-Request-ID": u"mine"},
])
def test_a_calls_own_fields_take_precedence(serve, client, own):
    """Whatever the case and the type of the name; the context is not changed."""
    server = serve(answering(response(b"x")))
    context = CallContext("id", headers={"X-Tenant": "t"})
    client.get(server.url(), context=context, headers=own)
    fields = [pair for pair in server.received[0].headers
              if pair[0] in ("x-request-id", "x-tenant")]
    assert sorted(fields) == [("x-request-id", "mine"), ("x-tenant", "t")]
    assert context.headers == {"X-Request-ID": "id", "X-Tenant": "t"}


@pytest.mark.parametrize("headers", [5, [5], {5: "x"}, {"a": object()}])
def test_wrong_headers_are_the_same_error_as_without(current_loop, headers):
    """A context does not change what a bad argument is."""
    def error_of(**kwargs):
        try:
            return waterspout.Session().get("http://h/", headers=headers, **kwargs).exception()
        except Exception as error:
            return error

    with_context, without = error_of(context=CallContext("id")), error_of()
    assert type(with_context) is type(without)


class OwnSDK(waterspout.BaseSDK):
    def __init__(self, host, colour):
        super(OwnSDK, self).__init__(host)
        self.colour = colour
        self.seen = []


class OwnerSDK(OwnSDK):
    pass


def test_a_view_shares_everything():
    """Attributes, connections, headers; closing it does nothing, and its own ones are its own."""
    sdk = OwnSDK("h", "red")
    view = sdk.in_context(CallContext("id"))
    assert type(view) is OwnSDK and view.colour == "red" and view.seen is sdk.seen
    assert view.session is sdk.session and view.headers is sdk.headers
    view.colour = "blue"
    assert sdk.colour == "red"
    view.close()  # Also where no event loop is current.
    assert not sdk.session.closed
    again = view.in_context(CallContext("other"))
    assert again._context.request_id == "other" and view._context.request_id == "id"


@pytest.mark.parametrize("wrong", ["abc", {"X-Tenant": "t"}, 5, CallContext])
def test_what_is_no_context(current_loop, wrong):
    """Said at once, with what to give; nothing is sent."""
    sdk = OwnSDK("h", "red")
    for use in (lambda: waterspout.Session().get("http://h/", context=wrong),
                lambda: sdk.fetch_async("GET", "/", context=wrong),
                lambda: sdk.in_context(wrong)):
        with pytest.raises(TypeError, match=r"context=.*: give a waterspout.CallContext"):
            use()
    with pytest.raises(TypeError):
        sdk.in_context(None)


def test_finding_upstreams():
    """By class, by the class above, by name; a clear LookupError otherwise."""
    one, other = OwnSDK("h", 1), OwnerSDK("h", 2)
    of_list, named = Upstreams([one]), Upstreams({"a": one, "b": other})
    assert of_list.find(OwnSDK) is of_list.find(waterspout.BaseSDK) is of_list.find(OwnSDK) is one
    assert named.find("a") is one and named.find(OwnerSDK) is other
    for upstreams, key in [
            (of_list, OwnerSDK), (of_list, "a"), (named, waterspout.BaseSDK), (named, "c"),
            (named, OwnSDK), (Upstreams(), OwnSDK), (named, 5)]:
        with pytest.raises(LookupError) as caught:
            upstreams.find(key)
        assert "Application(upstreams=...)" in str(caught.value)
    assert list(of_list) == [one] and len(list(named)) == 2


def test_the_exact_class_is_found_before_its_subclasses():
    """Of two that suit, the one of this class."""
    one, other = OwnSDK("h", 1), OwnerSDK("h", 2)
    assert Upstreams([one, other]).find(OwnSDK) is one


@pytest.mark.parametrize("upstreams, error", [
    ([OwnSDK("h", 1), OwnSDK("h", 2)], ValueError), ([5], TypeError), ({"a": OwnSDK}, TypeError),
    (5, TypeError), (OwnSDK("h", 1), TypeError),
])
def test_what_are_no_upstreams(upstreams, error):
    with pytest.raises(error):
        Upstreams(upstreams)
