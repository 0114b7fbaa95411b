"""One run of a command: how long it took, and what it used."""

from __future__ import absolute_import, division, print_function

import collections
import os
import subprocess
import time

#: Seconds of the clock, seconds of CPU in user and kernel mode, and the peak of resident memory.
Used = collections.namedtuple("Used", "seconds cpu_seconds peak_mib")


class Failed(Exception):
    """A command ended with another exit code than 0; the text is the end of what it printed."""


def run(command, environ, folder, expected=(0,)):
    # type: (list[str], dict[str, str], str, tuple[int, ...]) -> Used
    """Run a command to its end, with its output in a file of ``folder``. Raises Failed.

    Memory and CPU are those of its process, and of the children that it has waited for.
    """
    path = os.path.join(folder, "command.log")
    with open(path, "wb") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status) if hasattr(
        os, "waitstatus_to_exitcode") else status >> 8
    if process.returncode not in expected:
        with open(path, "rb") as log:
            end = log.read().decode("utf-8", "replace").strip()[-2000:]
        raise Failed("%s ended with exit code %s: %s" % (
            " ".join(command[:6]), process.returncode, end))
    return Used(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
