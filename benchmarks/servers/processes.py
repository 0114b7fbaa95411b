"""A server's processes: started, ended, and what they have used. Linux only: it reads ``/proc``."""

from __future__ import absolute_import, division, print_function

import collections
import contextlib
import os
import signal
import subprocess
import sys
import tempfile

from benchmarks import runner, upstream

_TICKS = os.sysconf("SC_CLK_TCK")

#: What ``/proc/PID/stat`` says: the parent's id, and the clock ticks of CPU that the process,
#: with all its threads, and its children that have ended took.
Stat = collections.namedtuple("Stat", "parent ticks")


class DidNotStart(Exception):
    """The text is the last line that the server printed."""


class Server(object):
    """A running server: its port, and the usage of its process and of those it started."""

    def __init__(self, port, process):
        # type: (int, subprocess.Popen) -> None
        self.port = port
        self._process = process

    def cpu_seconds(self):
        # type: () -> float
        """In user and kernel mode, by all threads; it is counted in ticks of 10 ms."""
        stats = _all_stats()
        return sum(stats[pid].ticks for pid in tree(self._process.pid, stats)) / _TICKS

    def memory_kib(self, name="VmRSS"):
        # type: (str) -> int
        """Resident memory; with ``VmHWM`` its peak."""
        return sum(_memory(pid, name) for pid in tree(self._process.pid, _all_stats()))


@contextlib.contextmanager
def running(arguments, port, environ):
    # type: (list[str], int, dict[str, str]) -> Iterator[Server]
    """Have Python run a server on ``port`` for as long as the block takes.

    What it prints, its log included, goes to a file that is thrown away. Raises DidNotStart.
    """
    with tempfile.TemporaryFile(prefix="waterspout-bench-") as output:
        process = subprocess.Popen(
            [sys.executable] + arguments, env=environ, stdout=output, stderr=subprocess.STDOUT,
            cwd=runner.ROOT, preexec_fn=os.setpgrp)
        try:
            if not upstream.accepts(port, process):
                output.seek(0)
                lines = output.read().decode("utf-8", "replace").strip().splitlines()
                raise DidNotStart(lines[-1] if lines else "does not listen")
            yield Server(port, process)
        finally:
            end(process)


def end(process):
    # type: (subprocess.Popen) -> None
    """Kill the process and those that it started: what they still do is of no use."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass  # All of them have ended.
    process.wait()


def tree(pid, stats):
    # type: (int, dict[int, Stat]) -> set[int]
    """Return this process and all that descend from it."""
    found, added = set(), {pid} & set(stats)
    while added:
        found |= added
        added = {child for child, stat in stats.items() if stat.parent in found} - found
    return found


def parsed(text):
    # type: (str) -> Stat
    """Read the line in ``/proc/PID/stat``."""
    # The name, in parentheses, may hold anything.
    fields = text.rpartition(")")[2].split()
    return Stat(int(fields[1]), sum(map(int, fields[11:15])))


def _all_stats():
    # type: () -> dict[int, Stat]
    stats = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as file:
                    stats[int(name)] = parsed(file.read())
            except EnvironmentError:
                pass  # It has just ended.
    return stats


def _memory(pid, name):
    # type: (int, str) -> int
    """Return a field of ``/proc/PID/status`` in KiB."""
    with open("/proc/%d/status" % pid) as file:
        for line in file:
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0
