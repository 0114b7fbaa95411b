"""One interpreter's tests: its environment, its pytest, and what came out."""

from __future__ import absolute_import, division, print_function

import io
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from xml.etree import ElementTree

import environment
import interpreters
import plan
import results

#: Seconds: one test, unless it is marked otherwise; and all of one interpreter's tests.
ONE_TEST = 120
ALL_TESTS = 25 * 60
ALL_TESTS_AND_SOAKS = 30 * 60

#: Seconds that pytest gets to say what has failed when its time is over.
LAST_WORDS = 20

#: pytest's exit codes after a run that was not cut short.
PASSED, FAILED, NO_TESTS = 0, 1, 5


def environment_of(interpreter):
    # type: (Interpreter) -> str
    """Return the folder of the environment that this interpreter's tests run in."""
    return os.path.join(environment.ROOT, ".venvs", "test-" + interpreters.minor(interpreter))


class Run(object):
    """The tests of one part of the plan.

    Attributes:
        problems: what went wrong besides tests that failed, a line each.
        counts, ran, failures, left_out, seconds, tornado: what came out; see `results`.
        ended: a threading.Event, set when `perform` is over.
    """

    def __init__(self, part, arguments, whole, strict):
        # type: (plan.Part, list[str], bool, bool) -> None
        self.interpreter, self.slow, self.soak, self.lowest = part
        self.arguments = arguments
        self.whole = whole
        self.strict = strict
        self.folder = environment_of(part.interpreter)
        self.place = self.folder  # Of what pytest reports, and of a Tornado of its own.
        if self.lowest:
            self.place = os.path.join(self.folder, "tornado-" + self.lowest)
        self.tornado = self.lowest or "-"
        self.counts = results.Counts(0, 0, 0)
        self.ran, self.left_out = set(), set()
        self.failures = []
        self.seconds = 0.0
        self.problems = []
        self.ended = threading.Event()
        self._process = Bounded()

    def prepare(self):
        # type: () -> None
        """Make or refresh the environment. Raises environment.Failed."""
        extras = ["test", "threads", "brotli", "zstd"]
        try:
            environment.refresh(self.folder, self.interpreter, extras + ["curl"])
        except environment.Failed:
            if self.strict:
                raise
            environment.refresh(self.folder, self.interpreter, extras)
            environment.say("no pycurl, its tests are skipped: %s" % environment.CURL_NEEDS)
        if self.lowest:
            environment.install_apart(
                environment.python_of(self.folder), self.place, "tornado==" + self.lowest)

    @property
    def output(self):
        # type: () -> str
        """The path of the file for what pytest prints, when it is not to be printed at once."""
        return os.path.join(self.place, "output.txt")

    def perform(self, output=None):
        # type: (BinaryIO | None) -> None
        """Run pytest and collect what it reported; raises nothing but KeyboardInterrupt.

        Args:
            output: a file for what pytest prints; None: it prints where we do, and reads where
                we read.
        """
        try:
            self._perform(output)
        except Exception:
            self.problems.append(traceback.format_exc())
        finally:
            self.ended.set()

    def stop(self):
        # type: () -> None
        """Interrupt pytest, or never start it."""
        self._process.stop()

    def _perform(self, output):
        # type: (BinaryIO | None) -> None
        python = environment.python_of(self.folder)
        environ = dict(
            os.environ,
            STRICT_TESTS="1" if self.strict else "",
            SOAK_TESTS="1" if self.soak else "",
        )
        if self.lowest:
            environ["PYTHONPATH"] = self.place
        ask = [python, "-c", "import tornado; print(tornado.version)"]
        self.tornado = subprocess.check_output(ask, env=environ).decode("ascii").strip()
        title = "Python %s, Tornado %s" % (self.interpreter.version, self.tornado)
        if output is None:
            environment.say(title)
        else:
            output.write(("\nwaterspout: %s\n" % title).encode("ascii"))
            output.flush()
        report = os.path.join(self.place, "results.xml")
        left_out = os.path.join(self.place, "left-out.txt")
        for path in (report, left_out):
            if os.path.exists(path):
                os.remove(path)
        command = [python, "-m", "pytest", "--junitxml", report, "--timeout", str(ONE_TEST)]
        command += ["-o", "cache_dir=" + os.path.join(self.folder, "pytest_cache")]
        command += ["--continue-on-collection-errors"]
        environ["LEAVE_SLOW_TESTS"] = "" if self.slow else left_out
        started = time.time()
        limit = ALL_TESTS_AND_SOAKS if self.soak else ALL_TESTS
        code = self._process.run(command + self.arguments, environ, limit, output)
        self.seconds = time.time() - started
        if os.path.exists(left_out):
            with io.open(left_out, encoding="utf-8") as file:
                self.left_out = set(file.read().splitlines())
        self._collect(code, report)

    def _collect(self, code, report):
        # type: (int, str) -> None
        try:
            self.counts, reported, self.ran, self.failures = results.read(report)
        except (IOError, ElementTree.ParseError):
            self.problems.append("pytest ended (exit code %d) before it could report" % code)
            return
        if code not in (PASSED, NO_TESTS) and not self.counts.failed:
            self.problems.append("pytest ended with exit code %d" % code)
        if self.whole and code in (PASSED, FAILED, NO_TESTS):
            without = [] if self.soak else [plan.SOAK]
            if self.interpreter.version.startswith("2."):
                without.append(os.path.join("tests", "py3"))
            known = reported | set(map(plan.as_reported, self.left_out))
            for path in results.files_not_run(environment.ROOT, known, without):
                self.problems.append("%s was not run" % path)


def _own_group():
    # type: () -> None
    """In the new process: only our signals reach it, and SIGINT does, too.

    A shell that starts us in the background has SIGINT ignored.
    """
    os.setpgrp()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Bounded(object):
    """A process that is killed when it takes too long, and that another thread may interrupt."""

    def __init__(self):
        # type: () -> None
        self._lock = threading.Lock()
        self._process = None
        self._stopped = self._own_group = False

    def run(self, command, environ, limit, output):
        # type: (list[str], dict[str, str], int, BinaryIO | None) -> int
        """Run pytest and return its exit code; end it when it takes more than ``limit`` seconds.

        It is interrupted first, so that it reports what it has, and killed `LAST_WORDS` later:
        with its whole process group, or a server that a test started would keep our output open.
        Where it prints to a terminal it stays in ours, so that a debugger can read the keyboard.
        """
        with self._lock:
            if self._stopped:
                return -signal.SIGINT
            self._own_group = output is not None or not sys.stdin.isatty()
            with open(os.devnull) as nothing:
                self._process = subprocess.Popen(
                    command, env=environ, cwd=environment.ROOT,
                    preexec_fn=_own_group if self._own_group else None,
                    stdin=None if output is None else nothing, stdout=output, stderr=output)

        def interrupt():
            # type: () -> None
            environment.say("still running after %d s, ended: %s" % (limit, command[0]))
            self._signal(signal.SIGINT)

        timers = [threading.Timer(limit, interrupt),
                  threading.Timer(limit + LAST_WORDS, self._signal, [signal.SIGKILL])]
        for timer in timers:
            timer.daemon = True
            timer.start()
        try:
            return self._process.wait()
        except KeyboardInterrupt:
            if self._own_group:
                self._signal(signal.SIGINT)
            self._process.wait()  # pytest says what it did so far.
            raise
        finally:
            for timer in timers:
                timer.cancel()

    def stop(self):
        # type: () -> None
        with self._lock:
            self._stopped = True
            if self._process is not None and self._process.returncode is None:
                self._signal(signal.SIGINT)

    def _signal(self, number):
        # type: (int) -> None
        send = os.killpg if self._own_group else os.kill
        try:
            send(self._process.pid, number)
        except OSError:
            pass  # It has just ended.
