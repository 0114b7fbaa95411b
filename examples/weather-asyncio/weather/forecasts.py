"""ForecastSDK: the weather office's API. Without it there is nothing to answer."""

import json

import waterspout


class ForecastSDK(waterspout.BaseSDK):
    """Forecasts and measurements by the name of a city."""

    async def today(self, city):
        """Return the forecast, such as ``{"high": 21, "low": 12}``."""
        return await self.fetch_async("GET", "/cities/{city}/today", path={"city": city})

    async def measurements(self, city):
        """Yield each measurement as it arrives: all of them may not fit into memory."""
        response = await self.fetch_async(
            "GET", "/cities/{city}/measurements", path={"city": city}, stream=True)
        async with response:
            async for line in response.iter_lines():
                yield json.loads(line)
