# -*- coding: utf-8 -*-
"""Writing to standard streams that are full, closed or lack characters."""

from __future__ import absolute_import, division, print_function

import io
import os
import sys

import pytest

from waterspout.service._processes.standard_streams import announce, flush_standard_streams


@pytest.fixture
def full():
    """A stream on a full disk. Its buffer must be empty in the end: closing it raises nothing."""
    stream = open("/dev/full", "w")
    yield stream
    stream.close()


def test_line_that_cannot_be_written_is_dropped(full):
    """Nothing is raised then, nor when the stream is closed, as Python does at exit."""
    announce("serving", full)


def test_buffered_text_on_a_full_disk_is_dropped(full, monkeypatch):
    """So it is not written again by a forked process or at exit."""
    monkeypatch.setattr(sys, "stdout", full)
    full.write("x")
    flush_standard_streams()


def test_descriptor_is_restored_after_text_was_dropped(full):
    """The disk may have room again later."""
    announce("serving", full)
    assert os.readlink("/proc/self/fd/%d" % full.fileno()) == "/dev/full"


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_missing_and_closed_streams_are_skipped(stream, monkeypatch):
    """Python 3 has None for a descriptor that was closed when it began."""
    if stream is not None:
        stream.close()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    announce("serving")
    flush_standard_streams()


@pytest.mark.skipif(sys.version_info < (3,), reason="str is bytes, which are written as they are")
def test_characters_that_a_terminal_lacks_are_escaped():
    """A path in another script must not suppress the whole line."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    announce(u"data in 数据.db", stream)
    assert raw.getvalue() == b"data in \\u6570\\u636e.db\n"
