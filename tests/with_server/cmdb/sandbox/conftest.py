from __future__ import absolute_import, division, print_function

import signal

import pytest
from sandbox_process import Sandbox


@pytest.fixture
def start(tmpdir):
    """Starts sandboxes on one file; kills those that a failed test leaves behind."""
    started = []

    def start(*arguments):
        sandbox = Sandbox(tmpdir.join("sandbox.db"), "--port=0", *arguments)
        started.append(sandbox)
        return sandbox.wait_until_ready()

    yield start
    for sandbox in started:
        if sandbox.process.poll() is None:
            sandbox.end(signal.SIGKILL)
