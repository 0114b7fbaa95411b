"""What SIGHUP does to the gateway: its configuration is read again."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout_cmdb.gateway.assembly import app_maker, complaints
from waterspout_cmdb.gateway.options import jobs
from waterspout_cmdb.gateway.options.table import TABLE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Mapping, Optional, Sequence  # noqa: F401

    from waterspout.service import Application  # noqa: F401
    from waterspout_cmdb.command_line.values import Options  # noqa: F401
    from waterspout_cmdb.gateway.jobs.running.runner_child import RunnerChild  # noqa: F401

_log = logging.getLogger("waterspout.cmdb")


class Reloading(object):
    """The ``reload`` of ``waterspout.service.serve_sockets``.

    Args:
        arguments, environment: those that the gateway was started with.
        options (Options): what it runs with.
        upstreams: what it calls; a sandbox's address if `options` names no CMDB.
        jobs_runner (RunnerChild or None): gets what the options mean for it.
    """

    def __init__(self, arguments, environment, options, upstreams, jobs_runner=None):
        # type: (List[str], Mapping[str, str], Options, Sequence[str], Optional[RunnerChild]) -> None
        self._arguments = arguments
        self._environment = environment
        self._options = options
        self._upstreams = upstreams
        self._jobs_runner = jobs_runner

    def __call__(self):
        # type: () -> Callable[[], Application]
        """Return a function that makes a process's application, of what the places have now.

        Raises: BadOption, waterspout.TransportUnavailable: nothing changes.
        """
        options, warnings = TABLE.read_again(
            self._arguments, self._environment, self._options, complaints)
        if bool(options.upstream) != bool(self._options.upstream):
            # The sandbox is started before the gateway serves, and stopped after it.
            warnings.append("upstream has changed from or to the sandbox, but only a restart "
                            "changes that")
            options.keep("upstream", self._options)
        upstreams = options.upstream or self._upstreams
        make_gateway = app_maker(options, upstreams)
        if self._jobs_runner is not None:
            self._jobs_runner.configure(jobs.runner_settings(options, upstreams))
        for line in warnings:
            _log.warning("%s", line)
        self._options = options
        return make_gateway
