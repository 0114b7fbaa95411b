"""Start the gateway from a program."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

import waterspout
from waterspout.service import (
    DRAIN_TIMEOUT,
    HTTP_SERVERS,
    MAX_BODY_BYTES,
    listen,
    normal_origin,
    serve_sockets,
)
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.call_policies import (
    MAX_CONCURRENT,
    MAX_QUEUED,
    RETRIES,
    call_policies,
)
from waterspout_cmdb.gateway.gateway_options import TOTAL_TIMEOUT, TRANSPORT
from waterspout_cmdb.gateway.passing_sdk import PassingSDK

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Optional, Sequence, Union  # noqa: F401


def start_server(
    port=8888,  # type: int
    num_processes=1,  # type: int
    address="127.0.0.1",  # type: str
    upstream="127.0.0.1:8079",  # type: Union[str, Sequence[str]]
    org=777777,  # type: Union[None, int, str]
    user="defaultUser",  # type: Optional[str]
    transport=TRANSPORT,  # type: Any
    timeout=10,  # type: float
    total_timeout=TOTAL_TIMEOUT,  # type: float
    max_body_bytes=MAX_BODY_BYTES,  # type: int
    drain_timeout=DRAIN_TIMEOUT,  # type: float
    allowed_origins=(),  # type: Iterable[str]
    allow_missing_host=False,  # type: bool
    http_server=HTTP_SERVERS[0],  # type: str
    retries=RETRIES,  # type: int
    max_concurrent=MAX_CONCURRENT,  # type: int
    max_queued=MAX_QUEUED,  # type: int
    max_concurrent_per_org=0,  # type: int
    breaker=True,  # type: bool
    deadline=None,  # type: Optional[waterspout.DeadlineHeader]
):
    # type: (...) -> int
    """Serve the gateway until SIGTERM or SIGINT; requests in flight finish first.

    Call it from the main thread, before you create an IOLoop or start a thread: it may fork.

    Args:
        port (int): 0 lets the system choose.
        num_processes (int): 1 serves in this process. More are forked; 0 means one per core.
        address (native str): where to listen.
        upstream, org, user, transport: as for :class:`CMDBSDK`; each process has its own. Several
            upstreams in a list share the calls.
        timeout (float seconds): to connect to the CMDB, and between two bytes of its answer.
        total_timeout (float seconds): for a whole call to the CMDB.
        max_body_bytes (int): a longer request body is answered with 413.
        drain_timeout (float seconds): how long requests in flight may take after a stop signal.
        allowed_origins (list of native str): the origins whose web pages may send requests, such
            as ``"https://tools.example"``. A browser's request for a page of another origin is
            answered with 403.
        allow_missing_host (bool): serve requests of HTTP/1.1 without a Host field, from old
            clients.
        http_server (native str): ``"waterspout"``, or ``"tornado"`` for the HTTP server of the
            installed Tornado, which is slower; see ``waterspout.service.serve_sockets``.
        retries (int): times that a search, or an import that the CMDB makes idempotent, is sent
            again; 0: never.
        max_concurrent (int): calls to each upstream that run at once, in each process; 0: no limit.
        max_queued (int): calls that wait at once; further ones are answered with 503.
        max_concurrent_per_org (int): calls with the same ``org`` that run at once; 0: no limit.
        breaker (bool): answer with 503 for a while when most calls to an upstream fail.
        deadline (waterspout.DeadlineHeader or None): the field with the time that a request has.
    Returns: int, the exit code of ``waterspout.service.serve_sockets``; 0 after a stop signal.
    Raises:
        waterspout.service.ListenError: the port cannot be used.
        ValueError: an argument that :class:`CMDBSDK` refuses, a text that is not an origin, or an
            unknown ``http_server``, or ``max_concurrent_per_org`` without ``max_concurrent``.
        waterspout.TransportUnavailable: the transport's package is not installed.
    """
    hosts = [upstream] if isinstance(upstream, basestring_type) else list(upstream)
    policies = call_policies(
        retries, max_concurrent, max_queued, max_concurrent_per_org, breaker, len(hosts))
    make_sdk = sdk_maker(hosts, org, user, transport, timeout, total_timeout, policies)
    return serve_gateway(
        listen(port, address),
        num_processes,
        make_sdk,
        max_body_bytes,
        allowed_origins,
        allow_missing_host,
        deadline,
        drain_timeout=drain_timeout,
        http_server=http_server,
    )


def sdk_maker(hosts, org, user, transport, timeout, total_timeout, policies):
    # type: (...) -> Callable[[], PassingSDK]
    """Return a function that makes a process's SDK, a `PassingSDK`.

    One SDK is made and discarded here, so that a bad argument is reported before anything starts.

    Args:
        hosts (list): one or several upstreams.
        policies (mapping): what `call_policies` returned.
    """
    host = hosts[0] if len(hosts) == 1 else hosts
    limits = waterspout.ClientTimeout(connect=timeout, read=timeout, total=total_timeout)

    def make_sdk():
        return PassingSDK(
            host, org=org, user=user, transport=transport, timeout=limits, **policies)

    make_sdk()
    return make_sdk


def serve_gateway(
    sockets,
    processes,
    make_sdk,
    max_body_bytes,
    allowed_origins,
    allow_missing_host,
    deadline=None,
    **options
):
    # type: (...) -> int
    """Serve on listening sockets; see ``waterspout.service.serve_sockets``.

    Raises: ValueError: one of ``allowed_origins`` is not an origin.
    """
    origins = [normal_origin(origin) for origin in allowed_origins]
    return serve_sockets(
        lambda: make_app(
            make_sdk(), max_body_bytes, origins, allow_missing_host, deadline=deadline),
        sockets,
        processes,
        **options
    )
