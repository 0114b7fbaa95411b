"""What ``/proc`` says of processes: children, memory, and the connections that one holds."""

from __future__ import absolute_import, division, print_function

import os
import time

from benchmarks.servers.processes import parsed

#: States of a connection in ``/proc/net/tcp`` in which its process may still answer on it.
_ESTABLISHED, _CLOSE_WAIT = "01", "08"


def children(pid):
    # type: (int) -> set[int]
    """Those that are alive; a zombie has ended."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            text = stat(int(name))
            if text is not None and parsed(text).parent == pid and state_of(text) != "Z":
                found.add(int(name))
    return found


def stat(pid):
    # type: (int) -> str | None
    """None: there is no such process."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read()
    except EnvironmentError:
        return None


def state_of(text):
    # type: (str) -> str
    """The letter that stands for the state, of a text from `stat`."""
    return text.rpartition(")")[2].split()[0]


def is_alive(pid):
    # type: (int) -> bool
    text = stat(pid)
    return text is not None and state_of(text) not in "ZX"


def memory_kib(pid):
    # type: (int) -> int | None
    """Memory of its own that is resident, without mapped files; None: it has ended."""
    try:
        with open("/proc/%d/status" % pid) as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1])
    except EnvironmentError:
        pass
    return None


def wait_until_stopped(pid, patience=2.0):
    # type: (int, float) -> bool
    """Wait for the effect of a SIGSTOP; it takes less than a millisecond."""
    deadline = time.time() + patience
    while time.time() < deadline:
        text = stat(pid)
        if text is None:
            return False
        if state_of(text) == "T":
            return True
        time.sleep(0.0005)
    return False


def client_ports(pid, port):
    # type: (int, int) -> set[int]
    """The other side's ports of the connections to ``port`` that a process has accepted."""
    inodes = set()
    folder = "/proc/%d/fd" % pid
    for name in os.listdir(folder):
        try:
            target = os.readlink(os.path.join(folder, name))
        except OSError:
            continue  # It was closed meanwhile.
        if target.startswith("socket:["):
            inodes.add(target[len("socket:["):-1])
    with open("/proc/net/tcp") as file:
        return ports_of(file.read(), port, inodes)


def ports_of(text, port, inodes):
    # type: (str, int, set[str]) -> set[int]
    """Read ``/proc/net/tcp``."""
    found = set()
    for line in text.splitlines()[1:]:
        fields = line.split()
        local, remote, state, inode = fields[1], fields[2], fields[3], fields[9]
        if state in (_ESTABLISHED, _CLOSE_WAIT) and inode in inodes:
            if int(local.partition(":")[2], 16) == port:
                found.add(int(remote.partition(":")[2], 16))
    return found
