"""Programs under test: real processes, watched from outside."""

from __future__ import absolute_import, division, print_function

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from raw_server import PATIENCE

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SOURCES = os.pathsep.join(
    os.path.join(ROOT, folder) for folder in (os.path.join("cmdb", "src"), "src")
)


def wait_until(condition, what="it"):
    """Return the first true value of ``condition()``."""
    deadline = time.time() + PATIENCE
    while time.time() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("%s did not happen within %g s" % (what, PATIENCE))


def alive(pid):
    """Whether the process runs; a zombie, which only waits to be noticed, does not."""
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except EnvironmentError:
        return False


def children_of(pid):
    """The pids of a process's children."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
            except EnvironmentError:
                continue
            if int(fields[1]) == pid and fields[0] not in "ZX":
                found.append(int(name))
    return found


def start_session():
    os.setsid()
    for signum in (signal.SIGHUP, signal.SIGINT):
        signal.signal(signum, signal.SIG_DFL)


class Program(object):
    """A Python program under test, with what it writes kept for assertions.

    ``prepare()`` is called in the new process first; it may close or replace standard streams.
    Signals do then what they do in a terminal, however the tests were started: nohup ignores
    SIGHUP, and a shell's background job SIGINT.
    """

    def __init__(self, arguments, environment=None, cwd=None, prepare=lambda: None):
        self._output = tempfile.TemporaryFile()
        self._errors = tempfile.TemporaryFile()
        env = dict((k, v) for k, v in os.environ.items() if not k.startswith("WATERSPOUT_"))
        env.update(PYTHONPATH=SOURCES, PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1")
        env.update(environment or {})
        self.process = subprocess.Popen(
            [sys.executable] + arguments,
            stdout=self._output,
            stderr=self._errors,
            stdin=subprocess.PIPE,
            close_fds=True,
            env=env,
            cwd=cwd,
            preexec_fn=lambda: (start_session(), prepare()),
        )
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *error):
        """Leave nothing behind: neither the program nor anything in its session."""
        if error[0] is not None:
            sys.stderr.write("--- stdout\n%s--- stderr\n%s" % (self.output, self.errors))
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self._output.close()
        self._errors.close()

    @property
    def output(self):
        return _content(self._output)

    @property
    def errors(self):
        return _content(self._errors)

    def search(self, pattern):
        """Wait until what it wrote to stdout matches; returns the match."""

        def found():
            match = re.search(pattern, self.output)
            assert match or self.process.poll() is None, "it ended: " + self.errors
            return match

        return wait_until(found, "output like %r" % pattern)

    def signal(self, signum):
        os.kill(self.pid, signum)

    def wait(self):
        """Its exit code."""

        def ended():
            self.process.poll()
            return self.process.returncode is not None

        wait_until(ended, "the end of the program")
        return self.process.returncode


def _content(file):
    # A descriptor of its own: moving the shared position would move the program's as well.
    with open("/proc/self/fd/%d" % file.fileno(), "rb") as copy:
        return copy.read().decode("utf-8", "replace")
