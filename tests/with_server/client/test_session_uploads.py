"""Bodies that are read while they are sent, on every transport."""

from __future__ import absolute_import, division, print_function

import io
import os
import threading

import pytest
from differences import skip_if_limited
from leftovers import open_descriptors
from raw_server import PATIENCE, answering, response

import waterspout
from waterspout.exceptions import BodyChanged, UnrewindableBodyError, Unsupported

PIECE = b"0123456789abcdef" * 4096  # 64 KiB


@pytest.fixture
def upload(tmpdir):
    """Make a file of this content, opened for reading."""
    opened = []

    def make(content, mode="rb"):
        path = str(tmpdir.join("upload.bin"))
        with io.open(path, "wb") as target:
            target.write(content)
        opened.append(io.open(path, mode))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def test_files_are_sent_as_multipart(serve, client, upload):
    """With their length, and with the fields before them."""
    server = serve(answering(response(b"ok")))
    client.post(server.url(), data={"a": "1"}, files={"f": upload(PIECE * 5)})
    (request,) = server.received
    headers = dict(request.headers)
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    boundary = headers["content-type"].partition("boundary=")[2].encode("ascii")
    assert request.body == (
        b'--%(b)s\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--%(b)s\r\nContent-Disposition: form-data; name="f"; filename="upload.bin"\r\n\r\n'
        .replace(b"%(b)s", boundary) + PIECE * 5 + b"\r\n--" + boundary + b"--\r\n")
    assert headers["content-length"] == str(len(request.body))
    assert "transfer-encoding" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET", "PROPFIND"])
@pytest.mark.parametrize("known", [True, False], ids=["length", "chunked"])
def test_any_method_sends_a_streamed_body(serve, client, upload, method, known):
    """Framed by its length, or in chunks where that is unknown; the next call works."""
    server = serve(answering(response(b"ok")))
    body = upload(PIECE * 3) if known else iter([PIECE, b"", PIECE * 2])
    client.request(method, server.url("/a"), data=body)
    client.get(server.url("/b"))
    one, two = server.received
    assert (one.method, one.body == PIECE * 3, two.target) == (method, True, "/b")
    framing = [value for name, value in one.headers
               if name in ("content-length", "transfer-encoding")]
    assert framing == [str(3 * len(PIECE)) if known else "chunked"]


class ByAttribute(object):
    """No file, but read like one, such as requests-toolbelt's encoders."""

    def __init__(self, data):
        self.len = len(data)
        self.read = io.BytesIO(data).read


class ByFunction(object):
    def __init__(self, data):
        self._length = len(data)
        self.read = io.BytesIO(data).read

    def __len__(self):
        return self._length


@pytest.mark.parametrize("kind", [ByAttribute, ByFunction])
@pytest.mark.parametrize("size", [0, 4, 2 * len(PIECE) + 1])
def test_a_body_that_knows_its_length_is_sent_with_it(serve, client, kind, size):
    """In whatever way it says so."""
    server = serve(answering(response(b"ok")))
    client.post(server.url(), data=kind(b"a" * size))
    (request,) = server.received
    headers = dict(request.headers)
    assert (headers["content-length"], request.body == b"a" * size) == (str(size), True)
    assert "transfer-encoding" not in headers


@pytest.mark.parametrize("content", [b"", b"some data"])
def test_a_stream_with_auth_is_framed_once(serve, client, content):
    """By its length, and not in chunks as well."""
    server = serve(answering(response(b"ok")))
    client.post(server.url(), data=io.BytesIO(content), auth=("me", "secret"))
    (request,) = server.received
    headers = dict(request.headers)
    assert (request.body, headers["content-length"]) == (content, str(len(content)))
    assert "transfer-encoding" not in headers


def test_an_empty_iterator_is_an_empty_body(serve, client):
    """Not a call that waits for a first byte."""
    server = serve(answering(response(b"ok")))
    client.post(server.url(), data=iter([]))
    client.post(server.url(), data=io.BytesIO(b""))
    assert [request.body for request in server.received] == [b"", b""]


def test_a_pipe_among_the_files_is_sent_chunked(serve, client):
    """Its length is not known before it ends."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as target:
        target.write(b"through a pipe")
    server = serve(answering(response(b"ok")))
    with os.fdopen(reading, "rb") as source:
        client.post(server.url(), files={"f": ("n", source)})
    (request,) = server.received
    assert dict(request.headers)["transfer-encoding"] == "chunked"
    assert b"\r\n\r\nthrough a pipe\r\n--" in request.body


@pytest.fixture
def deaf():
    """A behaviour: say this, and never read a byte of the body, until the test ends."""
    over = threading.Event()

    def saying(answer=b""):
        def behave(peer):
            peer._read_until(b"\r\n\r\n")
            peer.send(answer)
            over.wait(PATIENCE)

        return behave

    saying.stop = over.set
    yield saying
    over.set()


class Breaks(io.BytesIO):
    """A disk that fails half-way."""

    def read(self, size=-1):
        data = io.BytesIO.read(self, size)
        if size and self.tell() > 3 * len(PIECE):
            raise IOError(5, "the disk is broken")
        return data


class Shrinks(io.BytesIO):
    def read(self, size=-1):
        data = io.BytesIO.read(self, size)
        if size:
            self.truncate(len(PIECE))
        return data


class Grows(io.BytesIO):
    def read(self, size=-1):
        if size:
            at = self.tell()
            self.seek(0, os.SEEK_END)
            self.write(PIECE)
            self.seek(at)
        return io.BytesIO.read(self, size)


def not_bytes():
    yield PIECE
    yield u"text"


@pytest.mark.parametrize("body, error_class, text", [
    (lambda: Breaks(PIECE * 10), IOError, "the disk is broken"),
    (lambda: Shrinks(PIECE * 10), BodyChanged, "only %d" % len(PIECE)),
    (lambda: Grows(PIECE * 10), BodyChanged, "longer"),
], ids=["breaks", "shrinks", "grows"])
@pytest.mark.parametrize("keyword", ["data", "files"])
def test_a_file_that_fails_fails_the_call(
        serve, make_client, body, error_class, text, keyword):
    """Its own error comes out, the half-sent request is never whole, and nothing is held."""
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    for _ in range(3):
        content = body()
        given = content if keyword == "data" else {"f": ("n", content)}
        with pytest.raises(error_class) as caught:
            client.post(server.url("/fails"), **{keyword: given})
        assert text in str(caught.value)
        if isinstance(caught.value, waterspout.RequestException):
            assert caught.value.request.method == "POST"
            assert "POST %s" % server.url("/fails") in str(caught.value)
    client.wait_until_idle()
    assert client.get(server.url("/next")).content == b"ok"
    assert [request.target for request in server.received] == ["/next"]


def test_a_piece_of_text_is_refused(serve, make_client):
    """Text has no bytes of its own: it is not guessed."""
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    with pytest.raises((TypeError, Unsupported)) as caught:
        client.post(server.url(), data=iter([PIECE, u"text" if str is bytes else "text"]))
    assert "bytes" in str(caught.value)
    client.wait_until_idle()
    assert server.received == []


@pytest.mark.parametrize("data", [object(), 5])
def test_data_of_another_type_is_refused(serve, client, data):
    """At once: it has no bytes."""
    server = serve(answering(response(b"ok")))
    with pytest.raises(ValueError):
        client.post(server.url(), data=data)
    assert server.received == []


def test_a_redirect_gets_the_files_again(serve, client, upload):
    """307 wants the same body: each file from where it stood."""
    away = response(b"", 307, "Away", headers=[("Location", "/there")])
    server = serve(answering(away, response(b"ok")))
    source = upload(b"-" + PIECE)
    source.seek(1)
    client.post(server.url(), files={"f": source})
    one, two = server.received
    assert two.target == "/there"
    assert one.body == two.body and PIECE in two.body and b"-" + PIECE not in two.body


class Wrapped(object):
    """All that it has is another's."""

    def __init__(self, data):
        self._file = io.BytesIO(data)

    def __getattr__(self, name):
        return getattr(self._file, name)


def test_a_wrapped_file_is_sent_as_a_file(serve, client):
    """With its length, and again at a redirect."""
    away = response(b"", 307, "Away", headers=[("Location", "/there")])
    server = serve(answering(away, response(b"ok")))
    client.post(server.url(), data=Wrapped(PIECE))
    assert [each.body == PIECE for each in server.received] == [True, True]
    assert [dict(each.headers)["content-length"] for each in server.received] == [
        str(len(PIECE))] * 2


def test_a_redirect_does_not_get_half_a_body(serve, client):
    """What cannot be rewound is refused, and not sent from where it stands."""
    away = response(b"", 307, "Away", headers=[("Location", "/there")])
    server = serve(answering(away, response(b"ok")))
    with pytest.raises(UnrewindableBodyError):
        client.post(server.url(), data=iter([PIECE]))
    assert len(server.received) == 1


def test_a_server_that_takes_nothing_is_a_write_timeout(serve, make_client, deaf):
    """timeout.read passes without a byte taken: the error names the phase."""
    server, client = serve(deaf()), make_client(timeout=(5, 0.3))
    error = client.error_of("POST", server.url(), data=(PIECE for _ in range(1000)))
    assert (type(error), error.phase) == (waterspout.WriteTimeout, "send")
    deaf.stop()
    client.wait_until_idle()


def test_a_slow_upload_is_no_timeout(serve, make_client):
    """What counts is the time between two pieces, not the whole of it."""
    read_on = threading.Event()

    def behave(peer):
        peer._read_until(b"\r\n\r\n")
        for _ in range(4):
            read_on.wait(0.15)  # Never set: a slow server.
            peer._read_bytes(64 * len(PIECE))
        peer.send(response(b"ok"))

    server, client = serve(behave), make_client(timeout=(5, 0.4))
    body = io.BytesIO(PIECE * 256)
    assert client.post(server.url(), data=body).content == b"ok"


def test_a_server_that_hangs_up_fails_the_upload(serve, make_client):
    """Half-way through the body, without an answer."""

    def behave(peer):
        peer._read_until(b"\r\n\r\n")
        peer.reset()

    client = make_client(timeout=5)
    error = client.error_of("POST", serve(behave).url(), data=(PIECE for _ in range(1000)))
    assert type(error) in (waterspout.WriteError, waterspout.ReadError)
    assert error.may_have_been_sent
    client.wait_until_idle()


def test_an_answer_before_the_body_is_the_answer(serve, make_client, transport, deaf):
    """413 from a server that reads no further."""
    skip_if_limited(transport, "early_answer")
    refusal = response(b"no", 413, "Too Large", headers=[("Connection", "close")])
    server, client = serve(deaf(refusal)), make_client(timeout=5)
    answer = client.post(server.url(), data=(PIECE for _ in range(1000)))
    assert answer.status_code == 413
    client.wait_until_idle()


class Endless(object):
    """A generator of a body without an end; ``closed`` tells whether its finally clause ran."""

    def __init__(self):
        self.closed = False
        self.pieces = self._pieces()

    def _pieces(self):
        try:
            while True:
                yield PIECE
        finally:
            self.closed = True


def test_a_generator_is_closed_when_the_call_fails(serve, make_client, deaf):
    """Its finally clauses run: what it holds is let go of."""
    server, client, body = serve(deaf()), make_client(timeout=(5, 0.2)), Endless()
    client.error_of("POST", server.url(), data=body.pieces)
    deaf.stop()
    client.wait_until_idle()
    client.wait_until(lambda: body.closed)


def test_a_generator_is_closed_when_the_answer_comes_first(serve, make_client, transport, deaf):
    """As soon as no more of it will be sent, though the call has not failed."""
    skip_if_limited(transport, "early_answer")
    refusal = response(b"no", 413, "Too Large", headers=[("Connection", "close")])
    server, client, body = serve(deaf(refusal)), make_client(timeout=5), Endless()
    client.post(server.url(), data=body.pieces)
    client.wait_until(lambda: body.closed)


def test_failed_uploads_leave_no_descriptor(serve, make_client):
    """Twenty of them cost no more than one."""
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)

    def fail():
        with pytest.raises(IOError):
            client.post(server.url(), files={"f": Breaks(PIECE * 10)})
        client.wait_until_idle()

    fail()
    before = open_descriptors()
    for _ in range(20):
        fail()
    server.hang_up()
    assert open_descriptors() <= before + 25  # The server's ends are in this process as well.
