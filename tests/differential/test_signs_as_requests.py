"""What ``auth=`` makes of a request: compared with requests, before and after it is sent."""

from __future__ import absolute_import, division, print_function

import collections
import io

import pytest
import requests
from both_ways import both_ways_on_every_transport
from client_fixtures import TRANSPORTS
from digest_guard import DigestGuard
from hypothesis import example, given
from hypothesis import strategies as st
from raw_server import response

import waterspout

names = st.text(alphabet=u"me: @%\xe9", max_size=6)


@pytest.fixture(scope="module")
def pairs():
    with both_ways_on_every_transport() as pairs:
        yield pairs


@pytest.fixture(params=TRANSPORTS)
def pair(request, pairs):
    return [pair for pair in pairs if pair.transport == request.param][0]


def prepared(library, session=None, url=u"http://host/", method="GET", **kwargs):
    """What this library makes of it: everything that a signer can see or set."""
    request = library.Request(method, url, **kwargs)
    made = request.prepare() if session is None else session.prepare_request(request)
    body = made.body
    return {
        "method": made.method,
        "url": made.url,
        "path_url": made.path_url,
        "body": body.encode("utf-8") if isinstance(body, type(u"")) else body,
        "headers": dict((name.lower(), text(value)) for name, value in made.headers.items()
                        if name.lower() not in ("user-agent", "accept-encoding", "connection")),
    }


def text(value):
    return value if isinstance(value, type(u"")) else value.decode("latin-1")


def same(**kwargs):
    ours, theirs = attempt(waterspout, **kwargs), attempt(requests, **kwargs)
    assert ours == theirs
    return ours


def attempt(library, **kwargs):
    """What `prepared` returns, or what a signer says that will not sign it."""
    try:
        return prepared(library, **kwargs)
    except ValueError as error:
        return str(error)


@given(user=names, password=names)
@example(user=u"", password=u"")
@example(user=u"me", password=u"pass:word")
def test_basic(user, password):
    """As bytes, and as text where the charset makes no difference (differences.auth_charset)."""
    same(auth=(user.encode("utf-8"), password.encode("utf-8")))
    if u"\xe9" not in user + password:
        same(auth=(user, password))


@pytest.mark.parametrize("auth", [None, (), ("a", "b"), requests.auth.HTTPBasicAuth("a", "b")])
@pytest.mark.parametrize("of_session", [None, ("c", "d")])
@pytest.mark.parametrize("userinfo", [u"", u"e:f@"])
@pytest.mark.parametrize("headers", [None, {"Authorization": "g"}])
def test_one_source_of_credentials_counts(auth, of_session, userinfo, headers):
    """The call, the session, the URL, a header: one of them is heard."""
    made = []
    for library in (waterspout, requests):
        session = library.Session()
        session.auth = of_session
        session.trust_env = False
        made.append(prepared(library, session, u"http://%shost/" % userinfo, auth=auth,
                             headers=headers))
        made[-1].pop("url")  # differences.userinfo_in_url
    assert made[0] == made[1]


@pytest.mark.parametrize("auth", [None, (), ("a", "b")])
@pytest.mark.parametrize("of_session", [None, ("c", "d")])
@pytest.mark.parametrize("headers", [None, {"Authorization": "g"}])
@pytest.mark.parametrize("entry", ["machine host login n password o", "default login n", ""])
@pytest.mark.parametrize("trust_env", [True, False])
def test_netrc(auth, of_session, headers, entry, trust_env, tmpdir, monkeypatch):
    """The same file counts for the same calls."""
    monkeypatch.setenv("NETRC", str(tmpdir.join("netrc")))
    tmpdir.join("netrc").write(entry)
    made = []
    for library in (waterspout, requests):
        session = library.Session()
        session.trust_env = trust_env
        session.auth = of_session
        made.append(prepared(library, session, auth=auth, headers=headers))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "of_session, own",
    [
        ({"params": {"a": "1", "b": "2"}}, {"params": {"b": None, "c": "3"}}),
        ({"params": {"a": "1"}}, {"params": [("b", "2")]}),
        ({"params": {"a": None}}, {"params": {"b": "2"}}),
        ({"headers": {"X-A": "1", "x-b": "2"}}, {"headers": {"x-a": None, "X-B": "3"}}),
        ({"headers": {"X-A": None}}, {"headers": {"X-B": "1"}}),
    ],
)
def test_settings_of_a_session(of_session, own):
    """A call's are merged over the session's; None removes."""
    made = []
    for library in (waterspout, requests):
        session = library.Session()
        session.headers = {}
        for name, value in of_session.items():
            setattr(session, name, value)
        made.append(prepared(library, session, **own))
    assert made[0] == made[1]


def test_settings_of_a_session_keep_their_order():
    """What a call says again stays where the session said it."""
    made = []
    for library in (waterspout, requests):
        session = library.Session()
        session.headers = collections.OrderedDict(
            [("Accept-Encoding", "identity"), ("First", "1"), ("Second", "2")])
        own = collections.OrderedDict([("Third", "3"), ("Fourth", "4"), ("Second", "222")])
        request = session.prepare_request(library.Request("GET", "http://host/", headers=own))
        made.append(list(request.headers.items()))
    assert made[0] == made[1]
    assert [name for name, _ in made[0][1:]] == ["First", "Second", "Third", "Fourth"]


bodies = [
    {},
    {"data": {"a": u"\xe9", "b": ["1", "2"]}},
    {"data": [("b", "1"), ("a", "2")]},
    {"data": b"a=1&b=2"},
    {"data": u"a=1&b=2"},
    {"data": u"no form"},
    {"data": u"a=1", "headers": {"Content-Type": "text/plain"}},
    {"json": {"a": [1, u"\xe9"]}},
    {"params": {"q": u"a b+"}},
    {"url": u"http://host:8080/a%20b/%7Ec?x=1&x=2#fragment"},
]


@pytest.mark.parametrize("kwargs", bodies + [{"params": {"q": u"\xe9"}}])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("where", ["AUTH_HEADER", "QUERY", "BODY"])
@pytest.mark.parametrize("options", [{}, {"force_include_body": True}, {"decoding": None}])
def test_oauth1(method, where, options, kwargs):
    """requests-oauthlib signs our requests as it signs requests' own."""
    oauthlib = pytest.importorskip("requests_oauthlib")
    auth = oauthlib.OAuth1(
        u"key", u"secret", u"token", u"other secret", signature_type=where, nonce=u"nonce",
        timestamp=u"1500000000", **options)
    kwargs = dict({"url": u"http://host/"}, **kwargs)
    made = same(method=method, auth=auth, **kwargs)
    if isinstance(made, str):  # There are forms of a request that it does not sign.
        assert method == "GET" or where == "BODY" or "force_include_body" in options
        return
    said = {"AUTH_HEADER": made["headers"].get("authorization", ""), "QUERY": made["url"],
            "BODY": text(made["body"] or b"")}
    assert "oauth_signature" in said[where]


@pytest.mark.parametrize("kwargs", bodies)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("service", ["s3", "es"])
def test_aws4(method, kwargs, service):
    """requests-aws4auth signs our requests as it signs requests' own."""
    aws4auth = pytest.importorskip("requests_aws4auth")
    auth = aws4auth.AWS4Auth("id", "secret", "eu-west-1", service)
    kwargs = dict(kwargs)
    kwargs["headers"] = dict(kwargs.get("headers", {}), **{"X-Amz-Date": "20170714T024000Z"})
    made = same(method=method, auth=auth, **kwargs)
    assert made["headers"]["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_aws4_of_a_file():
    """It is read whole and sent as bytes, as in requests."""
    aws4auth = pytest.importorskip("requests_aws4auth")
    auth = aws4auth.AWS4Auth("id", "secret", "eu-west-1", "s3")
    made = [
        prepared(library, method="PUT", data=io.BytesIO(b"contents"), auth=auth,
                 headers={"X-Amz-Date": "20170714T024000Z"})
        for library in (waterspout, requests)]
    made[1]["headers"]["content-length"] = "8"  # It is there on both sides, or not on theirs.
    assert made[0] == made[1]
    assert made[0]["body"] == b"contents"


@pytest.mark.parametrize("package", ["oauth1", "aws4"])
def test_a_signed_call_arrives_as_signed(pair, package):
    """What arrives is what was signed."""
    if package == "oauth1":
        auth = pytest.importorskip("requests_oauthlib").OAuth1(
            u"key", u"secret", nonce=u"nonce", timestamp=u"1500000000")
        headers = {}
    else:
        auth = pytest.importorskip("requests_aws4auth").AWS4Auth("id", "secret", "eu", "s3")
        headers = {"X-Amz-Date": "20170714T024000Z"}
    pair.reply = response(b"{}")
    url = pair.server.url(u"/a b?q=1")
    ours = pair.ours("POST", url, data={"a": "1"}, auth=auth, headers=headers)
    assert ours == pair.theirs("POST", url, data={"a": "1"}, auth=auth, headers=headers)


@pytest.mark.parametrize(
    "algorithm, qop",
    [("MD5", "auth"), ("MD5-sess", "auth"), ("SHA", "auth"), ("SHA-256", "auth"),
     ("SHA-512", "auth"), ("MD5", None), ("SHA-256", None), (None, "auth")],
)
def test_digest_takes_the_same_exchanges(pair, algorithm, qop):
    """The same exchanges, the same answers; the same server lets both in."""
    arrived = []
    for call, library in ((pair.ours, waterspout.HTTPDigestAuth),
                          (pair.theirs, requests.auth.HTTPDigestAuth)):
        guard = DigestGuard(algorithm=algorithm, qop=qop, uses=2)
        pair.reply = guard.answer
        auth, seen = library("Mufasa", "Circle of Life"), []
        for number in range(3):
            url = pair.server.url("/%d?a=b" % number)
            received, answer = call("POST", url, data="x", auth=auth)
            assert (answer.status_code, answer.content) == (200, b"come in")
            seen.append([(each.method, each.target, each.body, signed(each)) for each in received])
            seen.append(answer.history)
        arrived.append(seen)
    assert arrived[0] == arrived[1]
    assert [len(received) for received in arrived[0][::2]] == [2, 1, 2]


def signed(request):
    return "authorization" in dict(request.headers)


def test_digest_and_redirects(pair):
    """Both arrive, though we are asked once only (differences.digest_redirect)."""
    for call, library in ((pair.ours, waterspout.HTTPDigestAuth),
                          (pair.theirs, requests.auth.HTTPDigestAuth)):
        guard = DigestGuard(place=lambda request: (
            response(b"arrived") if request.target == "/to" else
            response(status=302, headers=[("Location", "/to")])))
        pair.reply = guard.answer
        _, answer = call("GET", pair.server.url(), auth=library("Mufasa", "Circle of Life"))
        assert (answer.status_code, answer.content) == (200, b"arrived")


def test_a_prepared_request_has_what_signers_use():
    """Attributes and methods of requests' that a signer may look for."""
    ours = waterspout.Request("GET", "http://host/").prepare()
    for name in ("method", "url", "headers", "body", "hooks", "path_url", "copy", "prepare_url",
                 "prepare_headers", "prepare_body", "prepare_content_length", "prepare_auth",
                 "prepare_hooks", "register_hook", "deregister_hook"):
        assert hasattr(requests.Request("GET", "http://host/").prepare(), name)
        assert hasattr(ours, name)


def test_hooks_of_auth_come_first(pair):
    """Those of ``auth=`` come first."""
    pair.reply = response(b"{}")
    seen = []

    def auth(request):
        request.register_hook("response", lambda response, **kwargs: seen.append("auth"))
        return request

    hooks = {"response": lambda response, **kwargs: seen.append("call")}
    for call in (pair.ours, pair.theirs):
        call("GET", pair.server.url(), auth=auth, hooks=hooks)
    assert seen == ["auth", "call"] * 2
