"""What operators see of the gateway, and where."""

from __future__ import absolute_import, division, print_function

import logging

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout
from waterspout.service import Operations, ReadinessCheck
from waterspout_cmdb._version import __version__
from waterspout_cmdb.command_line.option import (
    ANY_TEXT,
    BadOption,
    between,
    one_of,
    option,
)
from waterspout_cmdb.gateway.jobs.handling.jobs_metrics import JobsMetrics
from waterspout_cmdb.gateway.options.upstream_tls import tls_keywords
from waterspout_cmdb.gateway.process_metrics import METRICS
from waterspout_cmdb.gateway.sockets import has_operations_sockets

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Sequence  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

#: Seconds for the CMDB to answer a readiness check. Kubernetes' probes give up after one.
_TIMEOUT = 0.8

#: The values of ``--readiness``.
CMDB_ANSWERS, DEGRADED, PROCESS = READINESS = ("cmdb", "degraded", "process")

_log = logging.getLogger("waterspout.cmdb")


def _are_networks(texts):
    try:
        Operations(allowed=[native_str(text) for text in texts])
    except ValueError:
        return False
    return True


_NETWORKS = "networks, each an address or like 10.0.0.0/8", _are_networks
def _is_debug_secret(text):
    try:
        Operations(debug_secret=native_str(text) if text else None)
    except ValueError:
        return False
    return True


_DEBUG_SECRET = "at least 16 characters of printable ASCII without spaces", _is_debug_secret
_A_PATH = "a path that begins with /", lambda text: text.startswith("/") and " " not in text

OPTIONS = (
    option("operations_port", int, -1, "PORT",
           "serve /healthz, /readyz, /metrics and /status on this port; 0 lets the system choose; "
           "-1: on the gateway's own port, for this machine and --operations-allowed only",
           between(-1, 65535), fixed=True),
    option("operations_address", basestring_type, "127.0.0.1", "HOST",
           "where that port is; or a socket: unix:/run/gateway-operations.sock", ANY_TEXT,
           fixed=True),
    option("operations_allowed", basestring_type, [], "NETWORKS",
           "who may see these pages beside this machine: 10.0.0.0/8,fd00::/8; with a port or "
           "socket of their own the default is everyone", _NETWORKS, several=True),
    option("readiness", basestring_type, CMDB_ANSWERS, "NAME",
           "when /readyz answers 200: cmdb, while the CMDB answers; degraded, also without it, "
           "but saying so; process, without asking it", one_of(READINESS)),
    option("readiness_path", basestring_type, "/", "PATH",
           "what /readyz asks of the CMDB; any answer below 500 will do", _A_PATH),
    option("metrics", basestring_type, "auto", "auto|on|off",
           "measure requests and calls for Prometheus; auto: if /metrics has a port or socket of "
           "its own and prometheus_client is installed", one_of(("auto", "on", "off")), fixed=True),
    option("debug_secret", basestring_type, "", "SECRET",
           "a file with a secret; a request that has it in X-Waterspout-Debug is answered with a "
           "page about itself",
           _DEBUG_SECRET, secret=True),
)  # fmt: skip


def serve_keywords(options):
    # type: (OptionParser) -> Dict[str, Any]
    """Return the keywords of ``serve_sockets`` that these options mean."""
    keywords = {}  # type: Dict[str, Any]
    if METRICS.on_worker_exit is not None:
        keywords["on_worker_exit"] = METRICS.on_worker_exit
    return keywords


class Operating(object):
    """What the options mean for the applications of a program's processes.

    Args:
        options (OptionParser).
        hosts: of the CMDB.
    Raises: BadOption: an option cannot be used.
    """

    def __init__(self, options, hosts):
        # type: (OptionParser, Sequence[str]) -> None
        self._options = options
        self._hosts = list(hosts)
        self._tls = tls_keywords(options, hosts)
        self._secret = native_str(options.debug_secret) if options.debug_secret else None
        self._why_unmeasured = None  # type: Optional[str]
        self._measures = self._start_metrics(options)

    def log(self):
        # type: () -> None
        """Log what an operator may miss."""
        if self._why_unmeasured is not None:
            _log.info("Requests and calls are not measured: %s", self._why_unmeasured)

    def observers(self):
        # type: () -> List[Any]
        """The observers of this process's requests and calls."""
        return [METRICS.observer()] if self._measures else []

    def probe(self):
        # type: () -> Optional[waterspout.BaseSDK]
        """The SDK that asks whether the CMDB answers; None if nothing does.

        It has connections of its own: those of the gateway may all be busy when a probe comes, and
        a process must not become unready because it has much to do.
        """
        options = self._options
        if options.readiness == PROCESS:
            return None
        return waterspout.BaseSDK(
            self._hosts if len(self._hosts) > 1 else self._hosts[0],
            org=options.org,
            user=options.user,
            transport=options.transport,
            timeout=waterspout.ClientTimeout(
                connect=_TIMEOUT, read=_TIMEOUT, pool=_TIMEOUT, total=2 * _TIMEOUT),
            max_connections=2 * len(self._hosts),
            # Another one of several hosts, and a connection that the CMDB has just closed.
            retry=waterspout.Retry(1, backoff_factor=0, timeouts=False),
            **self._tls
        )

    def operations(self, probe, jobs=None):
        # type: (Optional[waterspout.BaseSDK], Any) -> Operations
        """The pages of this process.

        Args:
            probe: what `probe` has returned.
            jobs (JobsAccess or None): are counted in ``/metrics``.
        """
        options = self._options
        checks = []
        if probe is not None:
            path = options.readiness_path
            checks.append(ReadinessCheck(
                "cmdb", lambda: probe.fetch_async("GET", path), timeout=_TIMEOUT,
                required=options.readiness == CMDB_ANSWERS))
        metrics = METRICS.observer() if self._measures else None  # type: Any
        if jobs is not None:
            metrics = JobsMetrics(jobs, metrics)
        return Operations(
            checks,
            metrics=metrics,
            status=self._status,
            allowed=[native_str(each) for each in options.operations_allowed] or None,
            versions={"waterspout-cmdb": __version__},
            debug_secret=self._secret,
        )

    def _status(self):
        # type: () -> Dict[str, Any]
        options = self._options
        return {
            "cmdb": self._hosts,
            "transport": options.transport,
            "timeout_seconds": options.timeout,
            "total_timeout_seconds": options.total_timeout,
            "drain_timeout_seconds": options.drain_timeout,
            "retries": options.retries,
            "max_concurrent": options.max_concurrent,
            "max_queued": options.max_queued,
            "max_requests": options.max_requests,
            "max_requests_per_tenant": options.max_requests_per_tenant,
            "max_waiting": options.max_waiting,
            "rate_limit": options.rate_limit,
        }

    def _start_metrics(self, options):
        # type: (OptionParser) -> bool
        """Whether requests and calls are measured."""
        if options.metrics == "off" or (
                options.metrics == "auto" and not has_operations_sockets(options)):
            return False
        try:
            METRICS.start(options.processes != 1)
        except (ImportError, RuntimeError, EnvironmentError) as error:
            if options.metrics == "on":
                raise BadOption("metrics: %s" % error)
            self._why_unmeasured = str(error)
        return METRICS.is_on
