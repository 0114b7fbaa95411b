"""get, post and so on without a session of one's own, as in requests."""

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

#: Kept on the IOLoop itself, so that neither outlives the other.
_ATTRIBUTE = "_waterspout_default_session"

#: Those whose IOLoop was closed without them are closed when the next one is made.
_sessions = weakref.WeakSet()  # type: weakref.WeakSet[Session]


def default_session():
    # type: () -> Session
    """The Session of the current IOLoop that the functions of this module use.

    It is made when it is first asked for, and again once it was closed:
    ``yield waterspout.default_session().close()`` lets go of its connections, which otherwise
    live as long as the IOLoop. It keeps no cookies from call to call. After a fork the child
    opens connections of its own.
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
    """`Session.request` on `default_session`: its keywords, its result, its errors."""
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
    """`request` with HEAD. As in requests, redirects are not followed unless asked."""
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
