"""Start the gateway from a program."""

from __future__ import absolute_import, division, print_function

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
from waterspout_cmdb.gateway.gateway_options import TOTAL_TIMEOUT, TRANSPORT
from waterspout_cmdb.gateway.passing_sdk import PassingSDK

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Optional, Union  # noqa: F401


def start_server(
    port=8888,  # type: int
    num_processes=1,  # type: int
    address="127.0.0.1",  # type: str
    upstream="127.0.0.1:8079",  # type: str
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
):
    # type: (...) -> int
    """Serve the gateway until SIGTERM or SIGINT; requests in flight finish first.

    Call it from the main thread, before you create an IOLoop or start a thread: it may fork.

    Args:
        port (int): 0 lets the system choose.
        num_processes (int): 1 serves in this process. More are forked; 0 means one per core.
        address (native str): where to listen.
        upstream, org, user, transport: as for :class:`CMDBSDK`; each process has its own.
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
    Returns: int, the exit code of ``waterspout.service.serve_sockets``; 0 after a stop signal.
    Raises:
        waterspout.service.ListenError: the port cannot be used.
        ValueError: an argument that :class:`CMDBSDK` refuses, a text that is not an origin, or an
            unknown ``http_server``.
        waterspout.TransportUnavailable: the transport's package is not installed.
    """
    make_sdk = sdk_maker(upstream, org, user, transport, timeout, total_timeout)
    return serve_gateway(
        listen(port, address),
        num_processes,
        make_sdk,
        max_body_bytes,
        allowed_origins,
        allow_missing_host,
        drain_timeout=drain_timeout,
        http_server=http_server,
    )


def sdk_maker(upstream, org, user, transport, timeout, total_timeout):
    # type: (...) -> Callable[[], PassingSDK]
    """Return a function that makes a process's SDK, a `PassingSDK`.

    One SDK is made and discarded here, so that a bad argument is reported before anything starts.
    """
    limits = waterspout.ClientTimeout(connect=timeout, read=timeout, total=total_timeout)

    def make_sdk():
        return PassingSDK(upstream, org=org, user=user, transport=transport, timeout=limits)

    make_sdk()
    return make_sdk


def serve_gateway(
    sockets, processes, make_sdk, max_body_bytes, allowed_origins, allow_missing_host, **options
):
    # type: (...) -> int
    """Serve on listening sockets; see ``waterspout.service.serve_sockets``.

    Raises: ValueError: one of ``allowed_origins`` is not an origin.
    """
    origins = [normal_origin(origin) for origin in allowed_origins]
    return serve_sockets(
        lambda: make_app(make_sdk(), max_body_bytes, origins, allow_missing_host),
        sockets,
        processes,
        **options
    )
