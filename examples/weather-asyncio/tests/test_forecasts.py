"""ForecastSDK alone. ``waterspout_mock`` answers every session and SDK of the test."""

import pytest
import waterspout

from weather.forecasts import ForecastSDK


async def test_today(waterspout_mock):
    waterspout_mock.get("http://office.test/cities/oslo/today").respond(json={"high": 4})
    assert await ForecastSDK("office.test").today("oslo") == {"high": 4}


async def test_the_name_of_a_city_is_one_segment_of_the_path(waterspout_mock):
    expected = waterspout_mock.get("/cities/{city}/today").respond(json={"high": 4})
    await ForecastSDK("office.test").today("a/b?c")
    assert expected.sent[0].path == "/cities/a%2Fb%3Fc/today"


async def test_measurements_come_one_by_one(waterspout_mock, waterspout_clock):
    """The second is sent five seconds after the first, and nothing waits for it."""
    waterspout_mock.get("/cities/oslo/measurements").respond(
        pieces=[b'{"celsius": 4}\n', (5, b'{"celsius": 5}\n')])
    measurements = ForecastSDK("office.test").measurements("oslo")
    assert await measurements.__anext__() == {"celsius": 4}
    assert waterspout_clock.elapsed == 0
    await measurements.aclose()


async def test_measurements_that_end_early_are_an_error(waterspout_mock):
    waterspout_mock.get("/cities/oslo/measurements").respond(
        content=b'{"celsius": 4}\n{"celsius": 5}\n').cut_after(20)
    found = []
    with pytest.raises(waterspout.IncompleteBody):
        async for each in ForecastSDK("office.test").measurements("oslo"):
            found.append(each)
    assert found == [{"celsius": 4}]
