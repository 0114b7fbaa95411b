"""One fetch, with the test in the place of its engine: redirects, failure, cancellation."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from tornado.httpclient import HTTPError
from tornado.httputil import HTTPHeaders, HTTPOutputError
from tornado_requests import fetch_with_callback, fetched

import waterspout._async_http_client.fetch
from waterspout._async_http_client.fetch import Fetch, time_info
from waterspout._async_http_client.hop import Hop
from waterspout._compat import FUTURES_CANCEL
from waterspout._net.origin import Origin
from waterspout.exceptions import LocalProtocolError


class Head(object):
    def __init__(self, status_code, pairs=()):
        self.status_code = status_code
        self.reason = b"Reason"
        self._pairs = pairs

    def pairs(self):
        return self._pairs


class Exchange(object):
    """What an engine makes of a hop.

    Attributes:
        cancelled (int): how often it was told to end.
    """

    def __init__(self, hop):
        self.hop = hop
        self.origin = Origin(*hop.location.origin)
        self.started, self.begun, self.begun_at = 10.0, 11.0, 1000.0
        self.opening_times = self.head = self.headers = None
        self.head_time = self.ready = 0.0
        self.chunks = []
        self.cancelled = 0

    def cancel(self):
        self.cancelled += 1

    def has(self, status_code, pairs=(), body=b""):
        self.head = Head(status_code, pairs)
        self.headers = HTTPHeaders()
        self.chunks.append(body)
        return self


class Engine(object):
    """Notes the exchanges; `raises` is what it raises when it is asked for one."""

    max_body_bytes = 100
    raises = None

    def __init__(self):
        self.pool = self
        self.exchanges = []

    def exchange(self, fetch, hop):
        if self.raises is not None:
            raise self.raises
        return Exchange(hop)

    def run(self, exchange):
        self.exchanges.append(exchange)


@pytest.fixture
def engine(monkeypatch):
    monkeypatch.setattr(waterspout._async_http_client.fetch, "show_sent", lambda *args: None)
    monkeypatch.setattr(waterspout._async_http_client.fetch, "monotonic", lambda: 15.0)
    return Engine()


@pytest.fixture
def responses():
    return []


@pytest.fixture
def begin(engine, responses):
    def begin(url="http://a.example/", callback=responses.append, **options):
        fetch = Fetch(engine, fetched(url, **options), callback)
        fetch.start()
        return fetch

    return begin


def test_a_response_has_what_tornados_has(begin, engine, responses):
    """Status, reason, body, URL and times."""
    fetch = begin()
    fetch.answered(engine.exchanges[0].has(404, body=b"nothing here"))
    (response,) = responses
    assert (response.code, response.reason, response.body) == (404, "Reason", b"nothing here")
    assert response.effective_url == "http://a.example/"
    assert (response.request_time, response.start_time) == (4.0, 1000.0)
    assert response.request is fetch.request.request


def test_a_redirect_is_another_exchange(begin, engine, responses):
    """Of the same fetch; the response has the last URL."""
    fetch = begin()
    fetch.follow(engine.exchanges[0].has(302, [(b"Location", b"/other")]))
    assert engine.exchanges[1].hop.url == "http://a.example/other" and responses == []
    fetch.answered(engine.exchanges[1].has(200))
    assert responses[0].effective_url == "http://a.example/other"


def test_a_redirect_that_cannot_be_followed_fails_the_fetch(begin, engine, responses):
    """With the error of its Location."""
    fetch = begin()
    fetch.follow(engine.exchanges[0].has(302, [(b"Location", b"ftp://a.example/")]))
    assert responses[0].code == 599 and isinstance(responses[0].error, ValueError)
    assert len(engine.exchanges) == 1


@pytest.mark.parametrize("url", ["ftp://a.example/", "", "http://a.example:x/"])
def test_a_bad_url_fails_the_fetch_and_sends_nothing(begin, engine, responses, url):
    """Through the callback, as in Tornado."""
    begin(url)
    assert engine.exchanges == [] and isinstance(responses[0].error, ValueError)


@pytest.mark.parametrize("raised, error_class", [
    (KeyError("unknown method"), KeyError), (LocalProtocolError("a\r\nb"), HTTPOutputError)])
def test_a_request_that_cannot_be_sent_fails_the_fetch(begin, engine, responses, raised,
                                                      error_class):
    """Whatever the engine says of it; an error of ours becomes Tornado's."""
    engine.raises = raised
    begin()
    assert type(responses[0].error) is error_class


def test_a_failure_tells_how_far_it_came(begin, engine, responses):
    """From leaving the queue on; a fetch that was queued counts from the making of its request."""
    begin().failed(engine.exchanges[0], HTTPError(599, "slow"))
    queued = engine.exchanges[0]
    assert (responses[0].request_time, responses[0].start_time) == (4.0, 1000.0)
    queued.begun = None
    begin().failed(queued, HTTPError(599, "slow"))
    assert responses[1].time_info == {} and responses[1].request_time < 60


def test_a_callback_that_raises_is_logged(begin, engine, caplog):
    """The exchange goes on to its end."""
    def broken(response):
        raise KeyError("broken")

    fetch = begin(callback=broken)
    with caplog.at_level(logging.ERROR, logger="tornado.application"):
        fetch.answered(engine.exchanges[0].has(200))
    assert "Exception in callback" in caplog.text


def test_a_fetch_answers_once(begin, engine, responses):
    """Whatever comes after its end."""
    fetch = begin()
    fetch.answered(engine.exchanges[0].has(200))
    fetch.failed(engine.exchanges[0], HTTPError(599, "late"))
    assert len(responses) == 1


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
def test_a_cancelled_future_ends_the_exchange(begin, engine, current_loop):
    """Of the hop that is under way; nothing is told any more."""
    future, callback = fetch_with_callback(current_loop)
    fetch = begin(callback=callback)
    fetch.follow(engine.exchanges[0].has(302, [(b"Location", b"/other")]))
    future.cancel()
    current_loop.run_sync(lambda: None)
    assert [each.cancelled for each in engine.exchanges] == [0, 1]
    fetch.answered(engine.exchanges[1].has(200))


# time_info


def timed(**times):
    exchange = Exchange(Hop.first(fetched()))
    for name, value in times.items():
        setattr(exchange, name, value)
    return exchange


def test_times_of_a_new_connection_count_from_the_end_of_the_queue():
    """By libcurl's names, in seconds."""
    exchange = timed(opening_times=(11.0, 11.5, 12.0), head=Head(200), head_time=14.0)
    assert time_info(exchange, 15.0) == {
        "queue": 1.0, "namelookup": 0.5, "connect": 1.0, "starttransfer": 3.0, "total": 4.0}


def test_times_of_a_tls_connection_have_its_handshake():
    """``appconnect``."""
    exchange = timed(opening_times=(11.0, 11.5, 12.0), ready=13.0)
    exchange.origin = Origin("https", "a.example", 443, tls="options")
    assert time_info(exchange, 15.0)["appconnect"] == 2.0


def test_a_kept_connection_took_no_time_to_make():
    """Steps that did not happen are left out."""
    assert time_info(timed(), 15.0) == {
        "queue": 1.0, "namelookup": 0.0, "connect": 0.0, "total": 4.0}
