"""Records: those that logging makes, but for their caller."""

from __future__ import absolute_import, division, print_function

import logging
import threading
import time

import pytest

from waterspout.service._access_log.records import Records


@pytest.fixture
def logger():
    return logging.Logger("shop.access")


def attributes(record):
    changing = ("created", "msecs", "relativeCreated")
    return {name: value for name, value in vars(record).items() if name not in changing}


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_each_record_is_that_of_logging(logger, level):
    records = Records(logger)
    for number in range(3):
        record = records.make(level, number)
        expected = logger.makeRecord(
            logger.name, level, record.pathname, record.lineno, number, (), None, record.funcName)
        assert attributes(record) == attributes(expected)
        assert type(record) is type(expected)
        assert abs(record.created - expected.created) < 10
        assert abs(record.relativeCreated - expected.relativeCreated) < 10000
        assert 0 <= record.created % 1 * 1000 - record.msecs < 1.01
        assert record.getMessage() == str(number)


def test_a_change_of_a_record_is_not_in_the_next_one(logger):
    """As filters and formatters make them."""
    records = Records(logger)
    for _ in range(3):
        record = records.make(logging.INFO, "a")
        assert not hasattr(record, "tenant")
        record.tenant = "b"


def test_another_thread_has_its_own_name(logger):
    records, names = Records(logger), []
    records.make(logging.INFO, "a")
    thread = threading.Thread(
        target=lambda: names.append(records.make(logging.INFO, "b").threadName), name="other")
    thread.start()
    thread.join()
    assert names == ["other"]
    assert records.make(logging.INFO, "c").threadName == threading.current_thread().name


def test_records_follow_the_time(logger, monkeypatch):
    records = Records(logger)
    first = records.make(logging.INFO, "a")
    later = first.created + 60.5
    monkeypatch.setattr(time, "time", lambda: later)
    second = records.make(logging.INFO, "b")
    assert second.created == later
    assert 60499 < second.relativeCreated - first.relativeCreated < 60501


def test_a_logger_that_makes_its_own_records_is_asked_for_each():
    class Tenants(logging.Logger):
        count = 0

        def makeRecord(self, *args, **kwargs):  # noqa: N802
            record = logging.Logger.makeRecord(self, *args, **kwargs)
            Tenants.count += 1
            record.number = Tenants.count
            return record

    records = Records(Tenants("shop.access"))
    assert [records.make(logging.INFO, "a").number for _ in range(3)] == [1, 2, 3]


@pytest.mark.skipif(not hasattr(logging, "setLogRecordFactory"), reason="Python 2 has none")
def test_the_programs_factory_is_asked_for_each(logger):
    before, made = logging.getLogRecordFactory(), []

    def factory(*args, **kwargs):
        made.append(args)
        return before(*args, **kwargs)

    records = Records(logger)
    records.make(logging.INFO, "a")
    logging.setLogRecordFactory(factory)
    try:
        for _ in range(3):
            records.make(logging.INFO, "b")
    finally:
        logging.setLogRecordFactory(before)
    assert len(made) == 3
