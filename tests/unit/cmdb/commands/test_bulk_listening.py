"""What a person sees while an import runs: lines, or a bar on a terminal."""

from __future__ import absolute_import, division, print_function

import logging
import re

import pytest
from bulk_fakes import Stream, progress
from tornado.escape import to_unicode

from waterspout_cmdb.commands.listening import LineListener, duration, progress_line
from waterspout_cmdb.commands.progress_bar import make_listener

NAME = "waterspout-cmdb import"


def test_lines_come_every_few_seconds():
    stream, now = Stream(), [100.0]
    listener = LineListener(NAME, stream, lambda: now[0], interval=5.0)
    for seconds, rows in ((0, 0), (4, 4000), (5, 5000), (9, 9000), (10, 10000)):
        now[0] = 100.0 + seconds
        listener.on_progress(progress("checking", rows))
    listener.on_progress(progress("sending", 0, 10000))
    now[0] += 5
    listener.on_progress(progress("sending", 5000, 10000, 3900, 1000, 0, 100))
    assert stream.text.split("\n") == [
        NAME + ": checking: 5,000 rows, 1,000 rows/s",
        NAME + ": checking: 10,000 rows, 1,000 rows/s",
        NAME + ": sending: 5,000 of 10,000 rows, 1,000 rows/s, 5 s left; inserted 3,900, "
        "updated 1,000, rejected 100",
        ""]


def test_rows_that_an_earlier_run_has_sent_do_not_count_for_the_speed():
    stream, now = Stream(), [0.0]
    listener = LineListener(NAME, stream, lambda: now[0], interval=5.0)
    listener.on_progress(progress("sending", 90000, 100000))
    now[0] = 10.0
    listener.on_progress(progress("sending", 95000, 100000))
    assert "95,000 of 100,000 rows, 500 rows/s, 10 s left" in stream.text


def test_a_file_is_read_in_bytes():
    assert progress_line(progress("hashing", 5000, 10000), 5000, 1.0) == (
        "reading: 5,000 of 10,000 bytes, 5,000 bytes/s, 1 s left")


def test_the_end_counts_no_rows():
    """They are all done; it is the files that are written."""
    done = progress("finishing", 12, 12, inserted=12)
    assert progress_line(done, 0, 1.0) == "writing the rejects and the report"
    stream = Stream(terminal=True)
    listener = make_listener(NAME, stream=stream)
    listener.on_progress(done)
    listener.close()
    assert "12" not in stream.text


@pytest.mark.parametrize("seconds, text", [
    (-1, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (7500, "2 h 5 min")])
def test_seconds_as_people_read_them(seconds, text):
    assert duration(seconds) == text


def test_quiet_prints_messages_alone():
    stream = Stream()
    listener = make_listener(NAME, quiet=True, stream=stream)
    listener.on_findings(["encoding GB18030"])
    listener.on_progress(progress("checking", 5))
    listener.on_message(u"the CMDB asks\nto wait")
    assert stream.text == NAME + ": the CMDB asks to wait\n"
    assert listener.progress.rows == 5


def test_without_a_terminal_there_is_no_bar():
    stream = Stream()
    assert type(make_listener(NAME, stream=stream)) is LineListener


def test_a_bar_shows_rows_and_counts_for_each_stage():
    pytest.importorskip("tqdm")
    stream = Stream(terminal=True)
    listener = make_listener(NAME, stream=stream)
    listener.on_progress(progress("checking", 0))
    listener.on_progress(progress("checking", 12, 12, rejected=2))
    listener.on_progress(progress("sending", 2, 12))
    listener.on_progress(progress("sending", 12, 12, 8, 2, 0, 2))
    listener.close()
    first, second = [line.split("\r")[-1] for line in stream.text.split("\n")[:2]]
    assert first.startswith("checking: 100%") and "12/12" in first and "rejected 2" in first
    assert second.startswith("sending: 100%") and "rows/s" in second
    assert "inserted 8, updated 2, rejected 2" in second


def screen(text):
    """The lines that a terminal shows; what returns to the beginning of a line overwrites it."""
    shown = []
    for line in to_unicode(text).split("\n"):
        cells = []
        for part in re.sub("\x1b\\[[0-9;]*[A-Za-z]", "", line).split("\r"):
            cells[:len(part)] = part
        shown.append("".join(cells).rstrip())
    return shown


def test_messages_and_the_log_stand_above_the_bar_and_never_in_its_line():
    pytest.importorskip("tqdm")
    stream, root = Stream(terminal=True), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("W %(message)s"))
    root.addHandler(handler)
    try:
        listener = make_listener(NAME, stream=stream)
        listener.on_progress(progress("sending", 3, 12))
        listener.on_message("the CMDB asks to wait")
        logging.getLogger("waterspout.test").warning("a retry")
        listener.on_progress(progress("sending", 12, 12))
        listener.close()
        assert handler.filters == []
    finally:
        root.removeHandler(handler)
    lines = screen(stream.text)
    assert lines[:2] == [NAME + ": the CMDB asks to wait", "W a retry"]
    assert lines[2].startswith("sending: 100%")


def test_without_tqdm_a_terminal_gets_lines(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm", None)
    stream = Stream(terminal=True)
    assert type(make_listener(NAME, stream=stream)) is LineListener
