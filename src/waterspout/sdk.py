"""BaseSDK: one upstream API, declared once as a class."""

from __future__ import absolute_import, division, print_function

import copy
import logging
from functools import partial

from waterspout import constants
from waterspout._compat import (
    TYPE_CHECKING,
    Future,
    reject,
    resolve,
    resolved,
    string_types,
)
from waterspout._compat.current_loop import current_loop
from waterspout._driver.sdk_call import SDKCall
from waterspout._sdk.bases import bases_of
from waterspout._sdk.paths import expand, named_by_paths, operation_of, shown
from waterspout._sdk.sharing_session import SharingSession
from waterspout.exceptions import HTTPError, RequestException
from waterspout.instrumentation.call_context import CallContext, checked_context
from waterspout.models.absent import Absent
from waterspout.models.keywords import Unset, passes_on
from waterspout.models.mappings import check_mappings
from waterspout.policies.balancer.balancer_policy import Balancer
from waterspout.session import Session

if TYPE_CHECKING:
    from typing import Any, Mapping, Optional, Sequence, Union  # noqa: F401

    from typing_extensions import Self, Unpack  # noqa: F401

    from waterspout.models.keywords import (  # noqa: F401
        HeaderTypes,
        SDKCallKeywords,
        SDKKeywords,
    )
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.structures import Headers  # noqa: F401
    from waterspout.timeouts import TimeoutTypes  # noqa: F401

log = logging.getLogger("waterspout.sdk")


class _DefaultUser(str):
    """The default of ``user``, which differs by identity from the same text given by a caller."""


_DEFAULT_USER = _DefaultUser(constants.USER)

_NO_URI = 'fetch_async() needs a uri; the method comes first: fetch_async("GET", "/path")'
_BOTH_URIS = "fetch_async() takes uri= or api=, which mean the same, not both"


def _absent(name, instead):
    return Absent("BaseSDK", name, instead, "some classes of this name have")


class BaseSDK(object):
    """One upstream API: sends its headers with every call and returns decoded JSON.

    ::

        class InventorySDK(BaseSDK):
            @gen.coroutine                      # or: async def
            def search(self, kind, query):
                found = yield self.fetch_async(
                    "POST", "/object/{kind}/_search", path={"kind": kind}, json=query)
                raise gen.Return(found)

    Make one for each process, or one for each request and close it: SDKs with the same host,
    ``transport`` and limits share connections and threads on each IOLoop. These stay open for
    ``max_idle`` seconds after the last of these SDKs was closed or garbage-collected.

    Args:
        host (text): ``"10.0.0.1:8079"`` (http), or a base URL, which may have a path. Or a list of
            several, which differ in host and port only: each call goes to one of them.
        org, user (text, int or None): sent as headers of these names with every call; None, as
            from an environment variable that is not set, sends no header. ``user`` is
            ``"defaultUser"`` where an ``org`` is given, and None where there is none.
        max_workers (int): threads of the ``threads`` transport.
        transport, timeout: as for `waterspout.Session`.
        errors: ``"raise"``, or ``"empty"`` to log a failure and resolve to ``{}``.
        balancer (Balancer or None): how calls are spread over several hosts; for one host: over all
            addresses that its name has.
        **session_options: other arguments of `waterspout.Session`, such as ``auth``.
            ``cookies`` is None by default: the users of a service must not share a cookie jar.
    Attributes:
        base_url (native str): the beginning of every URL, without a trailing slash; of several
            hosts the first one's.
        api_host (text): ``host`` as it was given.
        headers (Headers): sent with every call, ``org`` and ``user`` among them; may be changed.
        logger (logging.Logger): gets a warning for each failure under ``errors="empty"``.
        session (Session): makes the calls.
    Raises: ValueError, InvalidURL; TransportUnavailable.
    """

    logger = log

    _context = None  # type: Optional[CallContext]
    _names_operations = False  # Whether observers or policies of operations need the names.
    _has_slots = False  # The class of a program has.

    if not TYPE_CHECKING:  # Checkers complain of what is not there.
        executor = _absent(
            "executor",
            "calls do not block, so they need no threads. For other work that blocks use "
            "IOLoop.current().run_in_executor, or set self.executor to one of your own")
        io_loop = _absent("io_loop", "each call runs on IOLoop.current()")
        host = _absent("host", "use api_host for what was given, base_url for the URL made of it")
        org = _absent("org", 'use headers["org"]')
        user = _absent("user", 'use headers["user"]')

    @passes_on(Session.__init__)
    def __init__(
        self,
        host,
        org=None,
        user=_DEFAULT_USER,
        max_workers=constants.MAX_WORKERS,
        transport=constants.TRANSPORT,
        timeout=constants.TIMEOUT,
        errors="raise",
        balancer=None,
        **session_options
    ):
        # type: (Union[str, Sequence[str]], Union[None, str, int], Union[None, str, int], int, Any, TimeoutTypes, str, Optional[Balancer], **Unpack[SDKKeywords]) -> None
        if errors not in ("raise", "empty"):
            raise ValueError('errors=%r: choose "raise" or "empty"' % (errors,))
        self.api_host = host
        bases = bases_of(host)
        self.base_url = bases.base_url
        balancer = checked_balancer(balancer, len(bases.urls))
        self.errors = errors
        if user is _DEFAULT_USER:
            user = None if org is None else constants.USER
        headers = {"org": _header(org), "user": _header(user)}
        given = session_options.pop("headers", None) or {}
        try:
            headers.update(given)
        except (TypeError, ValueError) as error:
            check_mappings(error, headers=given)
            raise
        session_options.setdefault("cookies", None)
        operations = session_options.get("operations")
        if operations:
            session_options["operations"] = named_by_paths(operations)
        self.session = SharingSession(
            bases,
            balancer,
            type(self).__name__,
            transport=transport,
            timeout=timeout,
            max_workers=max_workers,
            headers=headers,
            **session_options
        )
        if self.session.observers or session_options.get("operations"):
            self._names_operations = True
        if hasattr(type(self), "__slots__"):
            self._has_slots = True

    @property
    def headers(self):
        # type: () -> Headers
        """The headers of every call; may be changed in place or replaced by any mapping."""
        return self.session.headers

    @headers.setter
    def headers(self, headers):
        # type: (Any) -> None
        self.session.headers = headers

    @passes_on(Session.request, allow_redirects=Unset("for GET and HEAD"))
    def fetch_async(self, method, uri=None, path=None, headers=None, api=None, **kwargs):
        # type: (str, Optional[str], Optional[Mapping[str, Any]], HeaderTypes, Optional[str], **Unpack[SDKCallKeywords]) -> Future[Any]
        """Call ``uri`` of this upstream and resolve to the result of `decode`.

        Args:
            method (native str): as for `Session.request`.
            uri (text): relative to the host, with ``{name}`` for each path argument.
            path (mapping): the path arguments. Each is escaped, ``/`` too, so that it is always
                one segment; an empty value, ``.`` and ``..`` are refused.
            headers (mapping): merged over ``org`` and ``user``; None as a value removes one.
            api (text): another name for ``uri``.
            **kwargs: as for `Session.request`. With ``stream=True`` the result is not that of
                `decode` but the `Response`, whose body is still to be read; its status is a 2xx.
                ``allow_redirects`` is True by default for GET and
                HEAD only: following the redirect of a POST would GET another resource and report
                success. ``operation`` is ``uri`` by default, with its placeholders and without a
                query: a ``uri`` that is put together from values should have a name of its own.

        A ``json=`` of more than about 64 KB is encoded before the call begins, and such a response
        is decoded before `decode` is called, in steps of a few milliseconds, so that the IOLoop
        serves other requests meanwhile. Do not change the payload before the Future is done.

        Raises: at once TypeError: an unknown keyword, no ``uri``, an argument of a wrong type;
            SessionClosed. (Both through the Future if ``json=`` is large.) Through the Future, but
            not with ``errors="empty"``, HTTPError: the status is not 2xx; JSONDecodeError;
            InvalidURL: a bad path argument, or a whole URL as ``uri``; and the errors of
            `Session.request`. Each class says whether a retry is safe.
        """
        if api is not None and uri is None:
            uri = api
        elif api is not None or uri is None:
            raise TypeError(_NO_URI if uri is None else _BOTH_URIS)
        try:
            url = self.base_url + expand(uri, path)
        except (TypeError, ValueError) as error:
            check_mappings(error, path=path)
            if isinstance(error, TypeError):
                raise
            future = Future()  # type: Future[Any]
            self._fail(method, uri, future, error)
            return future
        arguments = kwargs  # type: Any
        arguments.setdefault("allow_redirects", method.upper() in ("GET", "HEAD"))
        arguments["method"], arguments["url"], arguments["headers"] = method, url, headers
        if self._context is not None:
            arguments.setdefault("context", self._context)
        if self._names_operations and arguments.get("operation") is None:
            arguments["operation"] = operation_of(uri)
        decode = _streamed if arguments.get("stream") else self.decode
        return SDKCall(
            self.session, decode, arguments, partial(self._fail, method, uri)).begin()

    def decode(self, response):
        # type: (Response) -> Any
        """Return the result of a call: the response's JSON, None for 204 and 205.

        Override it to unwrap an envelope.
        Raises: HTTPError: the status is not 2xx; JSONDecodeError.
        """
        raise_unless_2xx(response)
        return None if response.status_code in (204, 205) else response.json()

    def close(self):
        # type: () -> Future[None]
        """End the calls of this SDK, as `Session.close` does, and release what it shares.

        Other SDKs' calls go on. Never blocks the IOLoop. Idempotent. Does nothing for what
        `in_context` has returned: the SDK itself goes on.
        """
        if self._context is None:
            return self.session.close()
        with current_loop(()):
            return resolved(None)

    def in_context(self, context):
        # type: (CallContext) -> Self
        """This SDK for calls that carry ``context``: a request id, a trace, a tenant.

        It shares everything with this SDK, its connections and attributes too, and costs little: a
        handler may have one for each request. (`waterspout.service.JSONHandler.upstream` does.)

        Calls carry ``context`` that are made by methods of what is returned. An attribute that was
        given the SDK itself, as by ``self.instances = InstanceAPI(self)`` in ``__init__``, makes
        its calls through that one, without ``context``. Make such a part when it is asked for::

            @property
            def instances(self):
                return InstanceAPI(self)

        Raises: TypeError: not a CallContext.
        """
        if type(context) is not CallContext:
            checked_context(context)
        if self._has_slots:
            twin = copy.copy(self)
            twin._context = context
        else:  # The same in a tenth of the time.
            twin = object.__new__(type(self))
            twin.__dict__ = attributes = self.__dict__.copy()
            attributes["_context"] = context
        if context.observers:
            twin._names_operations = True
        return twin

    def _fail(self, method, uri, future, error):
        if self.errors == "empty" and isinstance(error, (RequestException, ValueError)):
            self.logger.warning("%s %s failed, answered {}: %s", method, shown(uri), error)
            resolve(future, {})
        else:
            reject(future, error)

    def __repr__(self):
        return "<%s %s %r>" % (type(self).__name__, self.base_url, self.session)


def _streamed(response):
    # type: (Response) -> Response
    """The result of a call with ``stream=True``. Raises: HTTPError, whose body can be read."""
    raise_unless_2xx(response)
    return response


def raise_unless_2xx(response):
    # type: (Response) -> None
    """Raise HTTPError unless the status is 2xx; so for a redirect too."""
    response.raise_for_status()
    if not 200 <= response.status_code < 300:
        raise HTTPError(
            "%d %s: not a success, for url: %s"
            % (response.status_code, response.reason, response.request.parsed_url.for_messages),
            request=response.request,
            response=response,
            phase="read",
        )


def checked_balancer(balancer, hosts):
    # type: (Any, int) -> Optional[Balancer]
    """The Balancer for so many ``hosts``. Raises: TypeError; ValueError: it makes no sense."""
    if balancer is None:
        return None if hosts == 1 else Balancer()
    if not isinstance(balancer, Balancer):
        raise TypeError("balancer=%r: give a waterspout.Balancer" % (balancer,))
    if hosts > 1 and balancer.resolver is not None:
        raise ValueError("a balancer with a resolver is for one host, whose addresses it looks up")
    return balancer


def _header(value):
    return value if value is None or isinstance(value, string_types) else str(value)
