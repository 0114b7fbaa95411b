"""The base of RequestDelegate that lets a handler answer the request."""

from __future__ import absolute_import, division, print_function

import sys
from functools import partial

from tornado import gen, httputil
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError

from waterspout._compat import TYPE_CHECKING, CancelledError
from waterspout.service._server.late_request import make_request
from waterspout.service._server.refusal_sentences import SENTENCES

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class AnsweredRequest(httputil.HTTPMessageDelegate):
    """Has the request and its body, and gives them to the delegate of a handler.

    Args:
        application (Application).
        connection (httputil.HTTPConnection): that the request comes from.
    """

    #: Done when the answering handler's ``prepare`` has ended. None: it has ended already.
    _preparing = None  # type: Optional[Future[None]]

    def __init__(self, application, connection):
        self._application = application
        self._connection = connection
        self._request = None  # type: Any  # The HTTPServerRequest.
        self._body = []  # type: List[bytes]
        self._delegate = None  # type: Any  # Of the handler that answers.

    def _start(self, start_line, headers):
        """Make the request, which may fail, and count it: from now on it must be ended."""
        self._request = self._make_request(start_line, headers)
        self._application.request_started(self._request)

    def _make_request(self, start_line, headers):
        return make_request(self._connection, start_line, headers)

    def _answer_refusal(self, kind, status_code):
        # type: (str, int) -> None
        self._application.count_refusal(self._request, kind)
        self._hand_over(lambda request: self._application.error_delegate(
            request, status_code, SENTENCES.get(kind)))

    def _hand_over(self, find_delegate):
        """Let a handler answer; if a bug prevents that, let the error handler answer with 500.

        Raises: what a handler's ``data_received`` raised. The server logs it and closes the
            connection.
        """
        try:
            self._deliver(find_delegate)
        except Exception:
            handler = getattr(self._delegate, "handler", None)
            if handler is None:
                self._answer_bug(sys.exc_info())
                return
            self._application.request_ended(self._request, handler)
            raise

    def _answer_bug(self, exc_info):
        self._delegate = None
        try:
            self._deliver(
                lambda request: self._application.error_delegate(request, 500, exc_info=exc_info)
            )
        except Exception:
            self._application.request_ended(self._request)
            raise

    def _deliver(self, find_delegate):
        run = self._application.run_request
        if run is None:
            self._deliver_whole(find_delegate)
        else:
            run(self._request, partial(self._deliver_whole, find_delegate))

    def _deliver_whole(self, find_delegate):
        """Give the whole body as one piece to the delegate that answers the request.

        The handler's ``prepare`` may not have ended when the body arrives. That is allowed: a
        :class:`JSONHandler` only keeps the body, or starts to decode it, and its method does not
        run until both have ended.
        """
        self._request.body_is_whole = True
        delegate = self._delegate = find_delegate(self._request)
        self._preparing = delegate.headers_received(None, self._request.headers)
        pieces, self._body = self._body, []
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        taking = delegate.data_received(body) if body else None
        if taking is None:
            delegate.finish()
        else:
            IOLoop.current().add_future(gen.convert_yielded(taking), self._taken)

    def _taken(self, future):
        """The handler has taken the body, in a Future of its own."""
        try:
            future.result()
        except StreamClosedError:  # The client has left, so the body was not decoded.
            self._request.connection.close()
            self._application.request_ended(self._request, self._delegate.handler)
        except (Exception, CancelledError) as error:
            self._delegate.handler._answer_exception(error)
        else:
            self._delegate.finish()
