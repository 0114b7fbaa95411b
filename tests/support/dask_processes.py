"""A Dask scheduler and workers as processes on this machine, as `dask` starts them."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import signal
import tempfile

from free_ports import free_port
from programs import HERE, SOURCES, Program, wait_until


class DaskProcesses(object):
    """
    Args:
        workers (int): processes, without nannies, which would start a killed one again.
        threads (int): of each worker.
        environment (dict): environment variables of all the processes.
    Attributes:
        address (str): of the scheduler.
        workers (list of Program)
    """

    def __init__(self, workers=3, threads=2, environment=None):
        self._folder = tempfile.mkdtemp(prefix="dask-")
        self._environment = dict(
            {"PYTHONPATH": os.pathsep.join([SOURCES, HERE])}, **(environment or {}))
        self.address = "tcp://127.0.0.1:%d" % free_port()
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", self.address.rsplit(":", 1)[1],
            "--no-show", "--dashboard-address", "127.0.0.1:0")
        self.workers = []
        try:
            for _ in range(workers):
                self.add_worker(threads)
            self._wait_for("Registered to", workers)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close(*error)

    def add_worker(self, threads=2, environment=None):
        """Start one worker more; it is there when its log says "Registered to"."""
        worker = self._start(
            "worker", self.address, "--host", "127.0.0.1", "--no-nanny", "--no-dashboard",
            "--nthreads", str(threads), "--death-timeout", "30", "--local-directory",
            self._folder, environment=environment)
        self.workers.append(worker)
        return worker

    def kill(self, worker, signum=signal.SIGKILL):
        """End one worker at once, as a machine that loses its power does."""
        worker.signal(signum)
        worker.wait()

    def close(self, *error):
        for program in self.workers + [self.scheduler]:
            program.__exit__(*(error or (None,)))
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait_for(self, text, count):
        def all_there():
            for program in self.workers + [self.scheduler]:
                assert program.process.poll() is None, program.errors
            if "Scheduler at" not in self.scheduler.errors:
                return False
            return sum(text in worker.errors for worker in self.workers) == count

        wait_until(all_there, "the start of %d workers" % count)

    def _start(self, *arguments, **options):
        environment = dict(self._environment, **(options.get("environment") or {}))
        return Program(["-m", "dask"] + list(arguments), environment, cwd=self._folder)


def has_connection(pid, own=None, peer=None):
    """Whether a process has a TCP connection from or to a port of 127.0.0.1."""
    inodes = set()
    for name in os.listdir("/proc/%d/fd" % pid):
        try:
            inodes.add(os.readlink("/proc/%d/fd/%s" % (pid, name)))
        except OSError:
            pass  # Closed in the meantime.
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return any(
        "socket:[%s]" % row[9] in inodes
        and (own is None or row[1] == "0100007F:%04X" % own)
        and (peer is None or row[2] == "0100007F:%04X" % peer)
        for row in rows)
