"""Rows that are kept for the second pass."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.spool import SpooledRows
from waterspout_cmdb.bulk.rows import ABSENT, Row


class Slow(object):
    """Rows that are read slowly; counts how often."""

    def __init__(self, count):
        self.count = count
        self.reads = 0

    def rows(self):
        self.reads += 1
        for each in range(self.count):
            yield Row(each + 2, [u"\u4e2d %d" % each, each, None, True, 0.5, ABSENT])


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000, 1203])
def test_rows_are_read_once_and_come_back_as_they_were(count):
    slow = Slow(count)
    spool = SpooledRows(slow.rows)
    first = list(spool.rows())
    assert len(first) == count
    assert list(spool.rows()) == first
    assert list(spool.rows()) == first
    assert slow.reads == 1
    spool.close()


def test_a_first_pass_that_was_broken_off_is_not_taken_for_all():
    slow = Slow(2000)
    spool = SpooledRows(slow.rows)
    rows = spool.rows()
    assert [next(rows) for _ in range(1200)]
    assert len(list(spool.rows())) == 2000
    assert slow.reads == 2
    spool.close()


def test_dates_and_absent_cells_are_the_same_afterwards():
    cells = [datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3), ABSENT]
    spool = SpooledRows(lambda: iter([Row(1, cells)]))
    list(spool.rows())
    (row,) = spool.rows()
    assert row.cells == cells
    assert row.cells[2] is ABSENT
    spool.close()


def test_no_folder_for_it():
    spool = SpooledRows(Slow(600).rows, "/nonexistent")
    with pytest.raises(BulkError) as caught:
        list(spool.rows())
    assert "/nonexistent" in str(caught.value)
