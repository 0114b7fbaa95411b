"""What a session gets while a cassette records, and when it replays."""

from __future__ import absolute_import, division, print_function

import gc
import io
import json
import threading

import cassettes
import pytest
import raw_server
from tornado import gen

import waterspout
from waterspout.testing import Cassette
from waterspout.testing.cassette import NotRecorded


@pytest.fixture
def server(serve):
    return serve(cassettes.behave)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "cassettes" / "a.json")


def written(path):
    with io.open(path, encoding="utf-8") as file:
        return file.read()


def test_what_was_recorded_is_replayed_without_a_network(serve, path, transport):
    """All that `talk` does, on each transport: the second run gives what the first did."""
    server = serve(cassettes.behave)
    base = "http://" + server.address
    with Cassette(path, transport=transport) as cassette:
        first = cassettes.with_session(cassette, lambda session: cassettes.talk(session, base))
    server.close()
    with Cassette(path, transport=transport) as cassette:
        second = cassettes.with_session(cassette, lambda session: cassettes.talk(session, base))
    assert cassette.all_played
    assert [kept(each) for each in second] == [kept(each) for each in first]


def kept(outcome):
    """What masking does not change."""
    if len(outcome) == 4:  # An error.
        return outcome
    status_code, reason, headers, content, history = outcome
    names = [name for name, _ in headers]
    is_masked = b"***" in content or b"token" in content or b"echo" in content
    return status_code, reason, names, None if is_masked else content, history


def test_no_secret_reaches_the_disk(server, path):
    """Not a byte of one, wherever it was sent or received."""
    base = "http://" + server.address
    with Cassette(path) as cassette:
        seen = cassettes.with_session(cassette, lambda session: cassettes.talk(session, base))
    text = written(path)
    assert [secret for secret in cassettes.SECRETS if secret in text] == []
    # The program itself got them, and so the test would see them in the file.
    got = b" ".join(each[3] for each in seen if len(each) == 5)
    assert b"tok-1234567890" in got and b"query-tok-555" in got and b"part-pw-4711" in got


def test_nothing_is_masked_if_it_is_not_wanted(server, path):
    cassettes.call(path, server.url("/echo"), mask=False, auth=("user", "s3cr3t-passw0rd"))
    assert "Basic dXNlcjpzM2NyM3QtcGFzc3cwcmQ=" in written(path)


def test_a_person_can_read_the_file(server, path):
    """JSON as JSON, lines as lines, in UTF-8; other bytes in Base64."""
    for target in ("/gzip", "/lines", "/binary"):
        cassettes.call(path, server.url(target), mode="new_episodes")
    file = json.loads(written(path))
    assert file["format"] == "waterspout cassette" and file["version"] == 1
    bodies = [each["response"]["body"] for each in file["interactions"]]
    assert bodies[0] == {"json": {"a": u"\u4e2d"}}
    assert bodies[1] == {"text": [u"eins\n", u"zw\xf6lf\n"]}
    assert list(bodies[2]) == ["base64"]
    assert file["interactions"][0]["response"]["headers"]["Content-Encoding"] == "gzip"
    assert file["interactions"][1]["response"]["headers"]["X-A"] == ["1", "2"]
    assert u"\u4e2d" in written(path)
    assert written(path).endswith(u"}\n")


def test_the_same_calls_make_the_same_file(server, tmp_path):
    texts = []
    for name in ("a", "b"):
        cassettes.call(tmp_path / name, server.url("/echo"), json={"b": 1, "a": 2})
        texts.append(written(str(tmp_path / name)))
    assert texts[0] == texts[1]


def test_a_compressed_body_replays_with_its_headers(server, path):
    first = cassettes.call(path, server.url("/gzip"))
    second = cassettes.call(path, server.url("/gzip"))
    assert second.json() == first.json() == {"a": u"\u4e2d"}
    assert second.headers == first.headers
    assert second.headers["Content-Encoding"] == "gzip"


def test_a_masked_length_is_the_body_s(server, path):
    cassettes.call(path, server.url("/login"))
    response = cassettes.call(path, server.url("/login"))
    assert response.json()["access_token"] == "***"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.cookies["sid"] == "***"


def test_masked_requests_match_with_other_secrets(server, path):
    """Who replays needs no password: any will do."""
    url = server.url("/echo")
    options = {"match_on": ["method", "uri", "headers", "body"], "method": "POST"}
    cassettes.call(path, url + "?token=abc", json={"password": "right", "n": 1},
                   auth=("user", "a password"), **options)
    cassettes.call(path, url + "?token=x", json={"password": "none", "n": 1},
                   auth=("user", "another one"), mode="none", **options)
    with pytest.raises(NotRecorded):
        cassettes.call(path, url + "?token=x", json={"password": "none", "n": 2},
                       auth=("user", "another one"), mode="none", **options)


# Streams


def streaming(pieces):
    """A behaviour: each piece is a chunk of its own, sent when the one before was taken."""
    def behave(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in pieces:
            peer.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
        peer.hold()

    return behave


@gen.coroutine
def read_pieces(response, count):
    pieces = response.iter_content()
    read = []
    for _ in range(count):
        read.append((yield pieces.next()))
    raise gen.Return(read)


def stream_calls(url, count):
    @gen.coroutine
    def calls(session):
        response = yield session.get(url, stream=True)
        pieces = yield read_pieces(response, count)
        response.close()
        raise gen.Return(pieces)

    return calls


def stepped(steps):
    """A behaviour: the next piece is sent when the client has asked for the last one."""
    def behave(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for step in steps:
            piece = step()
            peer.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
        peer.send(b"0\r\n\r\n")
        peer.hold()

    return behave


def test_a_stream_replays_in_its_pieces(serve, path):
    """The pieces in which it was read."""
    events = [threading.Event() for _ in range(3)]
    events[0].set()

    def piece(number):
        def step():
            assert events[number].wait(raw_server.PATIENCE)
            return b"piece %d" % number
        return step

    server = serve(stepped([piece(number) for number in range(3)]))

    @gen.coroutine
    def calls(session):
        response = yield session.get(server.url(), stream=True)
        pieces, read = response.iter_content(), []
        while not read or read[-1]:
            read.append((yield pieces.next()))
            if len(read) < 3:
                events[len(read)].set()
        raise gen.Return(read)

    with Cassette(path) as cassette:
        first = cassettes.with_session(cassette, calls)
    server.close()
    assert first == [b"piece 0", b"piece 1", b"piece 2", b""]
    with Cassette(path) as cassette:
        assert cassettes.with_session(cassette, calls) == first
    # Read at once it is the same body.
    assert cassettes.call(path, server.url()).content == b"".join(first)


def test_a_stream_that_was_not_read_to_its_end_says_so(serve, path):
    """It replays as far as it was read; a reader that wants more gets an error that explains."""
    server = serve(streaming([b"a" * 70000, b"b" * 70000]))
    with Cassette(path) as cassette:
        first = cassettes.with_session(cassette, stream_calls(server.url(), 1))
    server.close()
    file = json.loads(written(path))
    assert file["interactions"][0]["response"]["complete"] is False
    with Cassette(path) as cassette:
        assert cassettes.with_session(cassette, stream_calls(server.url(), 1)) == first
    with Cassette(path) as cassette:
        with pytest.raises(NotRecorded) as caught:
            cassettes.with_session(cassette, stream_calls(server.url(), 2))
    assert "ends after %d bytes" % len(first[0]) in str(caught.value)
    assert path in str(caught.value)
    with pytest.raises(NotRecorded):
        cassettes.call(path, server.url())


def test_a_stream_is_read_no_faster_than_its_reader(serve, path):
    """What was not asked for is not taken: the file has the first piece only."""
    server = serve(streaming([b"x" * 1000] * 3))
    with Cassette(path) as cassette:
        [piece] = cassettes.with_session(cassette, stream_calls(server.url(), 1))
    body = json.loads(written(path))["interactions"][0]["response"]["body"]
    assert body == {"text": piece.decode("ascii")}


@pytest.mark.parametrize("stream", [False, True])
def test_a_body_that_was_cut_off_is_cut_off_again(server, path, stream):
    """With the class, the phase and the text of the error, after the same pieces."""
    url = server.url("/cut")

    @gen.coroutine
    def calls(session):
        read = []
        try:
            response = yield session.get(url, stream=stream)
            pieces = response.iter_content()
            while True:
                read.append((yield pieces.next()))
        except waterspout.RequestException as error:
            raise gen.Return((read, type(error), error.phase, error.may_have_been_sent,
                              str(error), error.request.url))

    with Cassette(path) as cassette:
        first = cassettes.with_session(cassette, calls)
    server.close()
    with Cassette(path) as cassette:
        second = cassettes.with_session(cassette, calls)
    assert first[1] is waterspout.exceptions.IncompleteBody
    assert second[1:] == first[1:]
    assert b"".join(second[0]) == b"".join(first[0]).replace(
        b"us3r:us3r-login-pw", b"***").replace(b"token=abc", b"token=***")


@pytest.mark.parametrize("options, expected", [
    ({"timeout": (5, 0.1)}, waterspout.ReadTimeout),
    ({"timeout": waterspout.ClientTimeout(total=0.1)}, waterspout.exceptions.DeadlineExceeded),
])
def test_a_timeout_is_replayed_at_once(server, path, options, expected):
    """Also where the replaying call has no timeout."""
    with pytest.raises(expected) as first:
        cassettes.call(path, server.url("/silent"), **options)
    server.close()
    with pytest.raises(expected) as second:
        cassettes.call(path, server.url("/silent"))
    assert str(second.value) == str(first.value)
    assert second.value.phase == first.value.phase
    assert second.value.may_have_been_sent is first.value.may_have_been_sent


def test_a_cancelled_call_is_not_kept(server, path):
    if not cassettes.can_cancel():
        pytest.skip("Futures of Tornado 5.1 cannot be cancelled")

    @gen.coroutine
    def calls(session):
        call = session.get(server.url("/silent"))
        while not server.received:
            yield gen.sleep(0.01)
        call.cancel()
        response = yield session.get(server.url("/lines"))
        raise gen.Return(response.status_code)

    with Cassette(path) as cassette:
        assert cassettes.with_session(cassette, calls) == 200
    assert len(json.loads(written(path))["interactions"]) == 1


def test_a_session_that_is_closed_ends_its_calls(server, path):
    @gen.coroutine
    def calls(session):
        call = session.get(server.url("/silent"))
        while not server.received:
            yield gen.sleep(0.01)
        yield session.close()
        try:
            yield call
        except waterspout.ConnectionError as error:
            raise gen.Return(str(error))

    with Cassette(path) as cassette:
        assert "closed" in cassettes.with_session(cassette, calls)


def test_a_body_that_is_read_while_it_is_sent_is_recorded(server, path):
    """Iterators and files: sent whole, and the same request matches on replay."""
    options = {"method": "POST", "match_on": ["method", "uri", "raw_body"]}
    url = server.url("/echo")
    first = cassettes.call(path, url, data=iter([b"ab", b"cd"]), **options)
    assert first.json()["body"] == "abcd"
    server.close()
    second = cassettes.call(path, url, data=io.BytesIO(b"abcd"), **options)
    assert second.json()["body"] == "abcd"


def test_a_body_that_fails_fails_the_call(server, path):
    def body():
        yield b"a"
        raise KeyError("mine")

    with pytest.raises(KeyError):
        cassettes.call(path, server.url("/echo"), method="POST", data=body())
    with pytest.raises(NotRecorded):
        cassettes.call(path, server.url("/echo"), mode="none")


def test_an_sdk_records_and_replays(server, path):
    """`BaseSDK` takes a cassette like a session."""
    @gen.coroutine
    def calls(session):
        sdk = waterspout.BaseSDK(server.address, transport=cassette)
        value = yield sdk.fetch_async("GET", "/gzip")
        yield sdk.close()
        raise gen.Return(value)

    for _ in range(2):
        with Cassette(path) as cassette:
            assert cassettes.with_session(cassette, calls) == {"a": u"\u4e2d"}
    assert len(server.received) == 1


PIECES = [b"%02d" % number * 32000 for number in range(20)]


def replay_stream(path, use):
    """Write a cassette with `PIECES`; call ``use(session, response)`` with a streamed replay."""
    with io.open(path, "wb") as file:
        file.write(json.dumps({"format": "waterspout cassette", "version": 1, "interactions": [{
            "request": {"method": "GET", "url": "http://host.test/"},
            "response": {"status_code": 200, "body": {"pieces": [
                {"text": piece.decode("ascii")} for piece in PIECES]}},
        }]}).encode("ascii"))

    @gen.coroutine
    def calls(session):
        response = yield session.get("http://host.test/", stream=True)
        raise gen.Return((yield use(session, response)))

    with Cassette(path) as cassette:
        return cassettes.with_session(cassette, calls, max_connections=1)


def test_a_long_stream_replays_at_the_reader_s_pace(tmp_path):
    """More than the buffer of a stream holds, to a reader that takes its time."""
    @gen.coroutine
    def use(session, response):
        pieces, read = response.iter_content(), []
        while not read or read[-1]:
            read.append((yield pieces.next()))
            yield gen.moment
        raise gen.Return(read)

    assert replay_stream(str(tmp_path / "a.json"), use) == PIECES + [b""]


def test_a_replay_that_is_closed_gives_its_place_to_the_next(tmp_path):
    @gen.coroutine
    def use(session, response):
        first = yield response.iter_content().next()
        response.close()
        with pytest.raises(NotRecorded):
            yield session.get("http://host.test/other")
        raise gen.Return(first)

    with pytest.raises(NotRecorded):
        replay_stream(str(tmp_path / "a.json"), use)


def test_a_response_that_is_lost_while_it_is_recorded_ends_its_call(serve, path):
    """Its connection is closed, as without a cassette; the file has what was read."""
    server = serve(streaming([b"x" * 1000] * 3))

    @gen.coroutine
    def calls(session):
        response = yield session.get(server.url(), stream=True)
        yield response.iter_content().next()
        [counts] = session.stats().values()
        assert counts["active"] == 1
        del response
        while [each["active"] for each in session.stats().values()] != [0]:
            gc.collect()
            yield gen.sleep(0.01)

    with Cassette(path) as cassette:
        cassettes.with_session(cassette, calls)
    [interaction] = json.loads(written(path))["interactions"]
    assert interaction["response"]["complete"] is False


def test_calls_at_once_are_limited_like_those_of_a_session(server, path):
    """`max_connections` holds while it records: the calls go one after the other."""
    @gen.coroutine
    def calls(session):
        responses = yield [session.get(server.url("/lines")) for _ in range(5)]
        raise gen.Return([each.status_code for each in responses])

    for _ in range(2):
        with Cassette(path) as cassette:
            assert cassettes.with_session(cassette, calls, max_connections=1) == [200] * 5
    assert server.accepted == 1


def test_a_login_by_digest_replays(serve, path):
    """The challenge and its answer are two interactions; nothing of the answer is in the file."""
    challenge = raw_server.response(status=401, reason="Unauthorized", headers=[
        ("WWW-Authenticate", 'Digest realm="a", nonce="b", qop="auth"')])
    server = serve(raw_server.answering(challenge, raw_server.response(b"in")))
    for _ in range(2):
        options = {"auth": waterspout.HTTPDigestAuth("user", "a long password")}
        assert cassettes.call(path, server.url(), **options).content == b"in"
    assert len(server.received) == 2
    assert '"Authorization": "Digest ***"' in written(path)
