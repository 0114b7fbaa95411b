"""The base of JSONHandler that notices when the client leaves, and may cancel its work then."""

from __future__ import absolute_import, division, print_function

import tornado.web
from tornado import iostream

from waterspout._compat import TYPE_CHECKING, is_task, reject
from waterspout.service._json_handler.cancellable_calls import cancellable_calls
from waterspout.service._json_handler.quiet_multi import expect_given_up_calls
from waterspout.service._observing.request_context import handler_context

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class ClientDepartureHandler(tornado.web.RequestHandler):
    """Records when the client closes the connection, and ends a `flush` that waits for it.

    Attributes:
        client_left_after (float or None): seconds from the request's start; None while the client
            is connected.
        cancel_without_client (bool): cancel what the handler does when the client has left.
    """

    client_left_after = None  # type: Optional[float]
    cancel_without_client = False
    _is_cancelled = False
    _running = None  # type: Optional[Future]  # Of the handler's method, or of what it waits for.
    _is_finished_after = False  # By `finish_after`: `_running` is what that waits for.
    _flushed = None  # type: Optional[Future]  # Of the last flush().

    def flush(self, *args, **kwargs):
        """Like Tornado's, but the Future fails with StreamClosedError when the client leaves.

        Tornado drops that Future, and a handler that waits for it would wait forever.
        """
        self._flushed = super(ClientDepartureHandler, self).flush(*args, **kwargs)
        return self._flushed

    def on_connection_close(self):
        """Hook of Tornado's: the client closed the connection before it was answered.

        Call the inherited method when you override it. The handler's method keeps running unless
        this hook stops it.
        """
        self._record_departure()
        super(ClientDepartureHandler, self).on_connection_close()
        if self.cancel_without_client and not self._finished:
            self._cancel_work()

    def _client_left(self):
        # type: () -> bool
        # A write can fail before Tornado calls `on_connection_close`.
        stream = getattr(self.request.connection, "stream", None)
        if stream is not None and stream.closed():
            self._record_departure()
        return self.client_left_after is not None

    def _cancel_work(self):
        # type: () -> None
        self._is_cancelled = True
        running, self._running = self._running, None
        calls = cancellable_calls(handler_context(self))
        if running is not None and is_task(running):
            running.cancel()
            calls.cancel()  # Those that it does not wait for itself.
            return
        expect_given_up_calls()
        if not calls.give_up() and running is not None and self._is_finished_after:
            running.cancel()  # py2: a no-op.

    def _record_departure(self):
        if self.client_left_after is not None:
            return
        self.client_left_after = self.request.request_time()
        if self._flushed is not None and not self._flushed.done():
            reject(self._flushed, iostream.StreamClosedError())
            self._flushed.exception()  # Mark it retrieved: a handler need not wait for it.
