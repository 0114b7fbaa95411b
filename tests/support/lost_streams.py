"""Standard streams that are gone, for programs under test: ``Program(prepare=...)``."""

from __future__ import absolute_import, division, print_function

import os

#: What a standard stream may be that takes nothing.
KINDS = ("closed", "full disk", "no reader")


def lose(kind, *fds):
    """A function that takes these descriptors from the process that calls it."""

    def prepare():
        for fd in fds:
            if kind == "closed":
                os.close(fd)
            elif kind == "full disk":
                replace(fd, os.open("/dev/full", os.O_RDWR))
            else:
                reader, writer = os.pipe()
                os.close(reader)
                replace(fd, writer)

    return prepare


def replace(fd, other):
    os.dup2(other, fd)
    os.close(other)


def names_of_standard_descriptors(pid):
    """What a process has as its descriptors 0, 1 and 2."""
    return [os.readlink("/proc/%d/fd/%d" % (pid, fd)) for fd in (0, 1, 2)]
