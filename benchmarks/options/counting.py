"""Count the instructions of a gateway's requests, by callgrind."""

from __future__ import absolute_import, division, print_function

import os
import re
import signal
import subprocess

from benchmarks import upstream
from benchmarks.options import client, gateway
from benchmarks.servers.processes import DidNotStart

#: Rounds of requests before those that are counted: connections are made, caches are filled.
WARM_UP = 12


def needed():
    # type: () -> list[str]
    """Return the programs that are missing here."""
    return [name for name in ("valgrind", "callgrind_control")
            if upstream.find_program(name) is None]


def instructions(python, tree, variant, site, rounds):
    # type: (str, str, Variant, client.Site, int) -> float
    """Return the instructions in user mode of one request. Raises DidNotStart, WrongAnswer.

    Args:
        tree: the folder of the sources.
        rounds: of requests that are counted.
    """
    port = upstream.free_port()
    output = os.path.join(site.folder, "counts-" + variant.name)
    callgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no",
                 "--callgrind-out-file=" + output]
    with gateway.running(python, tree, port, site.options_of(variant), callgrind) as process:
        client.run(port, variant, site.key, WARM_UP)
        control(process.pid, "-i", "on")
        client.run(port, variant, site.key, rounds)
        control(process.pid, "-i", "off")
        process.send_signal(signal.SIGTERM)
        if process.wait(gateway.PATIENCE):
            raise DidNotStart("the gateway ended with exit code %d" % process.returncode)
        return total(output) / float(rounds * client.CONCURRENT)


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
