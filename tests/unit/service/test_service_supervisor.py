"""The supervisor where forking itself fails."""

from __future__ import absolute_import, division, print_function

import errno
import os
import signal

import pytest

from waterspout.service import restarts
from waterspout.service.restarts import MAX_CRASHES
from waterspout.service.supervisor import Supervisor


def nothing(*args):
    pass


@pytest.fixture
def supervisor():
    return Supervisor(nothing, 1, 1.0, nothing, nothing, nothing)


def test_system_without_processes_left_is_given_up_in_the_end(supervisor, monkeypatch, caplog):
    """A fork that fails is tried again like a worker that crashed, then no more."""
    attempts = []

    def fork():
        attempts.append(None)
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(restarts, "FIRST_DELAY", 0.001)
    assert supervisor.run() == 1
    assert len(attempts) == MAX_CRASHES + 1
    assert "A worker cannot be started" in caplog.text
    assert "giving up" in caplog.text


def test_signal_handlers_are_as_before_when_it_returns(supervisor, monkeypatch):
    """Who calls it from a program of their own gets their signals back."""
    before = [signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGINT)]

    def fork():
        os.kill(os.getpid(), signal.SIGTERM)
        raise OSError(errno.EAGAIN, "")

    monkeypatch.setattr(os, "fork", fork)
    assert supervisor.run() == 0
    assert [signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGINT)] == before
