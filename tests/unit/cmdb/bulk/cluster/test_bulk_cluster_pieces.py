from __future__ import absolute_import, division, print_function

import collections

import pytest

from waterspout_cmdb.bulk.cluster.pieces import pieces_of

Block = collections.namedtuple("Block", "first_row last_row")

#: Rows 2 to 30 of a file with a header.
BLOCKS = [Block(2, 10), Block(11, 20), Block(21, None)]


def pieces(finished=(), refused=(), blocks=BLOCKS):
    return [
        (each.block.first_row, each.first_row, each.last_row, each.refused)
        for each in pieces_of(blocks, finished, refused)]


def test_at_the_beginning_each_block_is_a_piece():
    assert pieces() == [(2, 0, 10, []), (11, 11, 20, []), (21, 21, None, [])]


def test_refused_rows_go_with_their_block():
    assert pieces(refused=[3, 10, 11, 25, 29]) == [
        (2, 0, 10, [3, 10]), (11, 11, 20, [11]), (21, 21, None, [25, 29])]


@pytest.mark.parametrize("finished, expected", [
    ([(0, 10)], [(11, 11, 20, []), (21, 21, None, [])]),
    ([(0, 15)], [(11, 16, 20, []), (21, 21, None, [])]),
    ([(5, 15)], [(2, 0, 4, []), (11, 16, 20, []), (21, 21, None, [])]),
    ([(0, 25)], [(21, 26, None, [])]),
    ([(12, 13), (17, 18)],
     [(2, 0, 10, []), (11, 11, 11, []), (11, 14, 16, []), (11, 19, 20, []), (21, 21, None, [])]),
    ([(0, 20), (24, 26)], [(21, 21, 23, []), (21, 27, None, [])]),
    ([(11, 20)], [(2, 0, 10, []), (21, 21, None, [])]),
    ([(0, 30)], [(21, 31, None, [])]),
])
def test_what_is_finished_is_left_out(finished, expected):
    assert pieces(finished) == expected


def test_refused_rows_are_only_those_of_the_piece():
    assert pieces([(5, 15)], [3, 7, 12, 18]) == [
        (2, 0, 4, [3]), (11, 16, 20, [18]), (21, 21, None, [])]


def test_blocks_with_a_known_end():
    blocks = [Block(0, 10), Block(11, 20)]
    assert pieces([(0, 20)], blocks=blocks) == []
    assert pieces([(3, 12)], blocks=blocks) == [(0, 0, 2, []), (11, 13, 20, [])]


def test_blocks_are_asked_for_one_at_a_time():
    def endless():
        first = 1
        while True:
            yield Block(first, first + 9)
            first += 10

    found = pieces_of(endless(), [(0, 15)], iter([17, 33]))
    assert next(found)[1:] == (16, 20, [17])
    assert next(found)[1:] == (21, 30, [])
    assert next(found)[1:] == (31, 40, [33])
