"""Pieces, text and lines of a body that comes bit by bit."""

from __future__ import absolute_import, division, print_function

import codecs

import pytest
from tornado import gen

from waterspout._compat import FUTURES_CANCEL, Future, rejected, resolved
from waterspout._decoding.iterators import Lines, Pieces, TextPieces, checked_size
from waterspout._decoding.lines import LineSplitter
from waterspout.exceptions import ReadError

pytestmark = pytest.mark.usefixtures("current_loop")


def reader(*pieces):
    """Gives these pieces, and then the end."""
    left = list(pieces)
    return lambda: resolved(left.pop(0) if left else b"")


def all_of(items):
    """What `next` gives, to the end."""
    found = []
    while not found or found[-1] != items.end:
        found.append(items.next().result())
    return found[:-1]


@pytest.mark.parametrize("size, pieces", [
    (None, [b"ab", b"cde", b"f"]), (1, [b"a", b"b", b"c", b"d", b"e", b"f"]),
    (4, [b"abcd", b"ef"]), (6, [b"abcdef"]), (100, [b"abcdef"])])
def test_pieces_have_the_size_that_is_asked_for(size, pieces):
    """The last one may be shorter; None leaves them as they come."""
    assert all_of(Pieces(reader(b"ab", b"cde", b"f"), size)) == pieces


@pytest.mark.parametrize("size", [None, 3])
def test_an_empty_body_has_no_pieces(size):
    """Its end comes at once, and stays."""
    pieces = Pieces(reader(), size)
    assert [pieces.next().result() for _ in range(3)] == [b"", b"", b""]


def test_an_error_is_raised_by_the_piece_that_it_hit():
    """Those before it came."""
    error = ReadError("reset")
    left = [resolved(b"1"), rejected(error)]
    pieces = Pieces(lambda: left.pop(0))
    assert pieces.next().result() == b"1" and pieces.next().exception() is error


def test_a_character_may_straddle_pieces():
    """It is text once it is whole; a piece that ends none gives none."""
    data = u"\u4e2d\u6587".encode("utf-8")
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pieces = [data[at:at + 1] for at in range(len(data))]
    assert all_of(TextPieces(reader(*pieces), decoder)) == [u"\u4e2d", u"\u6587"]


def test_a_character_that_is_cut_short_is_replaced():
    """U+FFFD, at the end."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    assert all_of(TextPieces(reader(b"a\xe4"), decoder)) == [u"a", u"\ufffd"]


def test_lines_may_straddle_pieces_and_be_empty():
    """None is the end."""
    lines = Lines(reader(b"a\nb", b"c\n", b"\nd"), LineSplitter(b""))
    assert all_of(lines) == [b"a", b"bc", b"", b"d"]


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
def test_a_wait_that_is_cancelled_loses_nothing():
    """The next one gets the piece."""
    coming = Future()
    left = [coming, resolved(b"2")]
    pieces = Pieces(lambda: left.pop(0))
    pieces.next().cancel()
    coming.set_result(b"1")
    assert pieces.next().result() == b"1" and pieces.next().result() == b"2"


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
@pytest.mark.parametrize("size", [None, 2])
def test_a_piece_may_be_taken_before_the_loop_tells_the_cancelled_wait(
        current_loop, caplog, size):
    """The callback of a read comes an iteration after its result."""
    coming = Future()
    left = [coming, Future()]
    pieces = Pieces(lambda: left.pop(0), size)
    pieces.next().cancel()
    coming.set_result(b"1")
    following = pieces.next()
    assert following.done() == (size is None)
    current_loop.run_sync(lambda: gen.sleep(0))
    assert caplog.text == ""


@pytest.mark.parametrize("size, error_class", [
    (0, ValueError), (-1, ValueError), ("1", TypeError), (1.0, TypeError)])
def test_a_size_is_an_int_above_0(size, error_class):
    """As in requests."""
    with pytest.raises(error_class, match="chunk_size="):
        checked_size(size)
    assert checked_size(None) is None and checked_size(7) == 7
