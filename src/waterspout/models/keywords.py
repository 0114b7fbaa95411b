"""The keywords that public functions pass on, for type checkers and for `inspect.signature`.

A function that passes its ``**kwargs`` on keeps them at run time: a subclass that overrides
``Session.request`` sees what the caller gave and nothing else, as in requests.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, signature

if TYPE_CHECKING:
    from typing import (  # noqa: F401
        Any,
        Callable,
        Iterable,
        Mapping,
        Optional,
        Tuple,
        TypeVar,
        Union,
    )

    from typing_extensions import TypedDict

    from waterspout.instrumentation.call_context import CallContext
    from waterspout.policies.bulkhead import Bulkhead
    from waterspout.policies.circuit_breaker import CircuitBreaker
    from waterspout.policies.deadline import Deadline
    from waterspout.policies.retry import Retry
    from waterspout.timeouts import TimeoutTypes

    Function = TypeVar("Function", bound=Callable[..., Any])

    HeaderTypes = Optional[Mapping[Any, Union[str, bytes, None]]]
    CertTypes = Union[None, str, Tuple[str, str]]
    ProxyTypes = Optional[Mapping[str, Optional[str]]]
    RetryTypes = Union[None, int, Retry, Any]  # And urllib3's Retry.

    _Common = TypedDict("_Common", {
        "cookies": Any,
        "files": Any,
        "auth": Any,
        "timeout": TimeoutTypes,
        "allow_redirects": bool,
        "proxies": ProxyTypes,
        "hooks": Optional[Mapping[str, Any]],
        "stream": Optional[bool],
        "operation": Optional[str],
        "context": Optional[CallContext],
        "deadline": Optional[Deadline],
        "idempotent": Optional[bool],
        "retry": RetryTypes,
        "breaker": Optional[CircuitBreaker],
        "bulkhead": Optional[Bulkhead],
        "verify": Union[None, bool, str],
        "cert": CertTypes,
    }, total=False)
    _Params = TypedDict("_Params", {"params": Any}, total=False)
    _Headers = TypedDict("_Headers", {"headers": HeaderTypes}, total=False)
    _Data = TypedDict("_Data", {"data": Any}, total=False)
    _JSON = TypedDict("_JSON", {"json": Any}, total=False)

    class CallKeywords(_Common, _Params, _Headers, _Data, _JSON):
        """The keywords of `Session.request`."""

    class GetKeywords(_Common, _Headers, _Data, _JSON):
        """The same without ``params``, for functions with that parameter."""

    class PostKeywords(_Common, _Headers, _Params):
        """The same without ``data`` and ``json``, for functions with those parameters."""

    class PutKeywords(_Common, _Headers, _Params, _JSON):
        """The same without ``data``, for functions with that parameter."""

    class SDKCallKeywords(_Common, _Params, _Data, _JSON):
        """The same without ``headers``, for functions with that parameter."""

    _Pool = TypedDict("_Pool", {
        "max_connections": int,
        "max_body_bytes": int,
        "max_header_bytes": int,
        "max_start_line_bytes": int,
        "max_header_fields": int,
        "max_content_codings": int,
        "max_connections_per_origin": Optional[int],
        "max_queued": int,
        "max_idle": float,
        "max_age": float,
    }, total=False)
    _Workers = TypedDict("_Workers", {"max_workers": int}, total=False)
    _Session = TypedDict("_Session", {
        "headers": HeaderTypes,
        "params": Any,
        "auth": Any,
        "max_redirects": int,
        "verify": Union[bool, str],
        "cert": CertTypes,
        "proxies": ProxyTypes,
        "trust_env": bool,
        "cookies": Any,
        "unix_socket": Optional[str],
        "observers": Iterable[Any],
        "retry": RetryTypes,
        "breaker": Optional[CircuitBreaker],
        "bulkhead": Optional[Bulkhead],
        "operations": Optional[Mapping[str, Mapping[str, Any]]],
    }, total=False)

    class LimitKeywords(_Pool, _Workers):
        """The keywords of `Limits`."""

    class SDKKeywords(_Session, _Pool):
        """The keywords of `Session` without the parameters of `BaseSDK`."""


class Unset(object):
    """The default of a keyword whose None has another meaning; its ``repr`` describes it."""

    def __init__(self, text):
        # type: (str) -> None
        self._text = text

    def __repr__(self):
        # type: () -> str
        return "<%s>" % self._text


def passes_on(function, **defaults):
    # type: (Callable[..., Any], **Any) -> Callable[[Function], Function]
    """Show in `inspect.signature` the keywords of ``function`` in place of ``**kwargs``.

    Args:
        defaults: of keywords that are not those of ``function``. On Python 2.7 nothing is shown.
    """
    def decorate(passing):
        # type: (Function) -> Function
        if signature is not None:
            own = signature(passing)
            shown = [each for each in own.parameters.values() if each.kind is not each.VAR_KEYWORD]
            names = set(each.name for each in shown) | set(["self", "method", "url"])
            for each in signature(function).parameters.values():
                if each.name not in names and each.kind is not each.VAR_KEYWORD:
                    default = defaults.get(each.name, each.default)
                    shown.append(each.replace(kind=each.KEYWORD_ONLY, default=default))
            passing.__signature__ = own.replace(parameters=shown)  # type: ignore[attr-defined]
        return passing
    return decorate
