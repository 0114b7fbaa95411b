"""``/measurements/CITY``: lines are passed on while they arrive."""

import pytest
import waterspout

URL = "http://weather.test/measurements/oslo"
PIECES = [b'{"celsius": 4, "sensor": 1}\n', (5, b'{"celsius": 5, "sensor": 1}\n')]


async def test_a_line_is_passed_on_before_the_next_has_arrived(
        client, waterspout_mock, waterspout_clock):
    waterspout_mock.get("/cities/oslo/measurements").respond(pieces=PIECES)
    async with client.get(URL, stream=True) as response:
        lines = response.iter_lines()
        assert await lines.__anext__() == b'{"celsius": 4}'
        second = lines.__anext__()
        await waterspout_clock.advance(5)
        assert await second == b'{"celsius": 5}'


async def test_an_error_before_the_first_line_is_a_502(client, waterspout_mock):
    waterspout_mock.get("/cities/oslo/measurements").respond(500)
    assert (await client.get(URL)).status_code == 502


async def test_lines_that_end_early_are_no_success(client, waterspout_mock):
    """The status was sent already; a body without an end says that lines are missing."""
    waterspout_mock.get("/cities/oslo/measurements").respond(
        content=b'{"celsius": 4}\n{"celsius": 5}\n').cut_after(20)
    with pytest.raises(waterspout.IncompleteBody):
        await client.get(URL)
