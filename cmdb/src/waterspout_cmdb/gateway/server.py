"""Start the gateway from a program."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.gateway.assembly import app_maker, serve_gateway
from waterspout_cmdb.gateway.options import jobs
from waterspout_cmdb.gateway.options.table import TABLE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: The CMDB's address if none is given: this function starts no sandbox.
UPSTREAM = "127.0.0.1:8079"


def start_server(port=8888, num_processes=1, **options):
    # type: (int, int, **Any) -> int
    """Serve the gateway until SIGTERM or SIGINT; requests in flight finish first.

    Call it from the main thread, before you create an IOLoop or start a thread: it may fork.

    ::

        start_server(8888, num_processes=4, upstream=["10.0.0.1:8079", "10.0.0.2:8079"], retries=0)

    Args:
        port (int): 0 lets the system choose.
        num_processes (int): 1 serves in this process. More are forked; 0 means one per core.
        options: those of the command, by their names with underscores; ``python -m waterspout_cmdb
            --help`` lists them. Environment variables are not read; ``config`` names a file, whose
            options count where this call gives none. Without ``upstream`` the CMDB is expected
            on 127.0.0.1:8079.
    Returns: int, the exit code of ``waterspout.service.serve_sockets``; 0 after a stop signal.
    Raises:
        ValueError: an option is unknown, or has a value that cannot be used.
        waterspout.service.ListenError: the port cannot be used.
        waterspout.TransportUnavailable: the transport's package is not installed.
    """
    settings = TABLE.read_values(dict(options, port=port, processes=num_processes))
    make_gateway = app_maker(settings, settings.upstream or [UPSTREAM])
    jobs_runner = jobs.runner(settings, settings.upstream or [UPSTREAM])
    return serve_gateway(settings, make_gateway, jobs_runner)
