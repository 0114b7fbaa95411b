"""TextFormatter: the lines of logging's own Formatter."""

from __future__ import absolute_import, division, print_function

import logging
import sys

import pytest

from waterspout.service._logging.text_formatter import FORMAT, TextFormatter


def record_at(created):
    record = logging.LogRecord("shop", logging.INFO, __file__, 1, "%d of %s", (3, "a"), None)
    record.created, record.msecs = created, (created - int(created)) * 1000
    return record


def test_a_line_is_that_of_a_formatter_of_loggings_own():
    """In one second and in the next, also if the clock was set back."""
    formatter, expected = TextFormatter(), logging.Formatter(FORMAT)
    for created in (1769860800.25, 1769860800.999, 1769860801.0, 1769860799.5, 1785499200.0):
        record = record_at(created)
        assert formatter.format(record) == expected.format(record)


def test_a_traceback_follows_its_line():
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord(
            "shop", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    lines = TextFormatter().format(record).splitlines()
    assert lines[0].endswith(" failed") and lines[-1] == "ValueError: why"


@pytest.mark.parametrize("message", [u"\xe4", "%s", ""])
def test_any_message_is_formatted(message):
    record = logging.LogRecord("shop", logging.INFO, __file__, 1, message, (), None)
    assert TextFormatter().format(record).endswith(message)
