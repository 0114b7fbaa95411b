"""Random chains of redirects, with cookies and credentials, through requests and through us."""

from __future__ import absolute_import, division, print_function

import collections

import pytest
from both_ways import BothWays, comparable
from client_fixtures import TRANSPORTS, needs, new_io_loop
from hypothesis import given
from hypothesis import strategies as st
from raw_server import RawServer, response

from waterspout.cookies.jar import RequestsCookieJar

#: One step: the response's status and Set-Cookie fields, and where it leads (`Chain.location`).
Step = collections.namedtuple("Step", "status fields place spelling folder")

SET_COOKIE = [
    "a=1", "a=2; Path=/", "a=; Max-Age=0", "b=3; Path=/p", "b=; Max-Age=0; Path=/p",
    "c=4; Domain=127.0.0.1", "c=5; Domain=evil.example", "c=6; Domain=localhost", "d=7; Secure",
    "e=8; HttpOnly; SameSite=Lax; Path=/", "f=\"quoted \\\"x\\\"\"", "g", "=h", "", "a=b=c; path=/",
    "i=9; Expires=Wed, 01 Jan 2031 00:00:00 GMT; Path=/",
    "i=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/", "j=10; Version=1; Path=/", "k=11; Port=1",
    "l=\xe9; Path=/", "m=1, n=2; Path=/", "o=1; Max-Age=soon", "p=12; Path=", "q=13; Path=/p/",
]

#: What the user has put into the jar or the call, without a domain; no server uses these names.
NOBODYS = {"session": "mine", "call": "ours"}

places = st.sampled_from(["home", "home", "home", "port", "host"])
steps = st.builds(
    Step,
    st.sampled_from([301, 302, 303, 307, 308]),
    st.lists(st.sampled_from(SET_COOKIE), max_size=3),
    places,
    st.sampled_from(["absolute", "path", "beside", "//"]),
    st.sampled_from(["/", "/p/", "/p/q/"]),
)
calls = st.fixed_dictionaries({
    "method": st.sampled_from("GET HEAD POST PUT DELETE".split()),
    "data": st.sampled_from([None, b"body"]),
    "headers": st.sampled_from([
        {}, {"Authorization": "Bearer x"}, {"Cookie": "by=hand"}, {"Proxy-Authorization": "y"},
        {"Authorization": "Bearer x", "Cookie": "by=hand", "X-Kept": "1"},
    ]),
    "cookies": st.sampled_from([None, {}, {"call": NOBODYS["call"]}]),
})
chains = st.lists(steps, max_size=5)


class Chain(object):
    """Two servers that play the steps, and note what arrives where."""

    def __init__(self, pair):
        self.pair = pair
        self.steps = []
        self.arrived = []
        pair.reply = lambda request: self.play("home", request)
        self.other = RawServer(self._behave)
        self._homes = {
            "home": pair.server.address,
            "port": self.other.address,
            "host": "localhost:%d" % pair.server.port,
        }

    def _behave(self, peer):
        for request in peer.requests():
            peer.send(self.play("port", request))

    def play(self, place, request):
        host = dict(request.headers)["host"]
        assert host in self._homes.values()
        self.arrived.append((host, request))
        number = int(request.target.rpartition("/")[2])
        fields = [("Set-Cookie", each) for each in self.fields(number)]
        body = b"" if request.method == "HEAD" else b"%d" % number
        if number == len(self.steps):
            return response(body, headers=fields)
        fields.append(("Location", self.location(request, number)))
        return response(body, status=self.steps[number].status, headers=fields)

    def fields(self, number):
        return self.steps[number].fields if number < len(self.steps) else ["last=1; Path=/"]

    def location(self, request, number):
        step = self.steps[number]
        path = "%s%d" % (step.folder, number + 1)
        host = dict(request.headers)["host"]
        if step.spelling == "beside":
            return "%d" % (number + 1)
        if step.spelling == "path":
            return path
        if step.spelling == "//":
            return "//" + host + path
        return "http://%s%s" % (self._homes[step.place], path)

    def run(self, call, jar, **kwargs):
        """(requests that arrived, the answer, what the session's jar has)."""
        del self.arrived[:]
        answer = call(kwargs.pop("method"), self.pair.server.url("/p/0"),
                      allow_redirects=True, **kwargs)[1]
        arrived = [(host, self._comparable(host, request)) for host, request in self.arrived]
        return arrived, answer, sorted(
            (each.domain, each.path, each.name, each.value) for each in jar())

    def _comparable(self, host, request):
        request = comparable(request)
        headers = []
        for name, value in request.headers:
            if name == "cookie":
                value = sorted(value.split("; "))
                if host != self._homes["home"]:  # differences: "cookies_without_domain".
                    value = [each for each in value if each.partition("=")[0] not in NOBODYS]
            if value:
                headers.append((name, value))
        return request._replace(headers=headers)


@pytest.fixture(scope="module", params=TRANSPORTS)
def chain(request):
    needs(request.param)
    with new_io_loop() as io_loop:
        pair = BothWays(io_loop, request.param)
        chain = Chain(pair)
        yield chain
        pair.close()
        chain.other.close()


@given(steps=chains, kwargs=calls, own=st.booleans())
def test_a_chain_of_redirects_sends_the_same_requests(chain, steps, kwargs, own):
    """Hop by hop: method, target, body, credentials, cookies; then the same answer and jar."""
    pair, session = chain.pair, chain.pair.client.session
    if kwargs["method"] == "HEAD":
        kwargs = dict(kwargs, data=None)  # differences: ("curl", "head_with_body").
    chain.steps = steps
    session.cookies = RequestsCookieJar()
    pair._requests.cookies.clear()
    if own:
        session.cookies["session"] = pair._requests.cookies["session"] = NOBODYS["session"]
    ours = chain.run(pair.ours, lambda: session.cookies, **kwargs)
    theirs = chain.run(pair.theirs, lambda: pair._requests.cookies, **kwargs)
    assert ours[0] == theirs[0]
    assert ours[1:] == theirs[1:]
    assert len(ours[0]) == len(steps) + 1


def test_cookies_of_a_chain_are_sent_with_the_next_call(chain):
    """What a chain has left in the jar is sent, by both, where it belongs."""
    session, pair = chain.pair.client.session, chain.pair
    chain.steps = [
        Step(302, ["a=1; Path=/"], "port", "absolute", "/p/"),
        Step(302, ["b=2", "a=3; Path=/p"], "host", "absolute", "/"),
        Step(302, ["c=3; Path=/"], "home", "absolute", "/p/q/"),
    ]
    session.cookies = RequestsCookieJar()
    pair._requests.cookies.clear()
    for _ in range(2):
        ours = chain.run(pair.ours, lambda: session.cookies, method="GET")
        theirs = chain.run(pair.theirs, lambda: pair._requests.cookies, method="GET")
        assert ours == theirs
    assert [dict(request.headers).get("cookie") for _, request in ours[0]] == [
        ["a=1", "a=3", "b=2", "last=1"], ["a=1", "a=3", "b=2", "last=1"], ["c=3"],
        ["a=1", "a=3", "b=2", "last=1"]]
