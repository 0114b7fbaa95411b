"""Where Python 2.7 and 3, Tornado 5.1 and 6 differ: names, text and Future helpers.

This is the only module that asks which version it runs on. Everything else is
written for Python 3.13 and imports what 2.7 spells differently from here.
"""

from __future__ import absolute_import, division, print_function

import sys

from tornado.concurrent import Future
from tornado.netutil import Resolver, ThreadedResolver

PY2 = sys.version_info[0] == 2

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if PY2:
    from time import time as monotonic  # What Tornado 5.1's IOLoop.time() reads as well.
    from urllib import quote, quote_plus  # noqa: F401
    from urllib import unquote as unquote_to_bytes  # noqa: F401

    from urlparse import urljoin, urlsplit, urlunsplit  # noqa: F401

    text_type = unicode  # noqa: F821
    string_types = (str, unicode)  # noqa: F821
    integer_types = (int, long)  # noqa: F821
else:
    from time import monotonic  # noqa: F401
    from urllib.parse import (  # noqa: F401
        quote,
        quote_plus,
        unquote_to_bytes,
        urljoin,
        urlsplit,
        urlunsplit,
    )

    text_type = str
    string_types = (str, bytes)
    integer_types = (int,)

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


def set_cause(error, cause):
    # type: (BaseException, Optional[BaseException]) -> BaseException
    """What ``raise error from cause`` does, in syntax that 2.7 can read; returns ``error``."""
    error.__cause__ = cause
    return error


def make_resolver():
    # type: () -> Resolver
    """A Resolver that does not block the IOLoop; Tornado 5.1's default one does."""
    return ThreadedResolver() if PY2 else Resolver()
