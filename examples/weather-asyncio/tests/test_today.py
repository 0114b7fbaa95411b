"""``/today/CITY``: the client's view of two upstreams that work, fail, or do not answer."""

import waterspout

URL = "http://weather.test/today/oslo"
NO_ANSWER = {"error": "the upstream service did not answer in time"}


async def test_both_answers_are_joined(client, waterspout_mock):
    waterspout_mock.get("http://forecasts.example/cities/oslo/today").respond(json={"high": 4})
    waterspout_mock.get("http://warnings.example/warnings", params={"city": "oslo"}).respond(
        json=[{"text": "Storm"}])
    response = await client.get(URL)
    assert response.json() == {"forecast": {"high": 4}, "warnings": ["Storm"]}


async def test_the_forecast_is_answered_without_the_warnings(client, waterspout_mock):
    """They are asked for once."""
    waterspout_mock.get("/cities/oslo/today").respond(json={"high": 4})
    waterspout_mock.get("/warnings", times=1).fail(waterspout.ConnectError)
    response = await client.get(URL)
    assert response.status_code == 200
    assert response.json() == {"forecast": {"high": 4}, "warnings": None}


async def test_slow_warnings_are_waited_for_one_second(client, waterspout_mock, waterspout_clock):
    waterspout_mock.get("/cities/oslo/today").respond(json={"high": 4})
    waterspout_mock.get("/warnings").never()
    call = client.get(URL)
    await waterspout_clock.advance(1)
    assert call.result().json()["warnings"] is None


async def test_a_slow_forecast_is_a_504(client, waterspout_mock, waterspout_clock):
    waterspout_mock.get("/cities/oslo/today").never()
    waterspout_mock.get("/warnings").respond(json=[])
    call = client.get(URL, timeout=60)
    await waterspout_clock.advance(10)
    response = call.result()  # `await call` would not end if the call was not done.
    assert (response.status_code, response.json()) == (504, NO_ANSWER)


async def test_the_token_goes_to_the_office_and_to_nobody_else(client, waterspout_mock):
    waterspout_mock.get("/cities/oslo/today", headers={"Authorization": "Bearer sesame"}).respond(
        json={})
    waterspout_mock.get("/warnings", headers={"Authorization": None}).respond(json=[])
    assert (await client.get(URL)).status_code == 200


async def test_both_upstreams_see_the_id_of_the_request(client, waterspout_mock):
    waterspout_mock.get("/cities/oslo/today", headers={"X-Request-ID": "abc-1"}).respond(json={})
    waterspout_mock.get("/warnings", headers={"X-Request-ID": "abc-1"}).respond(json=[])
    response = await client.get(URL, headers={"X-Request-ID": "abc-1"})
    assert response.headers["X-Request-ID"] == "abc-1"
