"""What rows are sent to: a gateway on a sandbox, or the responder."""

from __future__ import absolute_import, division, print_function

import contextlib
import json
import os
import shutil
import tempfile
import urllib.request

from benchmarks.bulk.slowed import slowed
from benchmarks.soak import programs
from benchmarks.upstream import free_port

#: What an import into each of them is bound by.
SANDBOX, RESPONDER = "the sandbox, through the gateway", "a CMDB that takes no time"


class Site(object):
    """Programs that run: ``url`` is the gateway's, ``upstream`` the address of the CMDB."""

    def __init__(self, folder, url, upstream):
        # type: (str, str | None, str) -> None
        self.folder = folder
        self.url = url
        self.upstream = upstream

    def count(self):
        # type: () -> int
        """Return the number of hosts in the CMDB, by the gateway's search."""
        request = urllib.request.Request(
            self.url + "/cmdb/search/HOST", data=b'{"query": {}, "page_size": 1}')
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["data"]["data"]["total"]


@contextlib.contextmanager
def sandbox(python):
    # type: (str) -> Iterator[Site]
    """An empty sandbox, and a gateway with one process, as their commands start them."""
    with _folder() as folder:
        cmdb = programs.sandbox(python, free_port(), folder)
        gateway = programs.gateway("gateway", python, free_port(), cmdb.port, folder, [])
        with _running(cmdb, gateway):
            yield Site(folder, "http://127.0.0.1:%d" % gateway.port, "127.0.0.1:%d" % cmdb.port)


@contextlib.contextmanager
def responder(python):
    # type: (str) -> Iterator[Site]
    with _folder() as folder:
        port = free_port()
        program = programs.Program(
            "responder", [python, "-m", "benchmarks.bulk.responder", str(port)], port, folder,
            sources())
        with _running(program):
            yield Site(folder, None, "127.0.0.1:%d" % port)


@contextlib.contextmanager
def dask(python, workers, distributed, share=1.0):
    # type: (str, int, str, float) -> Iterator[str]
    """A scheduler and its workers, as docs/import-cluster.md starts them; give its address.

    Args:
        distributed: the folder where the package is installed, or empty.
        share: the part of the time for which each worker runs.
    """
    variables = sources(distributed)
    with _folder() as folder:
        port = free_port()
        address = "tcp://127.0.0.1:%d" % port
        scheduler = programs.Program("scheduler", [
            python, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
            "--port", str(port), "--no-dashboard"], port, folder, variables)
        started = [scheduler]
        for number in range(workers):
            own = free_port()
            started.append(programs.Program("worker-%d" % number, [
                python, "-m", "distributed.cli.dask_worker", address, "--no-nanny",
                "--no-dashboard", "--nthreads", "2", "--host", "127.0.0.1",
                "--worker-port", str(own), "--local-directory", folder], own, folder, variables))
        with _running(*started), slowed([each.pid for each in started[1:]], share):
            yield address


def sources(*more):
    # type: (*str) -> dict[str, str]
    """Return the environment variables with which Python finds the sources, and these folders."""
    places = [programs.ROOT] + [os.path.join(programs.ROOT, *parts)
                                for parts in (("src",), ("cmdb", "src"))]
    return {"PYTHONPATH": os.pathsep.join(places + [folder for folder in more if folder])}


@contextlib.contextmanager
def _folder():
    folder = tempfile.mkdtemp(prefix="waterspout-bulk-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _running(*started):
    try:
        for program in started:
            program.start()
        yield
    finally:
        for program in reversed(started):
            program.end()
