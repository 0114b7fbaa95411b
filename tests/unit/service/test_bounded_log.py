"""Lines that clients cause are written at a bounded rate."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout.service.bounded_log import BURST, SECONDS_PER_LINE, BoundedLog


class Logger(object):
    name = "test"

    def __init__(self):
        self.lines = []

    def log(self, level, message, *args):
        self.lines.append((level, message % args))


class Clock(object):
    now = 5.0

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += seconds


def make():
    logger, clock = Logger(), Clock()
    return BoundedLog(logger, clock), logger.lines, clock


def test_usual_numbers_of_lines_are_all_written():
    """One in a while is written as it is, with its level and its arguments."""
    log, lines, clock = make()
    for number in range(100):
        log.log(logging.WARNING, "line %d of %s", number, "all")
        clock.advance(SECONDS_PER_LINE)
    assert lines == [(logging.WARNING, "line %d of all" % number) for number in range(100)]


def test_a_flood_is_counted_and_reported_with_the_next_line():
    """The disk does not fill, and nobody believes that there were ten only."""
    log, lines, clock = make()
    for _ in range(BURST + 5000):
        log.log(logging.INFO, "refused")
    assert lines == [(logging.INFO, "refused")] * BURST
    del lines[:]
    clock.advance(SECONDS_PER_LINE * 1.5)
    log.log(logging.INFO, "refused %s", "again")
    log.log(logging.INFO, "refused %s", "again")
    assert lines == [
        (logging.INFO, "refused again (5000 lines like this were left out before)")]
    del lines[:]
    clock.advance(SECONDS_PER_LINE)
    log.log(logging.INFO, "refused")
    assert lines == [(logging.INFO, "refused (1 lines like this were left out before)")]


def test_a_quiet_hour_allows_no_more_than_the_burst():
    """What was not used is not saved up."""
    log, lines, clock = make()
    clock.advance(3600.0)
    for _ in range(BURST * 3):
        log.log(logging.INFO, "refused")
    assert len(lines) == BURST
