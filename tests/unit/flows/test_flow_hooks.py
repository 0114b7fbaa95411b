"""Response hooks: in order, each with what the one before made of the response."""

from __future__ import absolute_import, division, print_function

from concurrent.futures import Future  # One that needs no IOLoop.

import pytest
from stepped_flow import SteppedCall, response_to

from waterspout._routes.proxies import parse_proxy
from waterspout._routes.route import Route
from waterspout.auth import HTTPDigestAuth
from waterspout.exceptions import InvalidHeader


def hooked(*hooks, **arguments):
    return SteppedCall("GET", "http://a.example/", hooks={"response": list(hooks)}, **arguments)


def noting(seen):
    """A hook that notes the status of what it is called with."""
    return lambda response, **how: seen.append(response.status_code)


def replacing(status, *headers):
    """A hook that puts another response in the place of each."""
    return lambda response, **how: response_to(response.request, status, headers)


def test_every_response_of_a_call_is_seen():
    """Each redirect, and the result."""
    seen = []
    call = hooked(noting(seen))
    call.answer(302, Location="/other")
    call.answer(200)
    assert seen == [302, 200] and call.result is call.answers[1]


def test_hooks_run_in_order_and_get_the_replacement():
    """None leaves the response as it is."""
    seen = []
    call = hooked(noting(seen), replacing(201), noting(seen), replacing(202), noting(seen))
    call.answer(200)
    assert seen == [200, 201, 202] and call.result.status_code == 202


def test_a_replacement_decides_whether_there_is_a_redirect():
    """A hook may end a chain of redirects, or begin one."""
    call = hooked(replacing(200))
    assert call.answer(302, Location="/other") is None and call.result.status_code == 200
    call = hooked(replacing(302, ("Location", "/other")))
    assert call.answer(200).url == "http://a.example/other"


def test_a_replacement_with_an_error_status_counts():
    """Though it is false, as in requests."""
    call = hooked(replacing(404))
    call.answer(200)
    assert call.result.status_code == 404


def test_a_challenge_that_is_answered_is_not_seen():
    """A hook sees what comes of it."""
    seen = []
    call = hooked(noting(seen), auth=HTTPDigestAuth("me", "secret"))
    call.answer(401, WWW_Authenticate='Digest realm="r", nonce="n"')
    call.answer(200)
    assert seen == [200]


def test_a_hook_gets_how_the_request_was_sent():
    """requests' keywords, with the values that were in effect."""
    seen = []
    route = Route(parse_proxy("http://proxy.example:3128"), verify=False)
    call = hooked(lambda response, **how: seen.append(how),
                  how={"timeout": (1, 2), "stream": True, "route": route})
    call.answer(200)
    assert seen == [{
        "stream": True, "timeout": call.options.timeout, "verify": False, "cert": None,
        "proxies": {"http": "http://proxy.example:3128/"}}]


def test_a_hook_gets_the_defaults_of_a_request_without_a_route():
    """As requests names them."""
    seen = []
    call = hooked(lambda response, **how: seen.append(how))
    call.answer(200)
    assert (seen[0]["verify"], seen[0]["cert"], seen[0]["proxies"]) == (True, None, {})


def test_an_awaitable_of_a_hook_is_waited_for():
    """What it resolves to is the replacement, for the next hook to see."""
    seen, awaitable = [], Future()
    call = hooked(lambda response, **how: awaitable, noting(seen))
    call.answer(200)
    assert (call.waits_for, call.result, seen) == (awaitable, None, [])
    replacement = response_to(call.request, 201)
    call.resume(replacement)
    assert call.result is replacement and seen == [201]


def test_an_awaitable_of_none_leaves_the_response():
    """As None does that comes at once."""
    call = hooked(lambda response, **how: Future())
    call.answer(200)
    call.resume(None)
    assert call.result is call.answers[0]


def test_an_error_of_a_hook_fails_the_call():
    """It is raised as it is, and the response is closed."""
    def broken(response, **how):
        raise KeyError("missing")

    call = hooked(broken)
    with pytest.raises(KeyError):
        call.answer(302, Location="/other")
    assert call.open_answers == [] and len(call.sent) == 1


def test_an_error_of_what_a_hook_awaits_fails_the_call():
    """The next hook does not run, and the response is closed."""
    seen = []
    call = hooked(lambda response, **how: Future(), noting(seen))
    call.answer(200)
    with pytest.raises(KeyError):
        call.fail(KeyError("missing"))
    assert call.open_answers == [] and seen == []


def test_hooks_see_a_redirect_that_is_not_followed():
    """It is the result, like any other response."""
    seen = []
    call = hooked(noting(seen), how={"allow_redirects": False})
    call.answer(302, Location="/other")
    assert seen == [302] and call.result is call.answers[0]


def setting(value):
    """A hook that sets a header of the request that was answered."""
    def hook(response, **how):
        response.request.headers["X-Seen"] = value

    return hook


def test_a_header_that_a_hook_sets_on_the_request_is_sent_with_the_next():
    """The next request is made of the one that was answered."""
    assert hooked(setting("1")).answer(302, Location="/other").headers["X-Seen"] == "1"


def test_a_header_that_a_hook_sets_is_validated():
    """A line break in it fails the call, and the response is closed."""
    call = hooked(setting("1\r\nX-Other: 2"))
    with pytest.raises(InvalidHeader):
        call.answer(302, Location="/other")
    assert len(call.sent) == 1 and call.open_answers == []
