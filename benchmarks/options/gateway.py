"""The gateway's process, with the sources and the options of a variant."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import subprocess
import tempfile
import time

from benchmarks import upstream
from benchmarks.servers.processes import DidNotStart
from benchmarks.soak.programs import clean_environ

#: Seconds for its start and its end: under valgrind it is fifty times as slow.
PATIENCE = 180


@contextlib.contextmanager
def running(python, tree, port, options, under=()):
    # type: (str, str, int, list[str], Iterable[str]) -> Iterator[subprocess.Popen]
    """Have the gateway run for as long as the block takes. Raises DidNotStart.

    Args:
        tree: the folder of the sources.
        under: the command of a program that runs it.
    """
    sources = [os.path.join(tree, "src"), os.path.join(tree, "cmdb", "src")]
    environ = clean_environ({
        "PYTHONPATH": os.pathsep.join(sources), "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1"})
    command = list(under) + [python, "-m", "waterspout_cmdb", "--port=%d" % port] + options
    with tempfile.TemporaryFile(prefix="waterspout-options-") as log:
        process = subprocess.Popen(
            command, env=environ, cwd=tree, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + PATIENCE
            while not upstream.accepts(port, process):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    lines = log.read().decode("utf-8", "replace").strip().splitlines()
                    raise DidNotStart("the gateway does not serve: %s" % "\n".join(lines[-5:]))
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
