"""Session: requests' face on any transport."""

from __future__ import absolute_import, division, print_function

import os
from functools import partial

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout import constants, transports
from waterspout._compat import Mapping, is_closed, monotonic, rejected, resolved
from waterspout._driver import Call
from waterspout._flows.call import call_flow, needs_flow
from waterspout._flows.policy import Policy
from waterspout._version import __version__
from waterspout.decoders import ACCEPT_ENCODING
from waterspout.exceptions import RequestException, SessionClosed
from waterspout.fields import valid_headers, valid_name
from waterspout.limits import Limits
from waterspout.prepared_request import PreparedRequest
from waterspout.structures import Headers
from waterspout.timeouts import Timeout

#: What every request says unless told otherwise; requests' list less ``Connection``, which is
#: the transport's own business.
DEFAULT_HEADERS = (
    ("User-Agent", "waterspout/" + __version__),
    ("Accept-Encoding", ACCEPT_ENCODING),
    ("Accept", "*/*"),
)

_DEFAULT = object()  # Not None, which means "no limit" to timeout.


class Session(object):
    """Calls other services with requests' keywords and Tornado's Futures.

    May be made before the IOLoop runs and before a fork: connections, threads and clients
    come with the first call, and each IOLoop and each process has its own.

    Args:
        transport: one of `waterspout.TRANSPORTS`, or an object with ``send`` and ``close``.
        timeout (float seconds, (connect, read), Timeout or None): for calls that give none.
        headers, params (mapping): for every call; a call's own are merged over them, None
            removes one.
        max_redirects (int): redirects followed in one call.
        **limits: `waterspout.limits.Limits`' arguments: max_connections, max_workers, ...

    Raises: ValueError, TypeError; TransportUnavailable when the transport's package is missing.
    """

    def __init__(
        self,
        transport=constants.TRANSPORT,
        timeout=constants.TIMEOUT,
        headers=None,
        params=None,
        max_redirects=constants.MAX_REDIRECTS,
        **limits
    ):
        # type: (Any, Any, Any, Any, int, **int) -> None
        self._headers = merge_headers(Headers(DEFAULT_HEADERS), headers)
        self._valid_headers = valid_headers(self._headers)
        self._checked = self._headers.fields
        self.params = params
        self.timeout = Timeout.of(timeout)
        self.max_redirects = max_redirects
        self.cookies = None
        self.stream = False
        self.limits = Limits(**limits)
        self._transport_name = transport
        self._make_transport = transports.load(transport)
        self._transports = {}  # type: Dict[IOLoop, Transport]
        self._pid = os.getpid()
        self._closed = False

    def request(
        self,
        method,
        url,
        params=None,
        data=None,
        headers=None,
        cookies=None,
        files=None,
        auth=None,
        timeout=_DEFAULT,
        allow_redirects=True,
        proxies=None,
        hooks=None,
        stream=None,
        verify=None,
        cert=None,
        json=None,
    ):
        # type: (...) -> Future[Response]
        """Send one request and resolve to its `Response`, whatever the status.

        Starts at once, not when awaited. Cancelling the Future (Python 3) aborts the exchange.

        Args:
            method (native str): a token of RFC 9110 section 9; sent in upper case.
            url (text): ``http`` or ``https``.
            params (mapping, (name, value) pairs, text or bytes): appended to the query.
            data (mapping, (name, value) pairs, text, bytes, file, iterator of bytes): a form, or
                the body itself; a file or iterator is read as it is sent.
            json: the body, encoded.
            headers (mapping): over the session's; None as a value removes one.
            timeout (float seconds, (connect, read), Timeout or None): None means no limit.
            allow_redirects (bool): follow them; by requests' rules, credentials stay home.
            hooks (mapping): ``{"response": callable or list of them}``, called with each response.
            stream (bool): resolve at the head; the body is pulled by `Response.iter_content`
                or `Response.read`, and the connection is held until all of it came.
        Returns: Future of Response, its body read unless ``stream``.
        Raises: at once TypeError for an unknown keyword, and SessionClosed. Through the
            Future everything in `waterspout.exceptions`; each class says whether a retry is
            safe.
        Source: requests' ``Session.request``; differences in docs/compatibility.md.
        """
        if self._closed:
            raise SessionClosed("%s %s on a closed session" % (method, url))
        transport = self._transport(IOLoop.current())
        try:
            request = PreparedRequest(
                method,
                url,
                params=merge_params(self.params, params),
                data=data,
                json=json,
                headers=self._merged(headers),
                files=files,
                timeout=self.timeout if timeout is _DEFAULT else timeout,
                stream=self.stream if stream is None else stream,
                hooks=hooks,
            )
            request.route = self._route(request.parsed_url, proxies, verify, cert)
        except (IOError, ValueError) as error:
            if isinstance(error, RequestException):
                error.may_have_been_sent = False
            return rejected(error)
        if request.timeout.total is not None:
            request.deadline = monotonic() + request.timeout.total
        follow = self._follow
        if not allow_redirects or proxies is not None or verify is not None or cert is not None:
            follow = partial(follow, allow_redirects=allow_redirects, proxies=proxies,
                             verify=verify, cert=cert)
        return Call(transport, follow).begin(request)

    @property
    def headers(self):
        # type: () -> Headers
        """What every call says, to be changed in place or replaced by any mapping."""
        return self._headers

    @headers.setter
    def headers(self, headers):
        self._headers = merge_headers(Headers(), headers)

    def get(self, url, **kwargs):
        # type: (str, **Any) -> Future[Response]
        return self.request("GET", url, **kwargs)

    def options(self, url, **kwargs):
        # type: (str, **Any) -> Future[Response]
        return self.request("OPTIONS", url, **kwargs)

    def head(self, url, **kwargs):
        # type: (str, **Any) -> Future[Response]
        """As in requests, redirects are not followed unless asked."""
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    def post(self, url, data=None, json=None, **kwargs):
        # type: (str, Any, Any, **Any) -> Future[Response]
        return self.request("POST", url, data=data, json=json, **kwargs)

    def put(self, url, data=None, **kwargs):
        # type: (str, Any, **Any) -> Future[Response]
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url, data=None, **kwargs):
        # type: (str, Any, **Any) -> Future[Response]
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url, **kwargs):
        # type: (str, **Any) -> Future[Response]
        return self.request("DELETE", url, **kwargs)

    def close(self):
        # type: () -> Future[None]
        """Let go of every connection and thread; calls under way fail with ConnectionError.

        Never blocks the IOLoop; the Future is done when the connections are closed. Idempotent.
        """
        self._closed = True
        inherited = self._pid != os.getpid()
        closing = [] if inherited else [each.close() for each in self._transports.values()]
        self._transports = {}
        return gen.multi(closing)

    @property
    def closed(self):
        # type: () -> bool
        return self._closed

    def __aenter__(self):
        return resolved(self)

    def __aexit__(self, *exc_info):
        return self.close()

    def _transport(self, io_loop):
        if self._pid != os.getpid():
            # Forked: the parent's sockets and threads are none of ours.
            self._pid = os.getpid()
            self._transports = {}
        transport = self._transports.get(io_loop)
        if transport is None:
            self.forget_closed_loops()
            transport = self._transports[io_loop] = self._make_transport(io_loop, self.limits)
        return transport

    def forget_closed_loops(self):
        # type: () -> None
        """Let go of what belongs to IOLoops that are closed.

        Such as one ``asyncio.run`` after the other leaves behind. The first call on another
        IOLoop does so too.
        """
        for io_loop in [each for each in self._transports if is_closed(each)]:
            try:
                self._transports.pop(io_loop).close()
            except RuntimeError:
                pass  # asyncio's word for a closed loop: there is nothing to take back from it.

    def _merged(self, headers):
        if headers:
            return merge_headers(self.headers, headers)
        if self.headers.fields is not self._checked:  # Changed since they were checked.
            self._valid_headers = valid_headers(self.headers)
            self._checked = self.headers.fields
        return self._valid_headers

    def _route(self, url, proxies, verify, cert):
        """The Route to ``url``, or None for the plain way."""
        return None

    def _credentials(self, url):
        """What authenticates at ``url`` unasked, or None."""
        return None

    def _follow(self, request, response, allow_redirects=True, proxies=None, verify=None,
                cert=None):
        if not needs_flow(request, response, allow_redirects):
            return None
        route = partial(self._route, proxies=proxies, verify=verify, cert=cert)
        return call_flow(request, response, Policy(
            allow_redirects, self.max_redirects, self.cookies, route, self._credentials))

    def __repr__(self):
        name = self._transport_name
        return "<waterspout.Session transport=%s%s>" % (
            name if isinstance(name, str) else type(name).__name__,
            " closed" if self._closed else "",
        )


def merge_headers(defaults, headers):
    # type: (Headers, Any) -> Headers
    """``headers`` over ``defaults``, by name; None removes. Neither is changed."""
    merged = defaults.copy()
    if headers:
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            name = valid_name(name)
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = value
    return merged


def merge_params(defaults, params):
    # type: (Any, Any) -> Any
    """``params`` over ``defaults`` where both are mappings; otherwise the more specific one."""
    if not defaults or params is None:
        return defaults if params is None else params
    if not (isinstance(defaults, Mapping) and isinstance(params, Mapping)):
        return params
    merged = dict(defaults)
    merged.update(params)
    return dict((name, value) for name, value in merged.items() if value is not None)
