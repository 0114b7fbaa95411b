"""HandlerDelegate: runs a handler's method without the coroutine that Tornado has around it."""

from __future__ import absolute_import, division, print_function

import tornado.web
from tornado import gen, httputil
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, CancelledError, raw_method
from waterspout.service._json_handler import tornado_methods
from waterspout.service._json_handler.error_responses import ErrorResponsesHandler
from waterspout.service.exceptions import CallCancelled

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Type  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

_EXECUTE = raw_method(ErrorResponsesHandler, "_execute")

#: Settings that let Tornado do more with a request than call the handler's method.
_SETTINGS = frozenset([
    "xsrf_cookies", "cross_origin_protection", "compiled_template_cache", "static_hash_cache",
])


class _WholeBody(bytes):
    """An empty body, in place of the Future that tells Tornado whether the body has arrived.

    It has, before its handler is made. Tornado 5.1 keeps that Future in ``request.body``.
    """

    @staticmethod
    def done():
        # type: () -> bool
        return True


_WHOLE_BODY = _WholeBody()


def suits(application, handler_class):
    # type: (tornado.web.Application, type) -> bool
    """Return whether `HandlerDelegate` does all that Tornado's own delegate would do.

    It does not if the class overrides ``prepare``, which may be a coroutine, or if a tracing
    library has replaced what Tornado runs around a handler. The `ErrorHandler` has a ``prepare``
    that is none: a service that refuses requests because it has too many must do that at once.
    """
    prepare = raw_method(handler_class, "prepare")
    return (
        isinstance(handler_class, type)
        and issubclass(handler_class, ErrorResponsesHandler)
        and (prepare is tornado_methods.PREPARE or prepare is handler_class._plain_prepare)
        and raw_method(handler_class, "_execute") is _EXECUTE
        and tornado_methods.runs_as_released()
        and _SETTINGS.isdisjoint(application.settings)
    )


class HandlerDelegate(httputil.HTTPMessageDelegate):
    """Runs the handler of one request whose body is complete.

    In place of the one that ``tornado.web.Application.get_handler_delegate`` returns, with the same
    arguments. ``data_received`` is called with the whole body, once, or not at all.
    """

    def __init__(self, application, request, handler_class, kwargs, path_args, path_kwargs):
        # type: (Any, httputil.HTTPServerRequest, Type[Any], Optional[Dict[str, Any]], Optional[List[bytes]], Optional[Dict[str, bytes]]) -> None  # noqa: E501
        self.request = request
        self.handler = None  # type: Any  # Once it is made.
        self._application = application
        self.handler_class = handler_class
        self._kwargs = kwargs or {}
        self._path_args = path_args or ()
        self._path_kwargs = path_kwargs or {}

    def headers_received(self, start_line, headers):
        """Make the handler."""
        self.request.body = self.request._body_future = _WHOLE_BODY
        self.handler = self.handler_class(self._application, self.request, **self._kwargs)
        self.handler._transforms = [
            transform(self.request) for transform in self._application.transforms]

    def data_received(self, chunk):
        """Give the body to the handler."""
        return self.handler.data_received(chunk)

    def finish(self):
        """Call the handler's method for this request."""
        handler, request = self.handler, self.request
        if handler._finished:  # By its `data_received`.
            return
        try:
            if request.method not in handler.SUPPORTED_METHODS:
                raise tornado.web.HTTPError(405)
            if handler._plain_prepare is not None:
                handler.prepare()
            handler.path_args = [handler.decode_argument(each) for each in self._path_args]
            handler.path_kwargs = dict(
                (name, handler.decode_argument(value, name=name))
                for name, value in self._path_kwargs.items())
            method = getattr(handler, request.method.lower())
            result = method(*handler.path_args, **handler.path_kwargs)
            if result is None:
                self._end()
                return
            future = gen.convert_yielded(result)
        except (Exception, CancelledError) as error:
            self.handler._answer_exception(error)
            return
        if future.done():
            self._ended(future)
        else:
            if handler.cancel_without_client:
                handler._running = future
            IOLoop.current().add_future(future, self._ended)

    def on_connection_close(self):
        if self.handler is not None:
            self.handler.on_connection_close()

    def _ended(self, future):
        # type: (Future[Any]) -> None
        """The method has ended."""
        self.handler._running = None
        if future.cancelled() and not self.handler._client_left():
            if not self.handler._finished:
                self.handler.send_error(500)
            return
        try:
            if future.cancelled():
                raise CallCancelled()
            future.result()
            self._end()
        except (Exception, CancelledError) as error:
            self.handler._answer_exception(error)

    def _end(self):
        handler = self.handler
        if handler._auto_finish and not handler._finished:
            handler.finish()
