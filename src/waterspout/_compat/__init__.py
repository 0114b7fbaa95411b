"""Where Python 2.7 and 3, Tornado 5.1 and 6 differ: names, text and Future helpers.

This is the only module that asks which version it runs on. Everything else is
written for Python 3.13 and imports what 2.7 spells differently from here.
"""

from __future__ import absolute_import, division, print_function

import concurrent.futures.thread
import hashlib
import re
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import tornado
from tornado.concurrent import Future, is_future
from tornado.netutil import Resolver, ThreadedResolver, ssl_options_to_context

PY2 = sys.version_info[0] == 2

#: Tornado's own client checks a certificate's host name where an SSLContext does not ask for it.
CHECKS_HOST_NAMES = tornado.version_info < (6,)

#: What it calls itself to servers.
TORNADO_USER_AGENT = "Tornado/%s" % tornado.version

#: Its timeout errors tell which step of connecting took too long.
NAMES_SLOW_STEPS = tornado.version_info >= (6, 6)

#: Futures can be cancelled; Tornado 5.1's own cannot.
FUTURES_CANCEL = tornado.version_info >= (6,)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if PY2:
    import fcntl
    from urllib import quote, quote_plus  # noqa: F401
    from urllib import unquote as unquote_to_bytes  # noqa: F401

    import cookielib as cookiejar  # noqa: F401
    from Cookie import Morsel  # noqa: F401
    from httplib import HTTPException  # noqa: F401
    from thread import start_new_thread  # noqa: F401
    from urlparse import urlsplit, urlunsplit  # noqa: F401

    from waterspout._compat.clock import monotonic  # noqa: F401

    HOW_TO_WAIT = "yield it"

    signature = None  # There is no inspect.signature.

    StopAsyncIteration = StopIteration  # Named where no `async for` ever asks for it.
    text_type = unicode  # noqa: F821
    string_types = (str, unicode)  # noqa: F821
    integer_types = (int, long)  # noqa: F821

    def py2_close_on_exec(file):
        # type: (Any) -> None
        """Keep a descriptor from programs that are started; on 3 none of ours reaches them."""
        flags = fcntl.fcntl(file, fcntl.F_GETFD)
        fcntl.fcntl(file, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)

    def fspath(path):
        # type: (Any) -> Any
        """What ``os.fspath`` does; on 2.7 a path is text or bytes."""
        return path

    def buffer_bytes(value):
        # type: (Any) -> Optional[bytes]
        """A copy of what a buffer holds (bytearray, memoryview, array, ...); None of others."""
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
    from time import monotonic  # noqa: F401
    from urllib.parse import (  # noqa: F401
        quote,
        quote_plus,
        unquote_to_bytes,
        urlsplit,
        urlunsplit,
    )

    def buffer_bytes(value):
        try:
            return memoryview(value).tobytes()
        except TypeError:
            return None

    #: For a Future of ours, where asyncio wants a coroutine.
    HOW_TO_WAIT = ("await it, or asyncio.ensure_future(it), or await it in an async def where a "
                   "coroutine is wanted")

    StopAsyncIteration = StopAsyncIteration  # noqa: F821
    text_type = str
    string_types = (str, bytes)
    integer_types = (int,)

    def py2_close_on_exec(file):
        # type: (Any) -> None
        """They are not inherited unless one asks for it (PEP 446)."""

try:
    from json import JSONDecodeError as JSONError
except ImportError:  # py2: only the message tells the position.
    from json.decoder import errmsg as _json_message

    JSONError = ValueError
    _JSON_MESSAGE = re.compile(r"(.*): line \d+ column \d+ \(char (\d+)\)\Z", re.DOTALL)

    def json_error(message, text, position, end=None):
        # type: (str, Text, int, Optional[int]) -> ValueError
        """What `json` raises when something is wrong at ``position`` (up to ``end``)."""
        return ValueError(_json_message(message, text, position, end))

    def json_error_parts(error):
        # type: (ValueError) -> Tuple[str, Optional[int]]
        """What went wrong and where; no position if that is unknown."""
        match = _JSON_MESSAGE.match(str(error))
        return (match.group(1), int(match.group(2))) if match else (str(error), None)

else:

    def json_error(message, text, position, end=None):
        return JSONError(message, text, position)

    def json_error_parts(error):
        return getattr(error, "msg", str(error)), getattr(error, "pos", None)

try:
    from collections.abc import Mapping, MutableMapping  # noqa: F401
except ImportError:  # py2: the abstract classes live one level up
    from collections import Mapping, MutableMapping  # noqa: F401

try:
    from tornado.concurrent import future_set_exception_unless_cancelled
except ImportError:  # py2: Tornado 5.1 has it for results only

    def future_set_exception_unless_cancelled(future, error):
        # type: (Future, BaseException) -> None
        if not future.cancelled():
            future.set_exception(error)


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


if sys.version_info >= (3, 9):

    def hexdigest(name, data):
        # type: (str, bytes) -> str
        """``data`` hashed; also by MD5 and SHA-1 on systems that trust them no more.

        A server that asks for those leaves no choice.
        """
        return hashlib.new(name, data, usedforsecurity=False).hexdigest()

else:

    def hexdigest(name, data):
        return hashlib.new(name, data).hexdigest()


def resolve(future, result):
    # type: (Future, Any) -> None
    """Give ``future`` its result, unless somebody settled or cancelled it already."""
    if not future.done():
        future.set_result(result)


def reject(future, error):
    # type: (Future, BaseException) -> None
    """Give ``future`` its error, unless somebody settled or cancelled it already."""
    if not future.done():
        future_set_exception_unless_cancelled(future, error)


def resolved(result):
    # type: (Any) -> Future
    """A Future that has its result already."""
    future = Future()
    future.set_result(result)
    return future


def rejected(error):
    # type: (BaseException) -> Future
    """A Future that has its error already."""
    future = Future()
    future.set_exception(error)
    return future


def is_closed(io_loop):
    # type: (IOLoop) -> bool
    """Whether the loop was closed; Tornado's own loop on 2.7 has no public word for it."""
    asyncio_loop = getattr(io_loop, "asyncio_loop", None)
    return io_loop._closing if asyncio_loop is None else asyncio_loop.is_closed()


if PY2:

    def close_without_waiting(io_loop):
        # type: (IOLoop) -> None
        """Close ``io_loop``; jobs that its default executor still runs are not waited for.

        Tornado 5.1 waits for them, with no end if one of them has none.
        """
        io_loop.set_default_executor(ThreadPoolExecutor(1))  # It starts no thread unasked.
        io_loop.close()

else:

    def close_without_waiting(io_loop):
        io_loop.close()


def at_exit(main_thread):
    # type: (threading.Thread) -> bool
    """Whether the program has run to its end, and Python waits for its threads.

    From 3.9 to 3.13 at least, the main thread counts as alive while those of executors are
    waited for; no public name tells.
    """
    return getattr(threading, "_SHUTTING_DOWN", False) or not main_thread.is_alive()


def threads_waited_for():
    # type: () -> Set[threading.Thread]
    """The threads that Python waits for at its exit."""
    # Before 3.9 those of executors are daemons, and are waited for all the same.
    of_executors = set(getattr(concurrent.futures.thread, "_threads_queues", ()))
    return set(each for each in threading.enumerate() if not each.daemon or each in of_executors)


def set_cause(error, cause):
    # type: (BaseException, Optional[BaseException]) -> BaseException
    """What ``raise error from cause`` does, in syntax that 2.7 can read; returns ``error``."""
    error.__cause__ = cause
    return error


def is_awaitable(value):
    # type: (Any) -> bool
    """Something that `tornado.gen.convert_yielded` makes a Future of: one already, a coroutine."""
    return is_future(value) or hasattr(value, "__await__")


if PY2:

    def from_del(value):
        # type: (Any) -> Callable[[], Any]
        """A function that returns ``value``, for an object whose ``__del__`` needs it.

        Python 2.7 never collects a cycle with such an object in it, so that there it is a weak
        reference, which gives None once ``value`` is gone.
        """
        return weakref.ref(value)

else:

    def from_del(value):
        return lambda: value


if PY2:
    from tornado.stack_context import NullContext

    def detached(function, *args):
        # type: (Callable, *Any) -> Any
        """``function(*args)`` in nobody's context.

        A handler or timer of the IOLoop keeps the context it was made in; those that serve one
        caller after the other must not keep the first one's.
        """
        with NullContext():
            return function(*args)

    def in_this_context(function):
        # type: (Callable) -> Callable
        """``function``, to be called later in what is the context now.

        Tornado 5.1 does so itself with the callbacks of an HTTPRequest.
        """
        return function

else:
    import contextvars
    import functools

    def detached(function, *args):
        return contextvars.Context().run(function, *args)

    def in_this_context(function):
        return functools.partial(contextvars.copy_context().run, function)


def client_context(ssl_options):
    # type: (Dict[str, Any]) -> ssl.SSLContext
    """Of the dictionary that Tornado takes in an SSLContext's place."""
    if PY2:
        return ssl_options_to_context(ssl_options)
    return ssl_options_to_context(ssl_options, server_side=False)


def make_resolver():
    # type: () -> Resolver
    """A Resolver that does not block the IOLoop; Tornado 5.1's default one does."""
    return ThreadedResolver() if PY2 else Resolver()
