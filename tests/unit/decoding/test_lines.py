"""Lines of a body in pieces are those of the whole body."""

from __future__ import absolute_import, division, print_function

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._decoding.lines import DelimiterSplitter, LineSplitter

BYTES = st.lists(
    st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b"bc", b"\x0b", b"\xc3"]), max_size=12)
TEXT = st.lists(
    st.sampled_from([u"a", u"\r", u"\n", u"\r\n", u"\u2028", u"\x85", u"\x1c"]), max_size=12)


def fed(splitter, pieces):
    lines = []
    for piece in pieces:
        lines += splitter.feed(piece)
    return lines + splitter.finish()


@given(BYTES)
def test_lines_of_sliced_bytes_are_those_of_the_whole(pieces):
    """Wherever a CRLF is cut in two."""
    assert fed(LineSplitter(b""), pieces) == b"".join(pieces).splitlines()


@given(TEXT)
def test_lines_of_sliced_text_are_those_of_the_whole(pieces):
    """Text has more ends of lines than bytes have."""
    assert fed(LineSplitter(u""), pieces) == u"".join(pieces).splitlines()


@given(st.lists(st.sampled_from([b"a", b"-", b"--", b"b-", b"-a-"]), min_size=1, max_size=12),
       st.sampled_from([b"-", b"--", b"-a-", b"--b"]))
def test_a_delimiter_splits_as_in_the_whole(pieces, delimiter):
    """Wherever a delimiter is cut in two, and whatever looks like the beginning of one."""
    assert fed(DelimiterSplitter(delimiter), pieces) == b"".join(pieces).split(delimiter)


@pytest.mark.parametrize("splitter", [LineSplitter(b""), DelimiterSplitter(b"\r\n")])
def test_an_empty_body_has_no_lines(splitter):
    """An empty body has none, where ``b"".split()`` would make one."""
    assert splitter.finish() == []


@pytest.mark.parametrize("make", [lambda: LineSplitter(b""), lambda: DelimiterSplitter(b"\r\n")])
def test_a_line_without_end_takes_linear_time(make):
    """Joining what is held with each piece would copy gigabytes here."""
    started = time.time()
    lines = fed(make(), (b"x" * 4096 for _ in range(20000)))
    assert [len(line) for line in lines] == [20000 * 4096]
    assert time.time() - started < 10
