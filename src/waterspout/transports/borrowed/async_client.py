"""AsyncClientTransport: the base class of the two transports on Tornado's ``AsyncHTTPClient``."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import HTTPError

from waterspout.transports.borrowed.queueing_transport import QueueingTransport, url_for_client

#: Seconds given to the client as its limit, since the exchange keeps the time. Not 0, which means
#: "never connect" to Tornado 5.1. A week is longer than any call and fits libcurl's milliseconds.
CLIENT_TIMEOUT = 7 * 24 * 3600.0


class AsyncClientTransport(QueueingTransport):
    """One exchange is one ``fetch``, without the client's own features.

    These are switched off: redirects, errors for a status, rules about which method may have a
    body, decompression without a limit, timeouts. Head and body are taken from the client piece by
    piece; its HTTPResponse is not used.
    """

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(AsyncClientTransport, self).__init__(io_loop, limits, limits.max_connections)
        self._client = None  # Made for the first exchange, which fails if that fails.

    def _make_client(self):
        # type: () -> AsyncHTTPClient
        raise NotImplementedError

    def _client_for(self, route):
        # type: (Optional[Route]) -> AsyncHTTPClient
        if self._client is None:
            self._client = self._make_client()
        return self._client

    def _http_request(self, exchange, **options):
        # type: (BorrowedExchange, **Any) -> HTTPRequest
        """The request for this client; it calls the methods of ``exchange``."""
        raise NotImplementedError

    def _note_times(self, exchange, response):
        # type: (BorrowedExchange, HTTPResponse) -> None
        """Record the times for a `Trace` that the client reports only at the end."""

    def _translate(self, exchange, error):
        # type: (BorrowedExchange, BaseException) -> None
        """Fail ``exchange`` with our class for the client's ``error``."""
        raise NotImplementedError

    def _perform(self, exchange):
        http_request = self._http_request(
            exchange,
            url=url_for_client(exchange.request, exchange.options.route),
            follow_redirects=False,
            decompress_response=False,
            allow_nonstandard_methods=True,
            connect_timeout=CLIENT_TIMEOUT,
            request_timeout=CLIENT_TIMEOUT,
        )
        client = self._client_for(exchange.options.route)
        exchange.fetched = client.fetch(http_request)
        _retrieve_error(exchange.fetched)  # It may have failed already.
        self.io_loop.add_future(
            exchange.fetched, lambda fetched: self._fetched(exchange, fetched))

    def _fetched(self, exchange, fetched):
        error = fetched.exception()
        # A status is not an error here. Tornado's other failures are subclasses of HTTPError.
        if error is None or type(error) is HTTPError:
            self._note_times(exchange, fetched.result() if error is None else error.response)
            exchange.succeed()
        else:
            self._translate(exchange, error)
        self._finished(exchange)

    def _release_client(self):
        if self._client is not None:
            self._client.close()


class RetrievesErrors(object):
    """A mixin for Tornado's clients, so that their errors are not logged as "never retrieved".

    If the IOLoop stops in the iteration in which a fetch fails, the callbacks of its Future are
    never called, `AsyncClientTransport._fetched` among them. The exchange has ended by then.
    """

    def fetch_impl(self, request, callback):
        def answered(response):
            callback(response)
            _retrieve_error(request.exchange.fetched)

        super(RetrievesErrors, self).fetch_impl(request, answered)


def _retrieve_error(future):
    if future is not None and future.done():
        future.exception()
