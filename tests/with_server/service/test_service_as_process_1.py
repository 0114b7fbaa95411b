"""A service as the first process of a container: it also waits for orphans, and only for them."""

from __future__ import absolute_import, division, print_function

import subprocess
import sys

import pytest
from programs import SOURCES

pytestmark = pytest.mark.slow

_UNSHARE = ["unshare", "--pid", "--fork", "--mount-proc"]

#: Prints what has become of an orphan and of a child of its own, and stops.
PROGRAM = """
import os, signal, subprocess, sys, threading, time
from waterspout import service
from waterspout.service._processes import orphans

orphans.OWN_CHILDREN_SECONDS = 0.2
single = sys.modules.get("waterspout.service._processes.single_process")
single.OWN_CHILDREN_SECONDS = 0.2
assert os.getpid() == 1
own = None

def exists(pid):
    return os.path.exists("/proc/%d" % pid)

def start_orphan():
    shell = subprocess.Popen(
        ["sh", "-c", "sleep 0.1 & echo $!"], stdout=subprocess.PIPE, close_fds=True)
    text = shell.stdout.readline()
    shell.stdout.close()
    shell.wait()
    return int(text)

def watch(orphan):
    deadline = time.time() + 20
    while exists(orphan) and time.time() < deadline:
        time.sleep(0.01)
    print("orphan exists: %s" % exists(orphan))
    os.kill(os.getpid(), signal.SIGTERM)

def on_ready():
    global own
    own = subprocess.Popen(["sh", "-c", "exit 7"], close_fds=True)
    thread = threading.Thread(target=watch, args=(start_orphan(),))
    thread.start()

def on_sigchld():
    if own is not None:
        own.poll()

code = service.serve(
    lambda: service.Application([]), 0, processes=int(sys.argv[1]), on_ready=on_ready,
    on_sigchld=on_sigchld)
print("own child: %s" % own.wait())
print("exit code: %s" % code)
"""


def _may_unshare():
    try:
        return subprocess.call(_UNSHARE + ["true"], close_fds=True) == 0
    except EnvironmentError:
        return False


@pytest.mark.parametrize("processes", [1, 2])
def test_orphans_are_waited_for_and_own_children_are_not(processes):
    """Those of the program have the exit code that it asks for."""
    if not _may_unshare():
        pytest.skip("needs the right to make a namespace of processes")
    output = subprocess.check_output(
        ["env", "PYTHONPATH=" + SOURCES] + _UNSHARE
        + [sys.executable, "-c", PROGRAM, str(processes)])
    assert output.decode("ascii").splitlines() == [
        "orphan exists: False", "own child: 7", "exit code: 0"]
