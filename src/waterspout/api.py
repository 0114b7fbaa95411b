"""get, post and so on without a session of one's own, as in requests."""

from __future__ import absolute_import, division, print_function

import weakref

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING
from waterspout.session import Session

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout.models.response import Response  # noqa: F401

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


def request(method, url, **kwargs):
    # type: (str, str, **Any) -> Future[Response]
    """`Session.request` on `default_session`: its keywords, its result, its errors."""
    return default_session().request(method, url, **kwargs)


def get(url, params=None, **kwargs):
    # type: (str, Any, **Any) -> Future[Response]
    return request("GET", url, params=params, **kwargs)


def options(url, **kwargs):
    # type: (str, **Any) -> Future[Response]
    return request("OPTIONS", url, **kwargs)


def head(url, **kwargs):
    # type: (str, **Any) -> Future[Response]
    """As in requests, redirects are not followed unless asked."""
    return default_session().head(url, **kwargs)


def post(url, data=None, json=None, **kwargs):
    # type: (str, Any, Any, **Any) -> Future[Response]
    return request("POST", url, data=data, json=json, **kwargs)


def put(url, data=None, **kwargs):
    # type: (str, Any, **Any) -> Future[Response]
    return request("PUT", url, data=data, **kwargs)


def patch(url, data=None, **kwargs):
    # type: (str, Any, **Any) -> Future[Response]
    return request("PATCH", url, data=data, **kwargs)


def delete(url, **kwargs):
    # type: (str, **Any) -> Future[Response]
    return request("DELETE", url, **kwargs)
