"""Differences between Python 2.7 and 3, Tornado 5.1 and 6: names, text and Future helpers.

Only this package checks versions. All other modules are written for Python 3.13 and import from
here what 2.7 names differently.
"""

from __future__ import absolute_import, division, print_function

import concurrent.futures.thread
import hashlib
import re
import socket
import ssl
import sys
import threading
import types
import weakref
from concurrent.futures import ThreadPoolExecutor

import tornado
from tornado.concurrent import Future, is_future
from tornado.netutil import Resolver, ThreadedResolver, ssl_options_to_context

PY2 = sys.version_info[0] == 2

#: Tornado's own client verifies a certificate's host name even if the SSLContext does not: until
#: 6.3, and where Python has the function for it.
CHECKS_HOST_NAMES = tornado.version_info < (6, 4) and hasattr(ssl, "match_hostname")

#: Of what this runs on, by name.
VERSIONS = {"python": "%d.%d.%d" % sys.version_info[:3], "tornado": tornado.version}

#: Tornado's User-Agent.
TORNADO_USER_AGENT = "Tornado/%s" % tornado.version

#: The Server field of Tornado's handlers.
TORNADO_SERVER = "TornadoServer/%s" % tornado.version

#: Tornado's timeout errors name the step of connecting that took too long.
NAMES_SLOW_STEPS = tornado.version_info >= (6, 6)

#: Futures can be cancelled; Tornado 5.1's own cannot.
FUTURES_CANCEL = tornado.version_info >= (6,)

#: Whether a deep recursion in C may end the process, as on Python 3.6 to 3.8. Near the recursion
#: limit a collection of garbage may run a finalizer. If that exceeds the limit, its error is
#: ignored, and Python allows 50 levels more. The recursion in C, which goes on, then exceeds those
#: as well, and Python aborts: "Cannot recover from stack overflow".
RECURSION_MAY_ABORT = (3,) < sys.version_info < (3, 9)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if PY2:
    import fcntl
    from urllib import quote, quote_plus  # noqa: F401
    from urllib import unquote as unquote_to_bytes  # noqa: F401

    import cookielib as cookiejar  # noqa: F401
    from Cookie import Morsel  # noqa: F401
    from httplib import HTTPException  # noqa: F401
    from thread import start_new_thread  # noqa: F401
    from urlparse import urljoin, urlsplit, urlunsplit  # noqa: F401

    from waterspout._compat.clock import monotonic  # noqa: F401

    HOW_TO_WAIT = "yield it"

    signature = None  # There is no inspect.signature.

    StopAsyncIteration = StopIteration  # Never used: there is no `async for`.
    text_type = unicode  # noqa: F821
    string_types = (str, unicode)  # noqa: F821
    integer_types = (int, long)  # noqa: F821

    def py2_close_on_exec(file):
        # type: (Any) -> None
        """Set close-on-exec. On Python 3 descriptors are not inherited (PEP 446)."""
        flags = fcntl.fcntl(file, fcntl.F_GETFD)
        fcntl.fcntl(file, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)

    def socket_fromfd(fd, family, type, proto=0):
        # type: (int, int, int, int) -> socket.socket
        """Like ``socket.fromfd``, whose sockets accept some that `ssl` cannot wrap."""
        return socket.socket(_sock=socket.fromfd(fd, family, type, proto))

    def fspath(path):
        # type: (Any) -> Any
        """Like ``os.fspath``; on 2.7 a path is text or bytes."""
        return path

    def buffer_bytes(value):
        # type: (Any) -> Optional[bytes]
        """A copy of a buffer's bytes (bytearray, memoryview, array, ...); None if it is none."""
        try:
            if isinstance(value, memoryview):
                return value.tobytes()
            return bytes(buffer(value))  # noqa: F821
        except TypeError:
            return None

else:
    from _thread import start_new_thread  # noqa: F401
    from http import cookiejar  # noqa: F401
    from http.client import HTTPException  # noqa: F401
    from http.cookies import Morsel  # noqa: F401
    from inspect import signature  # noqa: F401
    from os import fspath  # noqa: F401
    from socket import fromfd as socket_fromfd  # noqa: F401
    from time import monotonic  # noqa: F401
    from urllib.parse import (  # noqa: F401
        quote,
        quote_plus,
        unquote_to_bytes,
        urljoin,
        urlsplit,
        urlunsplit,
    )

    def buffer_bytes(value):
        try:
            return memoryview(value).tobytes()
        except TypeError:
            return None

    #: How to use our Future where asyncio expects a coroutine.
    HOW_TO_WAIT = ("await it, or asyncio.ensure_future(it), or await it in an async def where a "
                   "coroutine is wanted")

    StopAsyncIteration = StopAsyncIteration  # noqa: F821
    text_type = str
    string_types = (str, bytes)
    integer_types = (int,)

    def py2_close_on_exec(file):
        # type: (Any) -> None
        """Do nothing: descriptors are not inherited by default (PEP 446)."""

try:
    from json import JSONDecodeError as JSONError
except ImportError:  # py2: the position is only in the message.
    from json.decoder import errmsg as _json_message

    JSONError = ValueError
    _JSON_MESSAGE = re.compile(r"(.*): line \d+ column \d+ \(char (\d+)\)\Z", re.DOTALL)

    def json_error(message, text, position, end=None):
        # type: (str, Text, int, Optional[int]) -> ValueError
        """The error of `json` for a fault at ``position`` (up to ``end``)."""
        return ValueError(_json_message(message, text, position, end))

    def json_error_parts(error):
        # type: (ValueError) -> Tuple[str, Optional[int]]
        """The message and the position, which is None if unknown."""
        match = _JSON_MESSAGE.match(str(error))
        return (match.group(1), int(match.group(2))) if match else (str(error), None)

else:

    def json_error(message, text, position, end=None):
        return JSONError(message, text, position)

    def json_error_parts(error):
        return getattr(error, "msg", str(error)), getattr(error, "pos", None)

try:
    from collections.abc import Mapping, MutableMapping  # noqa: F401
except ImportError:  # py2: the abstract classes are in the package itself
    from collections import Mapping, MutableMapping  # noqa: F401

try:
    from asyncio import (
        CancelledError,  # Not an Exception, since Python 3.8.
        Task,
    )
except ImportError:  # py2: nothing is cancelled.

    class CancelledError(Exception):
        pass

    Task = None


try:
    from tornado.concurrent import future_set_exception_unless_cancelled
except ImportError:  # py2: Tornado 5.1 has it only for results

    def future_set_exception_unless_cancelled(future, error):
        # type: (Future, BaseException) -> None
        if not future.cancelled():
            future.set_exception(error)


def sorted_as_jars(mapping):
    # type: (Any) -> Iterable[Any]
    """The values, in the order in which a jar of the standard library iterates over them."""
    return list(mapping.values())


# Older versions sort them by key.
sorted_as_jars = getattr(cookiejar, "vals_sorted_by_key", sorted_as_jars)


def to_bytes(value, encoding="utf-8"):
    # type: (Any, str) -> bytes
    """``value`` as bytes; text is encoded, bytes pass through."""
    return value.encode(encoding) if isinstance(value, text_type) else value


def to_text(value, encoding="utf-8"):
    # type: (Any, str) -> Text
    """``value`` as text; bytes are decoded strictly, text passes through."""
    return value if isinstance(value, text_type) else value.decode(encoding)


def to_native(value, encoding="utf-8"):
    # type: (Any, str) -> str
    """``value`` as this Python's ``str``: bytes on 2.7, text on 3."""
    return to_bytes(value, encoding) if PY2 else to_text(value, encoding)


if PY2:

    def text_of_latin1(raw):
        # type: (bytes) -> str
        """A part of a message's head as native str, as Tornado decodes it.

        On 2.7 that is the UTF-8 of the Latin-1 text.
        """
        return raw.decode("latin-1").encode("utf-8")

else:

    def text_of_latin1(raw):
        return raw.decode("latin-1")


if sys.version_info >= (3, 9):

    def hexdigest(name, data):
        # type: (str, bytes) -> str
        """The hash of ``data``, also with MD5 and SHA-1 on systems that forbid them for security.

        HTTP digest authentication may require them.
        """
        return hashlib.new(name, data, usedforsecurity=False).hexdigest()

else:

    def hexdigest(name, data):
        return hashlib.new(name, data).hexdigest()


def resolve(future, result):
    # type: (Future, Any) -> None
    """Set the result of ``future``, unless it is done or cancelled already."""
    if not future.done():
        future.set_result(result)


def reject(future, error):
    # type: (Future, BaseException) -> None
    """Set the error of ``future``, unless it is done or cancelled already."""
    if not future.done():
        future_set_exception_unless_cancelled(future, error)


def resolved(result):
    # type: (Any) -> Future
    """A Future with this result."""
    future = Future()
    future.set_result(result)
    return future


def rejected(error):
    # type: (BaseException) -> Future
    """A Future with this error."""
    future = Future()
    future.set_exception(error)
    return future


def is_closed(io_loop):
    # type: (IOLoop) -> bool
    """Whether the loop was closed; Tornado's own loop on 2.7 has no public name for it."""
    asyncio_loop = getattr(io_loop, "asyncio_loop", None)
    return io_loop._closing if asyncio_loop is None else asyncio_loop.is_closed()


if PY2:

    def close_without_waiting(io_loop):
        # type: (IOLoop) -> None
        """Close ``io_loop`` without waiting for jobs of its default executor.

        Tornado 5.1 waits for them, forever if one never ends.
        """
        io_loop.set_default_executor(ThreadPoolExecutor(1))  # It starts no thread until it is used.
        io_loop.close()

else:

    def close_without_waiting(io_loop):
        io_loop.close()


if PY2:

    def raw_method(cls, name):
        # type: (type, str) -> Any
        """The function of a method, to compare it with ``is``; what wraps it is returned as it is.

        ``==`` does not do: wrapt's wrappers are equal to what they wrap.
        """
        method = getattr(cls, name)
        return method.__func__ if type(method) is types.MethodType else method

else:
    raw_method = getattr


def at_exit(main_thread):
    # type: (threading.Thread) -> bool
    """Whether the program has ended, and Python waits for its threads.

    From 3.9 to 3.13 at least, the main thread is reported alive while the threads of executors are
    waited for; there is no public name for that state.
    """
    return getattr(threading, "_SHUTTING_DOWN", False) or not main_thread.is_alive()


def threads_waited_for():
    # type: () -> Set[threading.Thread]
    """The threads that Python waits for at its exit."""
    # Before 3.9 the threads of executors are daemons, but are waited for too.
    of_executors = set(getattr(concurrent.futures.thread, "_threads_queues", ()))
    return set(each for each in threading.enumerate() if not each.daemon or each in of_executors)


def set_cause(error, cause):
    # type: (BaseException, Optional[BaseException]) -> BaseException
    """Like ``raise error from cause``, in syntax that 2.7 can read. Return ``error``."""
    error.__cause__ = cause
    return error


def is_task(future):
    # type: (Any) -> bool
    """Whether cancelling ``future`` ends the coroutine that runs in it."""
    return Task is not None and isinstance(future, Task)


def is_awaitable(value):
    # type: (Any) -> bool
    """Whether `tornado.gen.convert_yielded` accepts it: a Future or a coroutine."""
    return is_future(value) or hasattr(value, "__await__")


if PY2:

    def from_del(value):
        # type: (Any) -> Callable[[], Any]
        """A function that returns ``value``, for an object whose ``__del__`` needs it.

        Python 2.7 never collects a cycle with such an object. There it is a weak reference, which
        returns None after ``value`` was collected.
        """
        return weakref.ref(value)

else:

    def from_del(value):
        return lambda: value


if PY2:
    from tornado.stack_context import NullContext, wrap

    def detached(function, *args):
        # type: (Callable, *Any) -> Any
        """Call ``function(*args)`` in an empty context.

        A handler or timer of the IOLoop keeps the context in which it was made. One that serves
        several callers must not keep the first caller's.
        """
        with NullContext():
            return function(*args)

    def in_this_context(function):
        # type: (Callable) -> Callable
        """Wrap ``function`` to be called later in the current context.

        Tornado 5.1 does so by itself for the callbacks of an HTTPRequest.
        """
        return function

    def current_context():
        # type: () -> Callable
        """``run(function, *args)``, which calls ``function`` in a copy of the current context."""
        return lambda function, *args: function(*args)

    def handler_context():
        # type: () -> Callable
        """The same for a handler of the IOLoop: on 2.7 it runs in the current `stack_context`.

        `current_context` leaves that to Tornado, which restores it for its own callbacks.
        """
        return wrap(lambda function, *args: function(*args))

    def context_copies():
        # type: () -> Callable[[], Callable]
        """A function that returns ``run(function, *args)`` for one copy of the current context.

        Tornado 5.1 serves each request in an empty `stack_context`, which is the one in which the
        IOLoop calls what `detached` has given to it. So nothing is to be done.
        """
        return lambda: _call

    def _call(function, *args):
        return function(*args)

    def keeping_context(callback):
        # type: (Callable) -> Callable
        """``callback``, called later in the current ``stack_context``, as Tornado 5.1 does it."""
        return wrap(callback)

    #: For a function that is called once, by any caller: in a copy of the current context.
    continuation = keeping_context

else:
    import contextvars
    import functools

    def detached(function, *args):
        return contextvars.Context().run(function, *args)

    def in_this_context(function):
        return functools.partial(contextvars.copy_context().run, function)

    def current_context():
        context = contextvars.copy_context()
        # A copy each time: a context cannot be entered while it is entered.
        return lambda function, *args: context.copy().run(function, *args)

    handler_context = current_context

    def context_copies():
        copy = contextvars.copy_context().copy
        return lambda: copy().run

    def keeping_context(callback):
        return callback

    continuation = in_this_context


def client_context(ssl_options):
    # type: (Dict[str, Any]) -> ssl.SSLContext
    """The SSLContext for the dictionary that Tornado accepts in its place."""
    return _context_of(ssl_options, False)


def server_context(ssl_options):
    # type: (Dict[str, Any]) -> ssl.SSLContext
    """The same for a server."""
    return _context_of(ssl_options, True)


def _context_of(ssl_options, server_side):
    if tornado.version_info < (6, 2):  # Which has no `server_side`.
        return ssl_options_to_context(ssl_options)
    return ssl_options_to_context(ssl_options, server_side=server_side)


def make_resolver():
    # type: () -> Resolver
    """A Resolver that does not block the IOLoop, as Tornado 5.1's default one does."""
    return ThreadedResolver() if PY2 else Resolver()
