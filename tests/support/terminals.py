"""Programs under test on a terminal of their own."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

from programs import SOURCES, start_session
from raw_server import PATIENCE

#: What moves the cursor, or sets colours.
_ESCAPES = re.compile(u"\x1b\\[[0-9;?]*[A-Za-z]")


class Terminal(object):
    """A Python program whose standard streams are a terminal of 100 columns, as at a person's.

    Attributes:
        shown (text): all that it has written so far; ^C that was typed is shown, too.
    """

    def __init__(self, arguments, environment=None, cwd=None):
        env = dict((k, v) for k, v in os.environ.items() if not k.startswith("WATERSPOUT_"))
        env.update(PYTHONPATH=SOURCES, PYTHONDONTWRITEBYTECODE="1", TERM="xterm", LANG="C.UTF-8",
                   PYTHONIOENCODING="utf-8")
        env.update(environment or {})
        self.shown = u""
        self._fd, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        try:
            self.process = subprocess.Popen(
                [sys.executable] + list(arguments), stdin=other, stdout=other, stderr=other,
                env=env, cwd=cwd and str(cwd), close_fds=True, preexec_fn=_own_the_terminal)
        finally:
            os.close(other)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if error[0] is not None:
            sys.stderr.write("--- terminal\n%r\n" % self.shown)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._fd)

    def type(self, text):
        """Type this; "\x03" is Ctrl-C."""
        os.write(self._fd, text.encode("utf-8"))

    def signal(self, signum):
        os.kill(self.pid, signum)

    def wait_for(self, pattern):
        """Read until what was written matches."""
        deadline = time.time() + PATIENCE
        while not re.search(pattern, self.shown):
            assert self._read(deadline), "it ended before %r: %r" % (pattern, self.shown)

    def wait(self):
        """Read to the end; return the exit code, or minus the signal's number."""
        deadline = time.time() + PATIENCE
        while self._read(deadline):
            pass
        return self.process.wait()

    @property
    def lines(self):
        """The lines as they stand there at the end: what returns to its beginning overwrites it."""
        return [screen_line(each) for each in self.shown.replace(u"\r\n", u"\n").split(u"\n")]

    def _read(self, deadline):
        assert select.select([self._fd], [], [], max(0, deadline - time.time()))[0], (
            "nothing came: %r" % self.shown)
        try:
            data = os.read(self._fd, 65536)
        except EnvironmentError as error:
            if error.errno != errno.EIO:  # Linux says so where the other end is closed.
                raise
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)


def _own_the_terminal():
    """In the new process: Ctrl-C at this terminal is for it."""
    start_session()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def screen_line(line):
    """What a terminal shows of a line with carriage returns."""
    cells = []
    for part in _ESCAPES.sub(u"", line).split(u"\r"):
        cells[:len(part)] = part
    return u"".join(cells).rstrip()
