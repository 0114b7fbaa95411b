"""Starting the gateway: options in, exit code out."""

from __future__ import absolute_import, division, print_function

import waterspout
from waterspout.service import (
    DRAIN_TIMEOUT,
    MAX_BODY_BYTES,
    listen,
    normal_origin,
    serve_sockets,
)
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.gateway_options import TOTAL_TIMEOUT, TRANSPORT
from waterspout_cmdb.sdk import CMDBSDK


def start_server(
    port=8888,
    num_processes=1,
    address="127.0.0.1",
    upstream="127.0.0.1:8079",
    org=777777,
    user="defaultUser",
    transport=TRANSPORT,
    timeout=10,
    total_timeout=TOTAL_TIMEOUT,
    max_body_bytes=MAX_BODY_BYTES,
    drain_timeout=DRAIN_TIMEOUT,
    allowed_origins=(),
):
    # type: (...) -> int
    """Serve the gateway until SIGTERM or SIGINT; requests in flight finish first.

    Call it from the main thread, before an IOLoop or a thread exists.

    Args:
        port (int): 0 lets the system choose.
        num_processes (int): 1 serves in this process; more, or 0 for one per core, are forked.
        address (native str): where to listen.
        upstream, org, user, transport: as for :class:`CMDBSDK`; each process has one.
        timeout (float seconds): to connect to the CMDB, and between two bytes of its answer.
        total_timeout (float seconds): for a whole call to the CMDB.
        max_body_bytes (int): longer request bodies are answered with 413.
        drain_timeout (float seconds): what requests in flight get to finish.
        allowed_origins (list of native str): ``"https://tools.example"``; whose web pages may
            send requests. What a browser sends for other pages is answered with 403.
    Returns: int, 0 when stopped as told; what ``waterspout.service.serve_sockets`` returns.
    Raises: waterspout.service.ListenError; ValueError or
        waterspout.TransportUnavailable for what :class:`CMDBSDK` does not take, and ValueError
        for what is not an origin.
    """
    make_sdk = sdk_maker(upstream, org, user, transport, timeout, total_timeout)
    return serve_gateway(
        listen(port, address),
        num_processes,
        make_sdk,
        max_body_bytes,
        allowed_origins,
        drain_timeout=drain_timeout,
    )


def sdk_maker(upstream, org, user, transport, timeout, total_timeout):
    # type: (...) -> Callable[[], CMDBSDK]
    """What makes a process its SDK. Tried out at once, so that a bad argument is found before
    anything is started; the one made for that is thrown away unused."""
    limits = waterspout.ClientTimeout(connect=timeout, read=timeout, total=total_timeout)

    def make_sdk():
        return CMDBSDK(upstream, org=org, user=user, transport=transport, timeout=limits)

    make_sdk()
    return make_sdk


def serve_gateway(sockets, processes, make_sdk, max_body_bytes, allowed_origins, **options):
    # type: (...) -> int
    """Serve on listening sockets; see ``waterspout.service.serve_sockets``.

    Raises: ValueError: what is not an origin.
    """
    origins = [normal_origin(origin) for origin in allowed_origins]
    return serve_sockets(
        lambda: make_app(make_sdk(), max_body_bytes, origins),
        sockets,
        processes,
        **options
    )
