"""What ``hooks=`` takes, and how a call's hooks and the session's go together."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.models.hooks import hook_lists, merge_hooks
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request import Request


@pytest.mark.parametrize("hooks, expected", [
    (None, []), ({}, []), ({"response": None}, []), ({"response": []}, []),
    ({"response": len}, [len]), ({"response": [len, repr]}, [len, repr]),
    ({"response": (len,)}, [len])])
def test_hooks_are_a_callable_several_or_none(hooks, expected):
    """As in requests."""
    assert hook_lists(hooks) == {"response": expected}


@pytest.mark.parametrize("hooks, error_class", [
    ({"request": len}, ValueError), ({"response": [len, "len"]}, TypeError)])
def test_an_unknown_event_and_an_object_that_is_not_callable_are_refused(hooks, error_class):
    """When the request is made."""
    with pytest.raises(error_class):
        hook_lists(hooks)
    with pytest.raises(error_class):
        PreparedRequest("GET", "http://a.example/", hooks=hooks)


@pytest.mark.parametrize("call, session, expected", [
    ({"response": len}, {"response": repr}, len), (None, {"response": repr}, repr),
    ({}, {"response": repr}, repr), ({"response": []}, {"response": repr}, repr),
    ({"response": len}, None, len)])
def test_hooks_of_a_call_replace_those_of_the_session(call, session, expected):
    """They are not merged, as in requests."""
    assert merge_hooks(call, session)["response"] is expected


@pytest.mark.parametrize("made", [
    Request("GET", "http://a.example/"), PreparedRequest("GET", "http://a.example/")],
    ids=["Request", "PreparedRequest"])
def test_hooks_are_registered_and_deregistered(made):
    """One at a time, or several; a hook that is not there is no error."""
    made.register_hook("response", [len, repr])
    made.register_hook("response", str)
    assert made.hooks["response"] == [len, repr, str]
    assert made.deregister_hook("response", repr) and not made.deregister_hook("response", repr)
    assert made.hooks["response"] == [len, str]
