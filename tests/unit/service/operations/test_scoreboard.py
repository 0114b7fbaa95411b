"""The scoreboard: records in shared memory, never read half written."""

from __future__ import absolute_import, division, print_function

import os
import random

import pytest

from waterspout.service._operations.scoreboard import Scoreboard


def test_records_that_were_never_written_are_none():
    """One for each index."""
    assert Scoreboard(3).read() == [None, None, None]


def test_last_write_of_a_record_is_read():
    """The other records stay as they are."""
    board = Scoreboard(2)
    for requests in range(5):
        board.write(1, {"requests": requests, "state": "serving"})
    assert board.read() == [None, {"requests": 4, "state": "serving"}]


def test_cleared_record_is_none():
    """Also when it was written several times before, and it can be written again."""
    board = Scoreboard(1)
    board.write(0, {"pid": 1})
    board.write(0, {"pid": 1})
    board.clear(0)
    assert board.read() == [None]
    board.write(0, {"pid": 2})
    assert board.read() == [{"pid": 2}]


def _memory(board):
    return board._memory[:]


def test_record_that_is_half_written_is_never_read():
    """Wherever its writer was killed, the record is the old one or the new one."""
    old, new = {"requests": 1, "text": "a" * 50}, {"requests": 2, "text": "b" * 70}
    for writes_before in (1, 2):
        board = Scoreboard(1, record_bytes=256)
        for _ in range(writes_before):
            board.write(0, old)
        before = _memory(board)
        board.write(0, new)
        after = _memory(board)
        read = []
        for killed_at in range(len(after) + 1):
            board._memory[:] = after[:killed_at] + before[killed_at:]
            read.append(board.read()[0])
        assert [each for each in read if each not in (old, new)] == []
        assert read[0] == old and read[-1] == new


def test_bytes_that_arrive_in_any_order_are_never_read_as_a_record():
    """Another processor may see the words of a write in another order."""
    dice = random.Random(7)
    old, new = {"requests": 1, "text": "a" * 50}, {"requests": 2, "text": "b" * 70}
    board = Scoreboard(1, record_bytes=256)
    board.write(0, old)
    before = _memory(board)
    board.write(0, new)
    after = _memory(board)
    for _ in range(300):
        words = [dice.choice((before, after))[at:at + 8] for at in range(0, len(after), 8)]
        board._memory[:] = b"".join(words)
        assert board.read()[0] in (old, new)


@pytest.mark.parametrize("place", [0, 1])
def test_record_of_random_bytes_is_none(place):
    """Lengths that lead beyond the record too."""
    board = Scoreboard(1, record_bytes=128)
    half = len(board._memory) // 2
    dice = random.Random(3)
    for _ in range(200):
        noise = bytes(bytearray(dice.randrange(256) for _ in range(half)))
        board._memory[place * half:(place + 1) * half] = noise
        assert board.read() == [None]


def test_child_process_writes_what_its_parent_reads():
    """The memory is shared by a fork, in both directions."""
    board = Scoreboard(2)
    board.write(0, {"pid": "parent"})
    pid = os.fork()
    if not pid:
        try:
            board.write(1, {"read": board.read()[0]})
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert board.read() == [{"pid": "parent"}, {"read": {"pid": "parent"}}]


def test_reader_beside_a_writer_never_misses_the_record():
    """Each reading is one whole record: the last one, or the one before."""
    board, writes = Scoreboard(1), 3000
    board.write(0, {"number": 0, "text": ""})
    pid = os.fork()
    if not pid:
        try:
            for number in range(1, writes + 1):
                board.write(0, {"number": number, "text": "x" * (number % 2000)})
        finally:
            os._exit(0)
    last, ended = 0, False
    while not ended:
        ended = os.waitpid(pid, os.WNOHANG)[0] == pid
        record = board.read()[0]
        assert record["text"] == "x" * (record["number"] % 2000)
        assert record["number"] >= last - 1  # Two may be written during one read.
        last = record["number"]
    assert last == writes


def test_record_that_is_too_long_is_shortened_and_says_so():
    """Numbers stay; long texts end with three dots."""
    board = Scoreboard(1, record_bytes=256)
    board.write(0, {"pid": 7, "state": "serving", "last": "z" * 1000})
    record = board.read()[0]
    assert record["pid"] == 7 and record["state"] == "serving"
    assert record["last"].startswith("zzz") and record["last"].endswith("...")


@pytest.mark.parametrize("index", [-1, 2, 99])
def test_index_beyond_the_board_is_an_error(index):
    """A negative one too, which Python would count from the end."""
    board = Scoreboard(2)
    for call in (lambda: board.write(index, {}), lambda: board.clear(index)):
        with pytest.raises(IndexError, match="a scoreboard with 2"):
            call()


@pytest.mark.parametrize("arguments, error", [
    ({"size": 0}, ValueError), ({"size": "2"}, TypeError), ({"size": True}, TypeError),
    ({"size": 1, "record_bytes": 20}, ValueError), ({"size": 1, "record_bytes": 9.5}, TypeError),
])
def test_wrong_sizes_are_refused(arguments, error):
    """The error names the argument."""
    with pytest.raises(error, match="record_bytes" if "record_bytes" in arguments else "size"):
        Scoreboard(**arguments)
