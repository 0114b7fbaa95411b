"""One line for each call, at the level that it deserves, without secrets."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from observed_details import cancelled, done, exchange, failed

import waterspout
from waterspout.instrumentation import LogObserver


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG, logger="waterspout.calls")

    def lines():
        return [(record.levelname, record.getMessage()) for record in caplog.records]

    return lines


def test_line_of_a_call_has_what_an_operator_asks_for(lines):
    """Name, origin, time, SDK, phases, sizes, the connection and the request's id."""
    LogObserver().call_done(done(context=waterspout.CallContext(request_id="4bf92f35")))
    assert lines() == [("DEBUG", (
        "200 POST /object/{kind} (http://10.0.0.7:8079) 12.5ms upstream=InventorySDK queue=1.0ms "
        "send=9.0ms first_byte=2.0ms body=0.5ms sent=34 received=2048 reused=yes id=4bf92f35"))]


def test_record_has_the_id_for_lines_of_json(caplog):
    """As an attribute, where a formatter finds it; none if there is no id."""
    caplog.set_level(logging.DEBUG, logger="waterspout.calls")
    LogObserver().call_done(done(context=waterspout.CallContext(request_id="4bf92f35")))
    LogObserver().call_done(done())
    assert [getattr(record, "request_id", None) for record in caplog.records] == ["4bf92f35", None]


def test_what_is_not_known_is_left_out(lines):
    """A call without a name, on a transport that measures nothing."""
    LogObserver().call_done(done(
        operation=None, upstream=None, request_bytes=None, received=None,
        exchanges=(exchange(moments=None),)))
    assert lines() == [("DEBUG", "200 POST (http://10.0.0.7:8079) 12.5ms")]


def test_exchanges_and_attempts_are_said_if_there_were_several(lines):
    """Phases are the sums of all exchanges."""
    LogObserver().call_done(done(exchanges=(exchange(307), exchange(attempts=2, reused=False))))
    (_, line), = lines()
    assert " queue=2.0ms send=18.0ms first_byte=4.0ms body=1.0ms exchanges=2 attempts=3 " in line
    assert line.endswith(" reused=no")


@pytest.mark.parametrize("slow, status, level", [
    (1.0, 200, "DEBUG"),
    (1.0, 404, "DEBUG"),
    (1.0, 500, "WARNING"),
    (1.0, 503, "WARNING"),
    (0.0125, 200, "WARNING"),
    (0.0, 200, "WARNING"),
    (None, 200, "DEBUG"),
    (1, 200, "DEBUG"),
])
def test_slow_calls_and_errors_of_the_server_are_warnings(lines, slow, status, level):
    """A call that took as long as ``slow`` is slow."""
    moment = done(status)
    LogObserver(slow=slow and slow + (moment.seconds - 0.0125)).call_done(moment)
    assert [each for each, _ in lines()] == [level]


def test_failed_call_is_one_line_with_class_phase_and_text(lines):
    """At WARNING, however short it was."""
    error = waterspout.ConnectTimeout("nothing\r\nwithin 3 s")
    LogObserver().call_failed(failed(error))
    assert lines() == [("WARNING", (
        "failed POST /object/{kind} (http://10.0.0.7:8079) 3000.0ms upstream=InventorySDK sent=34"
        ": ConnectTimeout in connect: nothing within 3 s"))]


def test_error_without_a_phase_is_logged(lines):
    """Such as that of a hook; its text may be in any script."""
    LogObserver().call_failed(failed(ValueError(u"\u4e2d"), phase=None))
    (level, line), = lines()
    assert level == "WARNING"
    assert ": ValueError: " in line


def test_cancelled_call_is_at_debug(lines):
    """Though it took longer than ``slow``: the caller did not want to wait."""
    LogObserver(slow=0).call_cancelled(cancelled())
    (level, line), = lines()
    assert level == "DEBUG"
    assert line.startswith("cancelled POST /object/{kind} (http://10.0.0.7:8079) 3000.0ms")


@pytest.mark.parametrize("changed", [
    {"method": "GET\r\nERROR forged"},
    {"operation": "/x\nERROR forged"},
    {"context": waterspout.CallContext(request_id="1\nERROR forged")},
])
def test_no_value_can_begin_a_line(lines, changed):
    """A call that is refused has what the program gave."""
    LogObserver().call_failed(failed(ValueError("no"), **changed))
    (_, line), = lines()
    assert "\n" not in line and "\r" not in line
    assert " ERROR forged" in line


def test_what_is_below_the_level_is_not_made(caplog):
    """Nothing of the detail but its time and status is looked at."""
    caplog.set_level(logging.WARNING, logger="waterspout.calls")
    observer = LogObserver()
    observer.call_done(done(exchanges=None, context=object()))
    observer.call_cancelled(cancelled(context=object()))
    assert caplog.records == []


def test_logger_may_be_given(caplog):
    """By name, or itself."""
    caplog.set_level(logging.DEBUG, logger="mine")
    for logger in ("mine", logging.getLogger("mine")):
        LogObserver(logger=logger).call_done(done())
    assert [record.name for record in caplog.records] == ["mine", "mine"]


@pytest.mark.parametrize("arguments, error, message", [
    ({"slow": "1"}, TypeError, "slow must be a number of seconds or None, not '1'"),
    ({"slow": -1}, ValueError, "slow must be 0 or more, not -1"),
    ({"slow": float("nan")}, ValueError, "slow must be 0 or more, not nan"),
    ({"logger": 5}, TypeError, "logger must be a logging.Logger or the name of one, not 5"),
])
def test_wrong_argument_is_named(arguments, error, message):
    """At once."""
    with pytest.raises(error) as caught:
        LogObserver(**arguments)
    assert str(caught.value) == message
