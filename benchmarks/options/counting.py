"""Count the instructions of a gateway's requests, by callgrind."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time

from benchmarks import upstream
from benchmarks.options import client
from benchmarks.servers.processes import DidNotStart
from benchmarks.soak.programs import clean_environ

#: Rounds of requests before those that are counted: connections are made, caches are filled.
WARM_UP = 12

#: Seconds: valgrind is fifty times as slow as the processor.
_START = 180


def needed():
    # type: () -> list[str]
    """Return the programs that are missing here."""
    return [name for name in ("valgrind", "callgrind_control", "openssl", "nginx")
            if upstream.find_program(name) is None]


def instructions(python, tree, variant, folder, key, upstream_url, rounds):
    # type: (str, str, Variant, str, str, str, int) -> float
    """Return the instructions in user mode of one request. Raises DidNotStart, WrongAnswer.

    Args:
        tree: the folder of the sources.
        folder: has the files that the options name.
        key: an API key that the gateway knows.
    """
    port = upstream.free_port()
    with running(python, tree, port, [
            word.format(folder=folder) for word in variant.options] + [
                "--upstream=" + upstream_url]) as (process, output):
        client.run(port, variant, key, WARM_UP)
        control(process.pid, "-i", "on")
        client.run(port, variant, key, rounds)
        control(process.pid, "-i", "off")
        process.send_signal(signal.SIGTERM)
        if process.wait(_START):
            raise DidNotStart("the gateway ended with exit code %d" % process.returncode)
        return total(output) / float(rounds * client.CONCURRENT)


@contextlib.contextmanager
def running(python, tree, port, options):
    # type: (str, str, int, list[str]) -> Iterator[tuple[subprocess.Popen, str]]
    """Have callgrind run the gateway; gives its process and the path of the counts."""
    sources = [os.path.join(tree, "src"), os.path.join(tree, "cmdb", "src")]
    environ = clean_environ({
        "PYTHONPATH": os.pathsep.join(sources), "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1"})
    with tempfile.TemporaryDirectory(prefix="waterspout-options-") as folder:
        output, log = os.path.join(folder, "counts"), os.path.join(folder, "log")
        with open(log, "wb") as file:
            process = subprocess.Popen(
                ["valgrind", "--tool=callgrind", "--instr-atstart=no",
                 "--callgrind-out-file=" + output, python, "-m", "waterspout_cmdb",
                 "--port=%d" % port] + options,
                env=environ, cwd=tree, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        try:
            deadline = time.monotonic() + _START
            while not upstream.accepts(port, process):
                if process.poll() is not None or time.monotonic() > deadline:
                    with open(log, "rb") as file:
                        lines = file.read().decode("utf-8", "replace").strip().splitlines()
                    raise DidNotStart("the gateway does not serve: %s" % "\n".join(lines[-5:]))
            yield process, output
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def control(pid, *words):
    # type: (int, *str) -> None
    """Have callgrind do something, when the process is next running."""
    done = subprocess.run(
        ["callgrind_control"] + list(words) + [str(pid)], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=60)
    if b"OK" not in done.stdout:
        raise DidNotStart("callgrind_control: %s" % done.stdout.decode("utf-8", "replace"))


def total(path):
    # type: (str) -> int
    """Read the sum in a file of callgrind's."""
    with open(path) as file:
        return int(re.findall(r"^(?:summary|totals): ([0-9]+)", file.read(), re.MULTILINE)[-1])
