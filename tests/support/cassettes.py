"""A server that answers everything that the tests of cassettes record, and calls on it."""

from __future__ import absolute_import, division, print_function

import gzip
import io
import itertools
import json
import sys

import raw_server
from tornado import gen
from tornado.ioloop import IOLoop

import waterspout
from waterspout._compat import FUTURES_CANCEL
from waterspout.testing import Cassette

#: Secrets that no cassette may have; each is sent or received somewhere by `talk`.
SECRETS = (
    "s3cr3t-passw0rd", "tok-1234567890", "cookie-value-xyz-123", "key-abcdef-42", "us3r-login-pw",
    "refresh-99887766", "czNjcjN0LXBhc3N3MHJk", "form-pw-778899", "query-tok-555", "part-pw-4711",
)  # fmt: skip


def gzipped(content):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def answer(request):
    """The response to one request, by its path."""
    path = request.target.partition(u"?")[0]
    headers = [("Content-Type", "application/json")]
    if path == u"/login":
        body = {u"access_token": u"tok-1234567890", u"expires_in": 3600, u"name": u"web-1"}
        headers.append(("Set-Cookie", "sid=cookie-value-xyz-123; Path=/; HttpOnly"))
        return raw_server.response(json.dumps(body).encode("utf-8"), headers=headers)
    if path == u"/echo":
        body = {u"method": request.method, u"target": request.target,
                u"headers": dict(request.headers), u"body": request.body.decode("latin-1")}
        return raw_server.response(json.dumps(body).encode("utf-8"), headers=headers)
    if path == u"/redirect":
        return raw_server.response(status=302, reason="Found", headers=[
            ("Location", "/echo?access_token=query-tok-555&page=2")])
    if path == u"/gzip":
        return raw_server.response(gzipped(b'{"a": "\xe4\xb8\xad"}'), headers=headers + [
            ("Content-Encoding", "gzip")])
    if path == u"/binary":
        return raw_server.response(bytes(bytearray(range(256))), headers=[
            ("Content-Type", "application/octet-stream"), ("X-Latin", b"caf\xe9")])
    if path == u"/lines":
        return raw_server.response(u"eins\nzw\xf6lf\n".encode("utf-8"), headers=[
            ("Content-Type", "text/plain"), ("X-A", "1"), ("X-A", "2")])
    return raw_server.response(b"no " + path.encode("ascii"), status=404, reason="Nowhere")


def behave(peer):
    for request in peer.requests():
        if request.target.startswith(u"/cut"):
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"
                      b"token=abc; see http://us3r:us3r-login-pw@host/")
            return
        if request.target == u"/silent":
            peer.hold()
            return
        peer.send(answer(request))


def can_cancel():
    return FUTURES_CANCEL


class Answering(object):
    """A transport that answers by ``function(request)``, which returns (status, headers, body).

    Attributes:
        sent (list of PreparedRequest).
    """

    def __init__(self, function):
        self._function = function
        self.sent = []

    @gen.coroutine
    def send(self, request, options):
        self.sent.append(request)
        status_code, headers, body = self._function(request)
        raise gen.Return(waterspout.Response(
            request, status_code, "OK", waterspout.Headers(headers), body))

    @gen.coroutine
    def close(self):
        pass


def counting():
    """A transport whose answers are numbered from 1."""
    numbers = itertools.count(1)
    return Answering(lambda request: (200, {}, b"%d" % next(numbers)))


def run(function):
    """Run a function that returns a Future on an IOLoop of its own."""
    io_loop = IOLoop(make_current=False)
    try:
        return io_loop.run_sync(function, timeout=raw_server.PATIENCE)
    finally:
        io_loop.close(all_fds=True)


def with_session(cassette, calls, **options):
    """Run ``calls(session)``, a coroutine, on a session of this cassette; close the session."""
    @gen.coroutine
    def call():
        session = waterspout.Session(transport=cassette, **options)
        try:
            result = yield calls(session)
        finally:
            yield session.close()
        raise gen.Return(result)

    return run(call)


def call(path, url, method="GET", session_options=None, **options):
    """One call with a cassette of its own; the options of `Cassette` come first."""
    keywords = dict((name, options.pop(name)) for name in list(options) if name in OF_CASSETTE)
    with Cassette(str(path), **keywords) as cassette:
        return with_session(
            cassette, lambda session: session.request(method, url, **options),
            **session_options or {})


OF_CASSETTE = (
    "mode", "transport", "match_on", "mask", "allow_playback_repeats", "before_record_request",
    "before_record_response", "filter_headers", "filter_query_parameters",
    "filter_post_data_parameters", "record_on_exception",
)  # fmt: skip


@gen.coroutine
def talk(session, base):
    """Calls of all kinds; return what each gave, as plain values that can be compared."""
    seen = []

    @gen.coroutine
    def note(call):
        try:
            response = yield call
            seen.append((response.status_code, response.reason, response.headers.get_all(),
                         response.content, [each.status_code for each in response.history]))
        except waterspout.RequestException as error:
            seen.append((type(error).__name__, error.phase, error.may_have_been_sent, str(error)))

    yield note(session.post(
        base + "/login", json={"user": "me", "password": "s3cr3t-passw0rd"}, headers={
            "X-Api-Key": "key-abcdef-42"}, auth=("user", "s3cr3t-passw0rd")))
    yield note(session.post(
        base + "/echo?token=query-tok-555", data={"a": "1", "password": "form-pw-778899"},
        auth=waterspout.HTTPBearerAuth("tok-1234567890")))
    yield note(session.post(base + "/echo", files={"password": (None, "part-pw-4711")}))
    yield note(session.put(base + "/echo", json={"refresh_token": "refresh-99887766"}))
    yield note(session.get(base + "/redirect"))
    yield note(session.get(base + "/gzip"))
    yield note(session.get(base + "/binary"))
    yield note(session.get(base + "/lines"))
    yield note(session.get(base + "/missing"))
    yield note(session.get(base + "/cut"))
    yield note(session.get(base + "/silent", timeout=(5, 0.2)))
    yield note(session.get("http://127.0.0.1:1/"))
    raise gen.Return(seen)


#: What stands in a recorded cassette for the address of the server, which differs each time.
UPSTREAM = "http://upstream.test"


def record_talk(path):
    """Record `talk` with a server; run by hand to make the file that is committed."""
    with raw_server.RawServer(behave) as server:
        base = "http://" + server.address

        def renamed(request):
            request.url = request.url.replace(base, UPSTREAM)
            return request

        with Cassette(path, mode="all", before_record_request=renamed) as cassette:
            with_session(cassette, lambda session: talk(session, base))
        server.hang_up()


if __name__ == "__main__":
    record_talk(sys.argv[1])
