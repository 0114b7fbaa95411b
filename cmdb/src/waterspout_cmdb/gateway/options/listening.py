"""Where the gateway serves, in how many processes, and how it stops."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout.service import DRAIN_TIMEOUT, HTTP_SERVERS
from waterspout_cmdb.command_line.option import (
    ANY_TEXT,
    YES_OR_NO,
    BadOption,
    between,
    one_of,
    option,
)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

_DAY = 86400
_EVERY_ADDRESS = frozenset(["0.0.0.0", "::", ""])

OPTIONS = (
    option("port", int, 8888, "PORT",
           "serve on this port; 0 lets the system choose", between(0, 65535), fixed=True),
    option("address", basestring_type, "127.0.0.1", "HOST",
           "serve on this address; 0.0.0.0 is every IPv4 address of the machine; or on a socket: "
           "unix:/run/gateway.sock", ANY_TEXT, fixed=True),
    option("reuse_port", bool, False, "",
           "let another gateway of the same user serve on the same port", YES_OR_NO, fixed=True),
    option("processes", int, 1, "N",
           "worker processes; 0 means one per core", between(0, 1024), fixed=True),
    option("http_server", basestring_type, HTTP_SERVERS[0], "NAME",
           "the HTTP server: waterspout, or tornado for that of Tornado itself",
           one_of(HTTP_SERVERS), fixed=True),
    option("drain_grace", float, 0.0, "SECONDS",
           "how long it accepts connections after SIGTERM, while /readyz says that it stops, so "
           "that load balancers notice; 0: not at all", between(0, _DAY), fixed=True),
    option("drain_timeout", float, DRAIN_TIMEOUT, "SECONDS",
           "what requests in flight get to finish when the gateway stops", between(0, _DAY),
           fixed=True),
    option("pidfile", basestring_type, "", "FILE",
           "a file for the number of the process that takes signals", ANY_TEXT, fixed=True),
)  # fmt: skip


def check(options):
    # type: (OptionParser) -> None
    """Raises: BadOption: some options exclude each other."""
    others = [("operations_port", options.operations_address)]
    if not options.upstream:
        others.append(("sandbox_port", "127.0.0.1"))
    reasons = [
        "port and %s are both %d" % (name, options.port) for name, address in others
        if 0 < options.port == getattr(options, name) and (
            options.address == address or _EVERY_ADDRESS.intersection((options.address, address)))
    ]
    if options.reuse_port and options.address.startswith("unix:"):
        reasons.append("reuse_port is for ports; a unix socket cannot be shared in this way")
    if reasons:
        raise BadOption(reasons)


def serve_keywords(options):
    # type: (OptionParser) -> Dict[str, Any]
    """Return the keywords of ``serve_sockets`` that these options mean."""
    return {
        "processes": options.processes,
        "drain_grace": options.drain_grace,
        "drain_timeout": options.drain_timeout,
        "http_server": native_str(options.http_server),
        "pidfile": native_str(options.pidfile) if options.pidfile else None,
    }
