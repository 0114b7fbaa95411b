"""Whether it was for want of descriptors or memory."""

from __future__ import absolute_import, division, print_function

import errno
import socket
import ssl

import pytest
from leftovers import descriptors_at_first, open_descriptors

from waterspout._net import shortage
from waterspout._net.shortage import is_shortage, lacking, true_cause


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_errors_by_number_are_a_shortage(code):
    """By their number, whatever their class."""
    assert is_shortage(IOError(code, "")) and is_shortage(OSError(code, ""))


def test_other_errors_are_no_shortage():
    """Neither those of the system, nor those whose numbers mean something else."""
    assert not is_shortage(OSError(errno.ECONNREFUSED, ""))
    assert not is_shortage(ssl.SSLError(errno.ENOMEM, ""))
    assert not is_shortage(ValueError())


def test_lacking_returns_the_error_and_leaves_nothing_open(monkeypatch):
    """It opens as many as it is asked for."""
    opened, closed = [], []

    def open_two(path, flags):
        if len(opened) == 2:
            raise OSError(errno.EMFILE, "")
        opened.append(1000 + len(opened))
        return opened[-1]

    monkeypatch.setattr(shortage.os, "open", open_two)
    monkeypatch.setattr(shortage.os, "close", closed.append)
    error = lacking(descriptors=3)
    monkeypatch.undo()
    assert (error.errno, opened, closed) == (errno.EMFILE, [1000, 1001], [1000, 1001])
    before = descriptors_at_first()
    assert lacking(descriptors=3) is None
    assert open_descriptors() == before


@pytest.mark.parametrize("error", [
    socket.gaierror(socket.EAI_NONAME, "no such name"),
    OSError(errno.EBUSY, "libnss-mdns"),
])
def test_lookup_that_fails_without_descriptors_is_a_shortage(monkeypatch, error):
    """getaddrinfo does not say that it could open nothing; the descriptors do."""
    shortage_error = OSError(errno.EMFILE, "Too many open files")

    def refuse(path, flags):
        raise shortage_error

    assert true_cause(error) is error
    monkeypatch.setattr(shortage.os, "open", refuse)
    cause = true_cause(error)
    refused = true_cause(OSError(errno.ECONNREFUSED, ""))
    monkeypatch.undo()
    assert cause.errno == errno.EMFILE
    assert refused.errno == errno.ECONNREFUSED
