"""Descriptors that libcurl opens are closed in programs that are started."""

from __future__ import absolute_import, division, print_function

import fcntl
import os

import pytest

from waterspout.transports.curl.descriptors import (
    new_descriptors_close_on_exec,
    set_close_on_exec,
)


@pytest.fixture
def pipe():
    """Open a pipe that started programs inherit, as libcurl before version 8 does."""
    opened = []

    def open_pipe():
        numbers = os.pipe()
        opened.extend(numbers)
        for number in numbers:
            fcntl.fcntl(number, fcntl.F_SETFD, 0)
        return numbers

    yield open_pipe
    for number in opened:
        os.close(number)


def inherited(number):
    return not fcntl.fcntl(number, fcntl.F_GETFD) & fcntl.FD_CLOEXEC


def test_one_descriptor_is_kept_from_programs(pipe):
    """The other one is inherited as before."""
    reading, writing = pipe()
    set_close_on_exec(reading)
    assert not inherited(reading) and inherited(writing)


def test_descriptors_opened_inside_are_kept_from_programs(pipe):
    """Those that were open before are as they were."""
    before = pipe()
    with new_descriptors_close_on_exec():
        inside = pipe()
    after = pipe()
    assert [inherited(each) for each in before + inside + after] == [
        True, True, False, False, True, True]


def test_a_closed_descriptor_is_an_error():
    """EnvironmentError, of the system."""
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    with pytest.raises(EnvironmentError):
        set_close_on_exec(reading)
