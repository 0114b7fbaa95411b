"""Whether methods of Tornado's RequestHandler are still Tornado's own.

Libraries for tracing replace them, before or after this package is imported, and want to be called.
"""

from __future__ import absolute_import, division, print_function

import types

import tornado.gen
import tornado.web

from waterspout._compat import TYPE_CHECKING, raw_method

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

_Handler = tornado.web.RequestHandler

#: The files of Tornado's handlers and of its coroutines.
_FILES = frozenset([
    tornado.web.HTTPError.__str__.__code__.co_filename,
    tornado.gen.coroutine.__code__.co_filename,
])


def _own(name):
    # type: (str) -> Any
    """Tornado's function, or an object that is equal to nothing if it was replaced already.

    What the function is called and which module it names can be copied; where its code is cannot.
    """
    method = raw_method(_Handler, name)
    inner = getattr(method, "__wrapped__", method)  # Of a coroutine of Tornado 5.1.
    for each in (method, inner):
        if type(each) is not types.FunctionType or each.__code__.co_filename not in _FILES:
            return object()
    return method


CLEAR_HEADER = _own("clear_header")
PREPARE = _own("prepare")
SET_HEADER = _own("set_header")
SET_ETAG_HEADER = _own("set_etag_header")

_CLEAR = _own("clear")
_INIT = _own("__init__")
_EXECUTE = _own("_execute")
_FINISH = _own("finish")
_FLUSH = _own("flush")


def runs_as_released():
    # type: () -> bool
    """Whether nothing has replaced how Tornado makes a handler and runs it."""
    return (
        raw_method(_Handler, "__init__") is _INIT
        and raw_method(_Handler, "_execute") is _EXECUTE
        and raw_method(_Handler, "clear") is _CLEAR
    )


def finishes_as_released():
    # type: () -> bool
    """Whether nothing has replaced how Tornado sends a response."""
    return raw_method(_Handler, "finish") is _FINISH and raw_method(_Handler, "flush") is _FLUSH
