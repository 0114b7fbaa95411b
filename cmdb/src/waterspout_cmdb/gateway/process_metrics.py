"""The metrics of the gateway's processes for Prometheus, if its client library is installed."""

from __future__ import absolute_import, division, print_function

import logging
import os

from waterspout.instrumentation.prometheus import PrometheusObserver, SharedDirectory

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional  # noqa: F401

_log = logging.getLogger("waterspout.cmdb")


class ProcessMetrics(object):
    """What a program has once, and each of its processes once: the library allows no more.

    Args:
        registry (prometheus_client.CollectorRegistry or None): None for the library's own.
    Attributes:
        is_on (bool): `start` was called, and the library is there.
    """

    def __init__(self, registry=None):
        # type: (Any) -> None
        self.is_on = False
        self._registry = registry
        self._directory = None  # type: Optional[SharedDirectory]
        self._observers = {}  # type: Dict[int, PrometheusObserver]

    def start(self, is_shared):
        # type: (bool) -> None
        """Prepare for processes that are forked later. Idempotent, as a reload needs.

        Args:
            is_shared (bool): several processes will count; their counts are added up.
        Raises:
            ImportError: prometheus_client is not installed; the text says how to.
            RuntimeError: it was imported before; OSError: there is no place for its files.
        """
        if self.is_on:
            return
        if is_shared:
            self._directory = SharedDirectory()
        else:
            self.observer()  # In this process, which will serve.
        self.is_on = True

    def observer(self):
        # type: () -> PrometheusObserver
        """The one of this process; made once, since a reload may be in the same process."""
        observer = self._observers.get(os.getpid())
        if observer is None:
            observer = self._observers[os.getpid()] = PrometheusObserver(
                self._registry)
        return observer

    @property
    def on_worker_exit(self):
        # type: () -> Optional[Callable[[int], Any]]
        """For ``serve_sockets``; None if there are no shared files."""
        return None if self._directory is None else self._directory.worker_ended


#: Of this program.
METRICS = ProcessMetrics()
