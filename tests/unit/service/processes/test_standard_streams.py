# -*- coding: utf-8 -*-
"""What is written for people, where they cannot be reached."""

from __future__ import absolute_import, division, print_function

import io
import logging
import os
import sys

import pytest

from waterspout.service._processes.standard_streams import (
    SteadyHandler,
    SteadyLogger,
    announce,
    flush_standard_streams,
)


@pytest.fixture
def full():
    """A stream on a full disk. At its end it holds nothing back: to close it raises nothing."""
    stream = open("/dev/full", "w")
    yield stream
    stream.close()


def test_line_that_cannot_be_written_is_dropped(full):
    """Nothing is raised then, nor when the stream is closed, as Python does at its exit."""
    announce("serving", full)


def test_text_held_back_on_a_full_disk_is_dropped(full, monkeypatch):
    """So it is not written once more by a forked process, or at the exit."""
    monkeypatch.setattr(sys, "stdout", full)
    full.write("x")
    flush_standard_streams()


def test_descriptor_is_the_same_after_something_was_dropped(full):
    """A disk has room again one day."""
    announce("serving", full)
    assert os.readlink("/proc/self/fd/%d" % full.fileno()) == "/dev/full"


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_streams_that_are_not_there_are_passed_over(stream, monkeypatch):
    """None is what Python 3 has for a descriptor that was closed when it began."""
    if stream is not None:
        stream.close()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    announce("serving")
    flush_standard_streams()


@pytest.mark.skipif(sys.version_info < (3,), reason="str is bytes, which are written as they are")
def test_characters_that_a_terminal_lacks_are_escaped():
    """A path in another script is no reason to keep the whole line back."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    announce(u"data in 数据.db", stream)
    assert raw.getvalue() == b"data in \\u6570\\u636e.db\n"


def test_logging_to_a_stream_that_was_closed_raises_nothing(monkeypatch):
    """Python's own handler raises ValueError out of the line that logs."""
    stream = io.StringIO()
    stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    logger = logging.Logger("test")
    logger.addHandler(SteadyHandler(stream))
    logger.error("lost")


def test_log_handler_that_raises_does_not_reach_who_logs():
    """Whatever handler the program has installed."""

    class Broken(logging.Handler):
        def emit(self, record):
            raise RuntimeError("the log server is gone")

    broken = Broken()
    logging.getLogger("waterspout.test").addHandler(broken)
    try:
        log = SteadyLogger("waterspout.test")
        log.info("lost %d", 1)
        log.warning("lost")
        log.error("lost")
        log.exception("lost")
    finally:
        logging.getLogger("waterspout.test").removeHandler(broken)
