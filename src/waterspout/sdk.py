"""BaseSDK: one upstream API, declared once as a class."""

from __future__ import absolute_import, division, print_function

import copy
import logging
import re
from functools import partial

from waterspout import constants
from waterspout._bounded_stores import keep
from waterspout._compat import (
    TYPE_CHECKING,
    Future,
    quote,
    reject,
    resolve,
    resolved,
    string_types,
    text_type,
    to_bytes,
    to_native,
    to_text,
)
from waterspout._compat.current_loop import current_loop
from waterspout._driver.sdk_call import SDKCall
from waterspout._encoding.urls import parse
from waterspout.exceptions import HTTPError, InvalidURL, RequestException
from waterspout.instrumentation.call_context import CallContext, checked_context
from waterspout.models.absent import Absent
from waterspout.models.keywords import Unset, passes_on
from waterspout.models.mappings import check_mappings
from waterspout.policies.guards import states_of
from waterspout.session import Session
from waterspout.transports.sharing import sharing

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Tuple, Union  # noqa: F401

    from typing_extensions import Self, Unpack  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401
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

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_FULL_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

#: Whether a segment needs no escape and is none of "", "." and ".." (RFC 3986 section 2.3).
_IS_UNRESERVED = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z").match

#: What `_base_of` returned, by host.
_bases = {}  # type: Dict[str, Tuple[str, Tuple[str, str, int]]]
_BASE_ENTRIES = 512

#: Whether a URI is a short path, with or without placeholders.
_IS_PATH = re.compile(r"[A-Za-z0-9/_.{}-]{1,256}\Z").match

#: What `_split` returned, by URI.
_templates = {}  # type: Dict[str, Tuple[List[str], List[str], int]]
_TEMPLATE_ENTRIES = 512

#: What `_operation` returned, by URI.
_operations = {}  # type: Dict[str, str]

_TEXTS = frozenset([str, text_type])

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
        host (text): ``"10.0.0.1:8079"`` (http), or a base URL, which may have a path.
        org, user (text, int or None): sent as headers of these names with every call; None, as
            from an environment variable that is not set, sends no header. ``user`` is
            ``"defaultUser"`` where an ``org`` is given, and None where there is none.
        max_workers (int): threads of the ``threads`` transport.
        transport, timeout: as for `waterspout.Session`.
        errors: ``"raise"``, or ``"empty"`` to log a failure and resolve to ``{}``.
        **session_options: other arguments of `waterspout.Session`, such as ``auth``.
            ``cookies`` is None by default: the users of a service must not share a cookie jar.
    Attributes:
        base_url (native str): the beginning of every URL, without a trailing slash.
        api_host (text): ``host`` as it was given.
        headers (Headers): sent with every call, ``org`` and ``user`` among them; may be changed.
        logger (logging.Logger): gets a warning for each failure under ``errors="empty"``.
        session (Session): makes the calls.
    Raises: ValueError, InvalidURL; TransportUnavailable.
    """

    logger = log

    _context = None  # type: Optional[CallContext]
    _names_operations = False  # Whether observers or policies of operations need the names.

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
        **session_options
    ):
        # type: (str, Union[None, str, int], Union[None, str, int], int, Any, TimeoutTypes, str, **Unpack[SDKKeywords]) -> None
        if errors not in ("raise", "empty"):
            raise ValueError('errors=%r: choose "raise" or "empty"' % (errors,))
        self.api_host = host
        self.base_url, origin = _base_of(host)
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
        self.session = _SharingSession(
            origin,
            type(self).__name__,
            transport=transport,
            timeout=timeout,
            max_workers=max_workers,
            headers=headers,
            **session_options
        )
        if self.session.observers or session_options.get("operations"):
            self._names_operations = True

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
        arguments.update(method=method, url=url, headers=headers)
        if self._context is not None:
            arguments.setdefault("context", self._context)
        if self._names_operations and arguments.get("operation") is None:
            arguments["operation"] = _operations.get(uri) or _operation(uri)
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
        cls = type(self)
        if hasattr(cls, "__slots__"):  # Of a subclass.
            twin = copy.copy(self)
        else:  # The same in a fifth of the time.
            twin = object.__new__(cls)
            twin.__dict__.update(self.__dict__)
        twin._context = context if type(context) is CallContext else checked_context(context)
        return twin

    def _fail(self, method, uri, future, error):
        if self.errors == "empty" and isinstance(error, (RequestException, ValueError)):
            self.logger.warning("%s %s failed, answered {}: %s", method, _shown(uri), error)
            resolve(future, {})
        else:
            reject(future, error)

    def __repr__(self):
        return "<%s %s %r>" % (type(self).__name__, self.base_url, self.session)


class _SharingSession(Session):
    """A session that shares its transport with sessions of the same origin and limits."""

    _maker = "BaseSDK"

    def __init__(self, origin, upstream, **options):
        # type: (Tuple[str, str, int], str, **Any) -> None
        self._origin = origin
        self._upstream = upstream
        super(_SharingSession, self).__init__(**options)

    def _find_policy_states(self, transport):
        return states_of(getattr(transport, "shared", transport))

    def _load_transport(self, transport, limits):
        make = super(_SharingSession, self)._load_transport(transport, limits)
        if not isinstance(transport, string_types):
            return make  # The caller's own object, which the caller closes.
        return sharing((transport,) + self._origin, make)


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


def parse_base(host):
    # type: (str) -> URL
    """Parse ``"host:port"`` or a base URL.

    Raises: InvalidURL, MissingSchema, InvalidSchema; also for credentials (use ``auth=``), a query
        or a fragment, which would be in the middle of every URL.
    """
    if not isinstance(host, string_types):
        raise InvalidURL("host must be text, not %s" % type(host).__name__)
    host = to_text(host)
    url = parse(host if u"://" in host else u"http://" + host)
    if url.userinfo is not None or url.query or url.fragment:
        raise InvalidURL(
            "%s: a base URL has no credentials (that is auth=), query or fragment"
            % url.for_messages)
    return url


def _base_of(host):
    # type: (str) -> Tuple[str, Tuple[str, str, int]]
    """``base_url`` and origin for ``host``; the last results are kept. Raises: as `parse_base`.

    A service may make an SDK for each of its own requests. No secret is kept: a base URL has no
    credentials.
    """
    is_text = type(host) in _TEXTS
    found = _bases.get(host) if is_text else None
    if found is None:
        base = parse_base(host)
        found = str(base).rstrip("/"), base.origin
        if is_text:
            keep(_bases, host, found, _BASE_ENTRIES)
    return found


def expand(uri, path):
    # type: (str, Any) -> str
    """Replace each ``{name}`` in ``uri`` by the escaped value in ``path``.

    Raises: InvalidURL: a value is empty, ``.`` or ``..``, which would change the path; a name has
        no value, or a value no name; ``uri`` is a whole URL.
    """
    values = path if type(path) is dict else dict(path or {})
    expanded = to_native(_fill(uri, values) if values or "{" in uri else uri)
    if expanded.startswith("/"):
        return expanded
    if _FULL_URL.match(expanded):
        raise InvalidURL(
            '%s is a whole URL: uri is relative to the host of the SDK, as in "/path". For another '
            "host use another SDK, or waterspout.Session"
            % re.sub("//[^/]*@", "//", _shown(expanded)))
    return "/" + expanded


def _fill(uri, values):
    parts, names, count = _templates.get(uri) or _split(uri)
    parts = parts[:]
    for index, name in enumerate(names):
        if name not in values:
            raise InvalidURL("%s: no path argument for {%s}" % (_shown(uri), name))
        parts[2 * index + 1] = _segment(uri, name, values[name])
    if len(values) > count:
        unused = set(values).difference(names)
        raise InvalidURL("%s has no {%s}" % (_shown(uri), "}, {".join(sorted(unused))))
    return "".join(parts)


def _operation(uri):
    # type: (str) -> str
    """The name of a call for observers: its path template."""
    template = _shown(uri)
    if not template.startswith("/"):
        template = "/" + template
    return keep(_operations, uri, template, _TEMPLATE_ENTRIES) if _IS_PATH(uri) else template


def _split(uri):
    # type: (str) -> Tuple[List[str], List[str], int]
    """The parts of ``uri``, of which every second one is a name; these names; how many differ."""
    parts = _PLACEHOLDER.split(uri)
    names = parts[1::2]
    split = parts, names, len(set(names))
    # Neither a query nor credentials, which may be secrets; nor a long text.
    return keep(_templates, uri, split, _TEMPLATE_ENTRIES) if _IS_PATH(uri) else split


def _segment(uri, name, value):
    if value is None or isinstance(value, bool):
        raise InvalidURL("%s: the path argument %s is %r" % (_shown(uri), name, value))
    if not isinstance(value, string_types):
        value = str(value)
    if type(value) is str and _IS_UNRESERVED(value):
        return value
    if to_bytes(value) in (b"", b".", b".."):
        raise InvalidURL(
            "%s: the path argument %s=%r is not a path segment" % (_shown(uri), name, value))
    return quote(to_bytes(value), safe="")


def _shown(uri):
    # Without query and fragment, which may hold secrets.
    return re.split("[?#]", to_native(uri))[0]


def _header(value):
    return value if value is None or isinstance(value, string_types) else str(value)
