"""DelegateCalls: every call of the application's HTTPMessageDelegate for one request."""

from __future__ import absolute_import, division, print_function

from tornado import gen, httputil
from tornado.log import app_log

from waterspout._compat import CancelledError


class DelegateFailed(Exception):
    """The application's delegate raised; it was logged."""


class DelegateCalls(object):
    """Calls a delegate, each time in the context of its request.

    Each method but `connection_closed` returns None, or the Future that the delegate returned and
    which is not done yet.

    Args:
        run: ``run(function, *args)`` calls in the request's context.
    Raises: DelegateFailed: the delegate raised, and it was logged; HTTPInputError: the delegate
        refuses the request.
    """

    __slots__ = ("delegate", "_run", "_is_running", "_told")

    def __init__(self, run):
        # type: (Callable) -> None
        self.delegate = None  # type: Optional[httputil.HTTPMessageDelegate]
        self._run = run
        self._is_running = False  # A call of the application is under way: in the context already.
        self._told = False  # The delegate knows that the request has ended, well or not.

    def start(self, make_delegate, server_connection, exchange, start_line, headers):
        # type: (...) -> Optional[Future]
        """Make the delegate, and call its ``headers_received``."""
        return self._call(
            self._start, make_delegate, server_connection, exchange, start_line, headers)

    def _start(self, make_delegate, server_connection, exchange, start_line, headers):
        self.delegate = make_delegate(server_connection, exchange)
        return self.delegate.headers_received(start_line, headers)

    def data_received(self, chunk):
        # type: (bytes) -> Optional[Future]
        return self._call(self.delegate.data_received, chunk)

    def finish(self):
        # type: () -> None
        self._told = True
        self._call(self.delegate.finish)

    def taken_back(self):
        # type: () -> Optional[httputil.HTTPMessageDelegate]
        """The delegate of a request that is not complete, which the caller tells that it ends."""
        if self._told:
            return None
        self._told = True
        return self.delegate

    def connection_closed(self):
        # type: () -> bool
        """Call ``on_connection_close``, unless the request was complete.

        Returns: whether it was called.
        """
        if self._told or self.delegate is None:
            return False
        self._told = True
        self.call(self.delegate.on_connection_close)
        return True

    def call(self, function, *args):
        # type: (Callable, *Any) -> bool
        """Call another function of the application in the request's context.

        Returns: False if it has raised, which was logged.
        """
        try:
            if self._is_running:
                function(*args)
            else:
                self._run(function, *args)
        except (Exception, CancelledError):
            app_log.error("Uncaught exception", exc_info=True)
            return False
        return True

    def result(self, future):
        # type: (Future) -> None
        """Raise what a returned Future has failed with, as if the delegate had raised it."""
        if future.cancelled():
            raise DelegateFailed()
        try:
            future.result()
        except httputil.HTTPInputError:
            raise
        except (Exception, CancelledError):
            app_log.error("Uncaught exception", exc_info=True)
            raise DelegateFailed()

    def _call(self, function, *args):
        self._is_running = True
        try:
            returned = self._run(function, *args)
            if returned is None:
                return None
            future = gen.convert_yielded(returned)
        except httputil.HTTPInputError:
            raise
        except (Exception, CancelledError):
            app_log.error("Uncaught exception", exc_info=True)
            raise DelegateFailed()
        finally:
            self._is_running = False
        if future.done():
            self.result(future)
            return None
        return future
