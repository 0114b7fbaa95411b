"""Forked processes, signals, and the end of the program."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

from net_peers import PoolTestCase, Quick, net_test, soon

HERE = os.path.dirname(os.path.abspath(__file__))


class ProcessesTest(PoolTestCase):
    def setUp(self):
        super(ProcessesTest, self).setUp()
        self.server = Quick(self.io_loop)
        self.peers.append(self.server)
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.stdout.close()
            process.wait()
        super(ProcessesTest, self).tearDown()

    def program(self, *arguments):
        process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "net_program.py")]
            + [str(each) for each in arguments] + [str(self.server.port)],
            stdout=subprocess.PIPE)
        self.processes.append(process)
        return process

    @net_test
    def test_a_forked_child_makes_connections_of_its_own(self):
        """The child makes connections of its own; the parent's are used on as if nothing were.

        On one Session, made and used before the fork.
        """
        process = self.program("fork")
        yield soon(lambda: process.poll() is not None)
        self.assertEqual(process.stdout.read().decode("ascii").split(), [
            "parent", "opened=1", "reused=1",
            "child", "opened=1", "reused=1",
            "parent", "opened=1", "reused=3"])
        self.assertEqual(process.returncode, 0)

    @net_test
    def test_signals_do_not_disturb_calls(self):
        """A system call that a signal interrupts is made again, also on Python 2.7."""
        process = self.program("interrupted", 2000)
        yield soon(lambda: process.poll() is not None)
        self.assertEqual(process.stdout.read().strip(), b"2000 calls, interrupted")
        self.assertEqual(process.returncode, 0)

    @net_test
    def test_program_ends_without_closing(self):
        """Nothing keeps a program alive, and nothing complains, that closes no session."""
        process = self.program("leave")
        yield soon(lambda: process.poll() is not None)
        self.assertEqual((process.stdout.read(), process.returncode), (b"left\n", 0))
