from __future__ import absolute_import, division, print_function

import signal

import pytest
from sandbox_process import Sandbox


@pytest.fixture
def start_in():
    """Starts sandboxes on a file in a folder; kills those that a failed test leaves behind."""
    started = []

    def start_in(folder, *arguments, **more):
        sandbox = Sandbox(folder.join("sandbox.db"), "--port=0", *arguments, **more)
        started.append(sandbox)
        return sandbox.wait_until_ready()

    yield start_in
    for sandbox in started:
        if sandbox.process.poll() is None:
            sandbox.end(signal.SIGKILL)


@pytest.fixture
def start(start_in, tmpdir):
    """Starts sandboxes on one file."""
    return lambda *arguments: start_in(tmpdir, *arguments)
