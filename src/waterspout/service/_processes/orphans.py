"""Waits for orphans, if this process is the first one of its system, as in a container.

A process whose parent has ended becomes a child of process 1. When it ends, it stays in the table
of processes until that one waits for it, and if the table is full, no process can fork. Orphans
cannot be told from child processes that the program has started, and will wait for itself:
`subprocess` would miss their exit code. But the program does that soon, and no process waits for an
orphan. So a child that has ended a while ago is one.
"""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING, monotonic

if TYPE_CHECKING:
    from typing import Callable, Container, Dict, Iterable, List, Optional  # noqa: F401

#: Seconds in which a program waits for a child of its own that has ended.
OWN_CHILDREN_SECONDS = 30.0


class Orphans(object):
    """The ended child processes that no process waits for.

    Args:
        pid (int): of this process. Only process 1 gets orphans.
        ended_children (callable): returns the pids of all children that have ended and were not
            waited for.
    Attributes:
        due (float seconds or None): when to call `step`; None: never.
    """

    def __init__(self, pid=None, ended_children=None):
        # type: (Optional[int], Optional[Callable[[], Iterable[int]]]) -> None
        self._ended_children = ended_children or zombies
        self._since = {}  # type: Dict[int, float]  # By pid: when it was seen first.
        self.due = None  # type: Optional[float]
        if (os.getpid() if pid is None else pid) == 1:
            self.due = monotonic() + OWN_CHILDREN_SECONDS

    def __repr__(self):
        return "<Orphans due=%r>" % self.due

    def step(self, others=()):
        # type: (Container[int]) -> None
        """Wait for those that are orphans by now, if it is time to look.

        Args:
            others: pids that somebody waits for.
        """
        now = monotonic()
        if self.due is None or now < self.due:
            return
        self.due = now + OWN_CHILDREN_SECONDS
        before, self._since = self._since, {}
        for pid in self._ended_children():
            if pid in before and pid not in others:
                _wait_for(pid)
            else:
                self._since[pid] = now


def _wait_for(pid):
    # type: (int) -> None
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError:
        pass  # The program has done so in this moment.


def zombies():
    # type: () -> List[int]
    """Return the pids of this process's children that have ended."""
    found, parent = [], os.getpid()  # type: List[int], int
    try:
        names = os.listdir("/proc")
    except EnvironmentError:
        return found
    for name in names:
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    # After the name of the program, which may have spaces and parentheses.
                    state, ppid = file.read().rsplit(b")", 1)[1].split()[:2]
            except (EnvironmentError, IndexError, ValueError):
                continue  # It is gone.
            if state == b"Z" and int(ppid) == parent:
                found.append(int(name))
    return found
