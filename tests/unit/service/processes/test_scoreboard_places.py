"""Which records of the scoreboard the workers get."""

from __future__ import absolute_import, division, print_function

import os

import pytest

from waterspout.service._processes.places import Places


@pytest.fixture
def places():
    return Places(2)


def test_each_worker_gets_another_place(places):
    """The lowest first; none when all are taken."""
    assert [places.take().index, places.take().index, places.take()] == [0, 1, None]


def test_place_is_free_again_when_its_worker_has_ended(places):
    """Its record is forgotten, so that nobody sees the worker any more."""
    first, second = places.take(), places.take()
    first.starting()
    second.starting()
    board = first._board
    assert [record["pid"] for record in board.read()] == [os.getpid(), os.getpid()]
    places.give_back(first)
    assert board.read()[0] is None and board.read()[1] is not None
    assert places.take().index == 0


def test_worker_without_a_place_gives_nothing_back(places):
    """It came when none was free."""
    places.give_back(None)
    assert [places.take().index, places.take().index] == [0, 1]
