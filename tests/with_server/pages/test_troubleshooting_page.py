"""Each heading of docs/troubleshooting.md is a message that users see."""

from __future__ import absolute_import, division, print_function

import contextlib
import io
import logging
import os
import re
import socket

import doc_pages
import pytest
from certificates import SERVER
from raw_server import Peer, answering, response
from served_app import ServedApp
from served_http import ServedHTTP
from tornado import gen, web

import waterspout
from waterspout import service
from waterspout.service._server.refusal_sentences import SENTENCES

OK = response(b"ok")


def headings():
    with io.open(os.path.join(doc_pages.ROOT, "docs", "troubleshooting.md"),
                 encoding="utf-8") as page:
        return re.findall(r"^## (.+)$", page.read(), re.MULTILINE)


def message_of(call):
    """The text of what the call raises."""
    with pytest.raises(Exception) as raised:
        call()
    return u"%s" % raised.value


@gen.coroutine
def behind(count, silent, **options):
    """A call that comes after so many others, where one is served and one may wait."""
    session = waterspout.Session(
        timeout=0.1, **(options or {"max_connections": 1, "max_queued": 1}))
    others = [session.get(silent, timeout=5) for _ in range(count)]
    try:
        yield session.get(silent)
    finally:
        yield session.close()
        assert all(other.exception() for other in others)


@gen.coroutine
def refused_by_a_breaker(silent):
    session = waterspout.Session(breaker=waterspout.CircuitBreaker(minimum_calls=1), timeout=0.1)
    try:
        for _ in range(2):
            with pytest.raises(waterspout.ReadTimeout):
                yield session.get(silent)
    finally:
        yield session.close()


def messages(run, url, silent):
    """The texts of the errors, each made by a call that fails in this way."""
    def of(call):
        return message_of(lambda: run(call))

    session = waterspout.Session()

    def streamed(use):
        response = run(lambda: session.get(url, stream=True))
        return message_of(lambda: use(response))

    def read_twice(response):
        pieces = response.iter_content()
        while run(pieces.next):
            pass
        run(response.read)

    yield of(lambda: behind(1, silent))
    yield of(lambda: behind(2, silent))
    bulkhead = waterspout.Bulkhead(max_concurrent=1, max_queued=1)
    yield of(lambda: behind(2, silent, max_connections=9, max_queued=9, bulkhead=bulkhead))
    yield of(lambda: behind(1, silent, max_connections=9, max_queued=9, bulkhead=bulkhead))
    yield of(lambda: refused_by_a_breaker(silent))
    yield of(lambda: session.get(url, deadline=waterspout.Deadline.after(0.0)))
    yield of(lambda: session.get(silent, timeout=0.1))
    yield of(lambda: session.get(silent, timeout=waterspout.ClientTimeout(total=0.1)))
    yield of(lambda: session.get("http://no-such-host.invalid/"))
    yield of(lambda: session.get("10.0.0.1/path"))
    yield of(lambda: session.get(url, timeot=3))
    yield of(lambda: session.get(url, timeout=[3, 10]))
    yield of(lambda: waterspout.BaseSDK(url).fetch_async("GET", url))
    yield message_of(lambda: run(gen.coroutine(lambda: session.get(url).json())))
    yield streamed(lambda response: response.content)
    yield streamed(read_twice)
    yield message_of(lambda: session.mount("http://", None))
    yield of(lambda: waterspout.Session(max_body_bytes=1).get(url))
    yield of(lambda: waterspout.Session(transport="tornado", unix_socket="/none").get(url))
    yield message_of(lambda: waterspout.BaseSDK(None))
    yield of(lambda: waterspout.BaseSDK(url).fetch_async("GET", "/{name}", path={"name": ".."}))
    yield of(lambda: waterspout.BaseSDK(url).fetch_async("GET", "/"))
    run(session.close)
    yield of(lambda: session.get(url))
    for sentence in SENTENCES.values():
        yield sentence
    yield message_of(lambda: OfStreams(APPLICATION))
    for line in lines_of_servers():
        yield line


APPLICATION = web.Application([])


class OfStreams(waterspout.HTTPServer):
    def handle_stream(self, stream, address):
        pass


@contextlib.contextmanager
def logged(*names):
    """The lines that these loggers get."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logs = [logging.getLogger(name) for name in names]
    levels = [log.level for log in logs]
    for log in logs:
        log.addHandler(handler)
        log.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        for log, level in zip(logs, levels):
            log.removeHandler(handler)
            log.setLevel(level)


def lines_of_servers():
    """In the access log of a service, and in the log of any server."""
    with logged("tornado.access") as lines:
        with ServedApp(lambda: service.Application([])) as served, served.connect() as connection:
            connection.send(b"GET / HTTP/1.1\r\n\r\n")
            assert connection.read_answer().status == 400
    with logged("tornado.general", "waterspout.server") as others:
        with ServedHTTP(APPLICATION, body_timeout=0.1, max_connections=1) as server:
            for data in (b"GET / HTTP/1.1\nHost: a\n\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 70000,
                         b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"):
                server.exchange(data)
        for certificate in (SERVER, __file__):
            with ServedHTTP(APPLICATION, ssl_options={"certfile": certificate}) as server:
                try:
                    server.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                except socket.error:
                    pass
    return lines + others


#: Not made here: one needs a package that is missing, one Python 3 (tests/py3 has it). Other tests
#: of the server make the last ones.
ELSEWHERE = [
    u"the \u2026 transport needs \u2026: pip install \u2026",
    u"a coroutine was expected, got \u2026",
    u"Timeout sending a response to \u2026",
    u"Accepting no connections for now: the system refuses with \u2026",
    u"The changed certificate or key in \u2026 cannot be loaded; the old one stays in use: \u2026",
]


def test_each_heading_is_a_message(serve, io_loop):
    """What stands between the dots, in this order."""
    url = serve(answering(*[OK] * 20)).url()
    silent = serve(Peer.hold).url()
    found = list(messages(lambda call: io_loop.run_sync(call), url, silent))
    for heading in headings():
        if heading not in ELSEWHERE:
            pattern = ".*".join(re.escape(part) for part in heading.split(u"\u2026"))
            assert [text for text in found if re.search(pattern, text)], heading
    assert set(ELSEWHERE) < set(headings())
