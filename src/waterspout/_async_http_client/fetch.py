"""Fetch: one call of ``AsyncHTTPClient.fetch``, with its redirects."""

from __future__ import absolute_import, division, print_function

import time
from io import BytesIO

from tornado.httpclient import HTTPResponse
from tornado.log import app_log

from waterspout._async_http_client.callbacks import bound, future_behind
from waterspout._async_http_client.hop import Hop
from waterspout._async_http_client.options import options_of
from waterspout._async_http_client.sent_headers import show_sent
from waterspout._async_http_client.tornado_errors import raised_error
from waterspout._compat import FUTURES_CANCEL, monotonic
from waterspout._late_headers import native


class Fetch(object):
    """Performs its hops one after another, and calls ``callback`` once.

    ``request_timeout`` covers all of them together: a server cannot gain time with redirects.

    Args:
        engine (Engine): performs the exchanges.
        request (HTTPRequest): as ``fetch_impl`` gets it, with the client's defaults.
        callback (callable): called with the HTTPResponse, which has ``error`` after a failure. If
            it is the callback of ``AsyncHTTPClient.fetch``, cancelling its Future (Tornado 6)
            aborts the exchange: its connection is closed, and a waiting fetch gets the place.
    Attributes:
        limit (float or None): `monotonic` seconds at which ``request_timeout`` has passed; None
            until the first hop has left the queue.
        options (Options): those of ``request``, read when the hop began.
    """

    __slots__ = ("request", "header_callback", "streaming_callback", "max_body_bytes",
                 "limit", "options", "_engine", "_callback", "_future", "_exchange")

    def __init__(self, engine, request, callback):
        # type: (Engine, HTTPRequest, Callable) -> None
        self.request = request
        options = self.options = options_of(request)
        header_callback = options.header_callback
        self.header_callback = None if header_callback is None else bound(header_callback)
        streaming_callback = options.streaming_callback
        self.streaming_callback = None if streaming_callback is None else bound(streaming_callback)
        self.max_body_bytes = engine.max_body_bytes
        self.limit = None
        self._engine = engine
        self._callback = callback
        self._exchange = None
        self._future = future = future_behind(callback) if FUTURES_CANCEL else None
        if future is not None:
            future.add_done_callback(self._abandon)

    def start(self):
        # type: () -> None
        try:
            hop = Hop.first(self.options)
        except Exception as error:
            self._fail(error)
        else:
            self._perform(hop, first=True)

    # For the exchange

    def follow(self, exchange):
        # type: (FetchExchange) -> None
        """The response is a redirect: perform the next hop."""
        try:
            hop = exchange.hop.redirected(exchange.head)
        except Exception as error:
            self.failed(exchange, error)
        else:
            self.options = options_of(self.request)
            self._perform(hop)

    def answered(self, exchange):
        # type: (FetchExchange) -> None
        """The response is complete: call the callback."""
        now = monotonic()
        head = exchange.head
        self._finish(HTTPResponse(
            self.request,
            head.status_code,
            reason=native(head.reason),
            headers=exchange.headers,
            buffer=BytesIO(b"".join(exchange.chunks)),
            effective_url=exchange.hop.url,
            request_time=now - exchange.begun,
            time_info=time_info(exchange, now),
            start_time=exchange.begun_at,
        ))

    def failed(self, exchange, error):
        # type: (FetchExchange, BaseException) -> None
        """There is no response: call the callback with ``error``, for Tornado to raise."""
        begun = exchange.begun
        if begun is None:  # In the queue. Tornado's client counts from when the request was made.
            self._fail(error)
            return
        now = monotonic()
        self._finish(HTTPResponse(
            self.request,
            599,
            error=error,
            request_time=now - begun,
            time_info=time_info(exchange, now),
            start_time=exchange.begun_at,
        ))

    def _abandon(self, future):
        """The Future was cancelled, or resolved by other code: end without the callback."""
        exchange = self._exchange
        self._callback = self._future = self._exchange = None
        if exchange is not None:
            exchange.cancel()

    def _perform(self, hop, first=False):
        self._exchange = None
        try:
            exchange = self._exchange = self._engine.exchange(self, hop)
            if first:
                show_sent(self.request, exchange)
            self._engine.pool.run(exchange)
        except Exception as error:
            self._fail(raised_error(error))

    def _fail(self, error):
        self._finish(HTTPResponse(
            self.request, 599, error=error, request_time=time.time() - self.request.start_time))

    def _finish(self, response):
        callback, future = self._callback, self._future
        self._callback = self._future = None
        self._exchange = None  # A cycle would keep both until the garbage collector runs.
        if future is not None:
            if future.cancelled():
                return  # Cancelled in this iteration of the IOLoop; Tornado would log an error.
            future.remove_done_callback(self._abandon)
        if callback is not None:
            try:
                callback(response)
            except Exception:  # The exchange that calls this has more to do.
                app_log.error("Exception in callback %r", callback, exc_info=True)


def time_info(exchange, now):
    # type: (FetchExchange, float) -> Dict[str, float]
    """Seconds from leaving the queue to the end of each step, with libcurl's names.

    They are 0 for the name and the connection on a kept connection; missing steps are left out.
    """
    begun = exchange.begun
    info = {"queue": begun - exchange.started, "namelookup": 0.0, "connect": 0.0,
            "total": now - begun}
    if exchange.opening_times is not None:
        _, resolved, connected = exchange.opening_times
        info["namelookup"] = resolved - begun
        info["connect"] = connected - begun
        if exchange.origin.tls is not None:
            info["appconnect"] = exchange.ready - begun
    if exchange.head is not None:
        info["starttransfer"] = exchange.head_time - begun
    return info
