"""What the answer to a challenge says beside it, through requests and through us."""

from __future__ import absolute_import, division, print_function

import functools

import requests
from digest_guard import DigestGuard
from hypothesis import given
from hypothesis import strategies as st
from raw_server import response

import waterspout

SET_COOKIE = ["a=new; Path=/", "a=; Max-Age=0; Path=/", "b=2", "c=3; Path=/to", "d=4; Path=/else"]


@given(
    fields=st.lists(st.sampled_from(SET_COOKIE), min_size=1, max_size=3),
    in_jar=st.sampled_from([{}, {"a": "old"}, {"other": "o"}]),
    of_call=st.sampled_from([None, {"a": "call"}, {"call": "c"}]),
    by_hand=st.sampled_from([None, {"Cookie": "by=hand"}]),
    redirected=st.booleans(),
    prepared=st.booleans(),
)
def test_cookies(pair, fields, in_jar, of_call, by_hand, redirected, prepared):
    """A challenge's cookies come with its answer, unless the request had a Cookie already.

    That is so of a call and of a request that was prepared, with a redirect before or without.
    """
    seen = []
    for library in (waterspout, requests):
        guard = DigestGuard()
        pair.reply = functools.partial(answer, guard, fields)
        session = pair.session(library)
        session.cookies = jar_of(library, in_jar)
        auth = library.auth.HTTPDigestAuth("Mufasa", "Circle of Life")
        url = pair.server.url("/from" if redirected else "/to/")
        kwargs = dict(headers=by_hand, cookies=of_call, auth=auth)
        if prepared:
            request = session.prepare_request(library.Request("GET", url, **kwargs))
            arrived, got = pair.send(library, request)
        else:
            call = pair.ours if library is waterspout else pair.theirs
            arrived, got = call("GET", url, **kwargs)
        assert got.content == b"come in"
        seen.append((
            [(each.target, cookies(each)) for each in arrived],
            sorted((each.path, each.name, each.value) for each in session.cookies)))
    assert seen[0] == seen[1]


def answer(guard, fields, request):
    """A redirect to what the guard guards; its challenge sets cookies."""
    if request.target == "/from":
        return response(status=302, headers=[("Location", "/to/"), ("Set-Cookie", "r=1; Path=/r")])
    made = guard.answer(request)
    if request in guard.admitted:
        return made
    head = "".join("Set-Cookie: %s\r\n" % field for field in fields).encode("ascii")
    return made.replace(b"\r\n", b"\r\n" + head, 1)


def jar_of(library, pairs):
    jar = library.cookies.RequestsCookieJar()
    for name in pairs:
        jar.set(name, pairs[name], domain="127.0.0.1", path="/")
    return jar


def cookies(request):
    return sorted(dict(request.headers).get("cookie", "").split("; "))
