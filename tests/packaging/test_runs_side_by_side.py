"""What scripts/test does with pytests that run at the same time."""

from __future__ import absolute_import, division, print_function

import os
import signal
import sys
import threading

import pytest
from programs import ROOT

sys.path.insert(0, os.path.join(ROOT, "scripts"))

import runs  # noqa: E402
import side_by_side  # noqa: E402

#: Programs that never end; the second one does not even when it is interrupted.
WAITS = "import sys, time; print('up'); sys.stdout.flush(); time.sleep(100)"
IGNORES = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " + WAITS


#: How a Python ends that gets SIGINT: with its own handler, or before it has one.
INTERRUPTED = (1, -signal.SIGINT)


class ScriptedRun(object):
    """Takes the place of a `runs.Run`: ``script(run, output)`` is what it does."""

    def __init__(self, folder, name, script):
        self.output = str(folder / name)
        self.ended, self.stopped = threading.Event(), threading.Event()
        self._script = script

    def perform(self, output):
        if not self.stopped.is_set():
            self._script(self, output)
        self.ended.set()

    def stop(self):
        self.stopped.set()


def write(output, text):
    output.write(text)
    output.flush()


def test_runs_go_on_at_the_same_time_and_print_in_order(tmp_path, capfd):
    """The second queue ends before the first, and is printed after it."""
    second_ended = threading.Event()

    def first(run, output):
        write(output, b"first begins\n")
        assert second_ended.wait(60)
        write(output, b"first ends\n")

    def second(run, output):
        write(output, b"second\n")
        second_ended.set()

    queues = [[ScriptedRun(tmp_path, "first", first)], [ScriptedRun(tmp_path, "second", second)]]
    side_by_side.perform(queues, 2)
    assert capfd.readouterr().out == "first begins\nfirst ends\nsecond\n"


def test_runs_of_one_queue_come_one_after_another(tmp_path, capfd):
    """Whatever the number of threads."""
    done = []

    def script(run, output):
        assert all(before.ended.is_set() for before in done)
        done.append(run)
        write(output, b"%d\n" % len(done))

    queue = [ScriptedRun(tmp_path, str(number), script) for number in range(5)]
    side_by_side.perform([queue], 3)
    assert (done, capfd.readouterr().out) == (queue, "1\n2\n3\n4\n5\n")


def test_ctrl_c_stops_those_that_run_and_starts_no_more(tmp_path, capfd):
    """What they print on the way out is shown."""
    up = threading.Event()

    def presses_ctrl_c(run, output):
        assert up.wait(60)
        os.kill(os.getpid(), signal.SIGINT)
        assert run.stopped.wait(60)
        write(output, b"first interrupted\n")

    def waits(run, output):
        up.set()
        assert run.stopped.wait(60)
        write(output, b"second interrupted\n")

    def never(run, output):
        write(output, b"started\n")

    scripts = [presses_ctrl_c, waits, never]
    queues = [[ScriptedRun(tmp_path, script.__name__, script)] for script in scripts]
    with pytest.raises(KeyboardInterrupt):
        side_by_side.perform(queues, 2)
    assert capfd.readouterr().out == "first interrupted\nsecond interrupted\n"


@pytest.fixture
def output(tmp_path):
    with open(str(tmp_path / "output"), "wb") as file:
        yield file


def test_a_process_is_interrupted_from_another_thread(output):
    """It gets SIGINT, as pytest does at Ctrl-C."""
    process, codes = runs.Bounded(), []
    thread = threading.Thread(
        target=lambda: codes.append(process.run([sys.executable, "-c", WAITS], None, 60, output)))
    thread.start()
    while thread.is_alive() and os.path.getsize(output.name) == 0:
        thread.join(0.01)
    process.stop()
    thread.join(60)
    assert codes[0] in INTERRUPTED


def test_a_process_that_was_stopped_before_is_not_started(output):
    """Its exit code is that of an interrupt."""
    process = runs.Bounded()
    process.stop()
    assert process.run([sys.executable, "-c", WAITS], None, 60, output) == -signal.SIGINT
    assert os.path.getsize(output.name) == 0


def test_a_process_is_interrupted_even_if_we_ignore_that(output):
    """A shell has its background jobs ignore SIGINT, and new processes inherit it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = runs.Bounded().run([sys.executable, "-c", WAITS], None, 0.01, output)
    finally:
        signal.signal(signal.SIGINT, before)
    assert code in INTERRUPTED


def test_a_process_that_takes_too_long_is_interrupted_and_named(output, capfd):
    """So it can say what it has done. The line says which one: several may run."""
    command = [sys.executable, "-c", WAITS]
    assert runs.Bounded().run(command, None, 0.01, output) in INTERRUPTED
    assert "ended: %s" % sys.executable in capfd.readouterr().err


def test_a_process_that_ignores_that_is_killed(output, monkeypatch):
    """After some seconds."""
    monkeypatch.setattr(runs, "LAST_WORDS", 0.01)
    # Until it runs Python, SIGINT ends it: only then the time begins.
    monkeypatch.setattr(runs.threading, "Timer", after_output(output))
    code = runs.Bounded().run([sys.executable, "-c", IGNORES], None, 0.01, output)
    assert code == -signal.SIGKILL


def after_output(output):
    """Return a Timer that waits for the first output of the process before its time begins."""
    class Timer(threading.Thread):
        def __init__(self, seconds, function, arguments=()):
            super(Timer, self).__init__()
            self._seconds, self._function, self._arguments = seconds, function, arguments
            self._cancelled = threading.Event()

        def run(self):
            while os.path.getsize(output.name) == 0 and not self._cancelled.is_set():
                self._cancelled.wait(0.01)
            if not self._cancelled.wait(self._seconds):
                self._function(*self._arguments)

        def cancel(self):
            self._cancelled.set()

    return Timer
