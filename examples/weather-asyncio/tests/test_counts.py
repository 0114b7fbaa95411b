"""The observer: what it has counted."""

import waterspout


async def test_calls_are_counted_by_their_names(client, waterspout_mock):
    waterspout_mock.get("/cities/{city}/today").respond(json={"high": 4})
    waterspout_mock.get("/warnings").fail(waterspout.ConnectError)
    await client.get("http://weather.test/today/oslo")
    await client.get("http://weather.test/today/bergen")
    counts = (await client.get("http://weather.test/counts")).json()
    assert counts == {
        "GET /cities/{city}/today": {"done": 2, "failed": 0},
        "GET /warnings": {"done": 0, "failed": 2},
    }
