"""Each heading of docs/troubleshooting.md is a message that users see."""

from __future__ import absolute_import, division, print_function

import io
import logging
import os
import re

import doc_pages
import pytest
from raw_server import Peer, answering, response
from served_app import ServedApp
from tornado import gen

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
def behind(count, silent):
    """A call that comes after so many others, where one is served and one may wait."""
    session = waterspout.Session(max_connections=1, max_queued=1, timeout=0.1)
    others = [session.get(silent, timeout=5) for _ in range(count)]
    try:
        yield session.get(silent)
    finally:
        yield session.close()
        assert all(other.exception() for other in others)


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
    yield refusal_line()


def refusal_line():
    """In the access log of a service."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    log = logging.getLogger("tornado.access")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        with ServedApp(lambda: service.Application([])) as served, served.connect() as connection:
            connection.send(b"GET / HTTP/1.1\r\n\r\n")
            assert connection.read_answer().status == 400
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
    return lines[0]


#: Not made here: one needs a package that is missing, one Python 3 (tests/py3 has it).
ELSEWHERE = [
    u"the \u2026 transport needs \u2026: pip install \u2026",
    u"a coroutine was expected, got \u2026",
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
