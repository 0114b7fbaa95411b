"""The functions get, post and so on, which use a default session, as in requests."""

from __future__ import absolute_import, division, print_function

import weakref

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING
from waterspout.models.keywords import passes_on
from waterspout.session import Session

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from typing_extensions import Unpack  # noqa: F401

    from waterspout._driver.call import Call  # noqa: F401
    from waterspout.models.keywords import (  # noqa: F401
        CallKeywords,
        GetKeywords,
        PostKeywords,
        PutKeywords,
    )

#: The session is kept as an attribute of its IOLoop, so that neither outlives the other.
_ATTRIBUTE = "_waterspout_default_session"

#: Sessions of closed IOLoops are closed when the next session is made.
_sessions = weakref.WeakSet()  # type: weakref.WeakSet[Session]


def default_session():
    # type: () -> Session
    """Return the current IOLoop's session, which `get`, `post` and the other functions use.

    It is made at the first call, and again after it was closed. Its connections stay open as long
    as the IOLoop; ``yield waterspout.default_session().close()`` closes them. It keeps no cookies
    between calls. After a fork the child process opens its own connections.
    """
    io_loop = IOLoop.current()
    session = getattr(io_loop, _ATTRIBUTE, None)
    if session is None or session.closed:
        for other in list(_sessions):
            other.forget_closed_loops()
        session = Session(cookies=None)
        _sessions.add(session)
        setattr(io_loop, _ATTRIBUTE, session)
    return session


@passes_on(Session.request)
def request(method, url, **kwargs):
    # type: (str, str, **Unpack[CallKeywords]) -> Call
    """Call `Session.request` of `default_session`, with its keywords, result and errors."""
    return default_session().request(method, url, **kwargs)


@passes_on(Session.request)
def get(url, params=None, **kwargs):
    # type: (str, Any, **Unpack[GetKeywords]) -> Call
    """`request` with GET."""
    return request("GET", url, params=params, **kwargs)


@passes_on(Session.request)
def options(url, **kwargs):
    # type: (str, **Unpack[CallKeywords]) -> Call
    """`request` with OPTIONS."""
    return request("OPTIONS", url, **kwargs)


@passes_on(Session.head)
def head(url, **kwargs):
    # type: (str, **Unpack[CallKeywords]) -> Call
    """`request` with HEAD. As in requests, ``allow_redirects`` is False by default."""
    return default_session().head(url, **kwargs)


@passes_on(Session.request)
def post(url, data=None, json=None, **kwargs):
    # type: (str, Any, Any, **Unpack[PostKeywords]) -> Call
    """`request` with POST."""
    return request("POST", url, data=data, json=json, **kwargs)


@passes_on(Session.request)
def put(url, data=None, **kwargs):
    # type: (str, Any, **Unpack[PutKeywords]) -> Call
    """`request` with PUT."""
    return request("PUT", url, data=data, **kwargs)


@passes_on(Session.request)
def patch(url, data=None, **kwargs):
    # type: (str, Any, **Unpack[PutKeywords]) -> Call
    """`request` with PATCH."""
    return request("PATCH", url, data=data, **kwargs)


@passes_on(Session.request)
def delete(url, **kwargs):
    # type: (str, **Unpack[CallKeywords]) -> Call
    """`request` with DELETE."""
    return request("DELETE", url, **kwargs)
