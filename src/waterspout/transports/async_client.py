"""What the two transports on a stock ``AsyncHTTPClient`` have in common."""

from __future__ import absolute_import, division, print_function

from waterspout.exceptions import ResponseTooLarge
from waterspout.structures import Headers
from waterspout.transports.base import QueueingTransport

#: Seconds given to the client where the `Exchange` keeps the time. Not 0: to Tornado 5.1 that
#: means "never connect". A week is longer than any call and fits libcurl's milliseconds.
CLIENT_TIMEOUT = 7 * 24 * 3600.0


class AsyncClientTransport(QueueingTransport):
    """One exchange is one ``fetch``, without what the client would do unasked.

    No redirects, no errors for a status, no rules about which method may have a body, no
    decompression without a limit, no clock of its own.
    """

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(AsyncClientTransport, self).__init__(io_loop, limits, limits.max_connections)
        self._client = self._make_client()

    def _make_client(self):
        # type: () -> AsyncHTTPClient
        raise NotImplementedError

    def _http_request(self, exchange, **options):
        # type: (Exchange, **Any) -> HTTPRequest
        """The request as this client takes it; it tells ``exchange`` when it starts."""
        raise NotImplementedError

    def _translate(self, exchange, error):
        # type: (Exchange, BaseException) -> None
        """Fail ``exchange`` with what ``error``, of the client's, means in our words."""
        raise NotImplementedError

    def _perform(self, exchange):
        http_request = self._http_request(
            exchange,
            url=exchange.request.parsed_url.without_fragment,
            follow_redirects=False,
            decompress_response=False,
            allow_nonstandard_methods=True,
            connect_timeout=CLIENT_TIMEOUT,
            request_timeout=CLIENT_TIMEOUT,
            header_callback=lambda line: self._header_line_received(exchange, line),
            streaming_callback=exchange.body_received,
        )
        fetched = self._client.fetch(http_request)
        self.io_loop.add_future(fetched, lambda fetched: self._fetched(exchange, fetched))

    def _header_line_received(self, exchange, line):
        exchange.connected()
        exchange.byte_received()
        name, _, value = line.partition(":")
        if name.lower() == "content-length" and exchange.request.method != "HEAD":
            announced = int(value) if value.strip().isdigit() else 0
            if announced > self.limits.max_body_bytes:
                exchange.fail(
                    ResponseTooLarge,
                    "the body is %d bytes, at most %d are read"
                    % (announced, self.limits.max_body_bytes),
                )

    def _fetched(self, exchange, fetched):
        # Left to raise, Tornado 5 and 6 agree: an error that brings a response is a status
        # (which is no error here), and any other one is a failure.
        error = fetched.exception()
        response = fetched.result() if error is None else getattr(error, "response", None)
        if response is None:
            self._translate(exchange, error)
        else:
            headers = Headers(response.headers.get_all())
            headers.pop("X-Http-Reason", None)  # The curl client's way to pass the reason on.
            exchange.succeed(response.code, response.reason or "", headers)
        self._finished(exchange)

    def _release_client(self):
        self._client.close()
