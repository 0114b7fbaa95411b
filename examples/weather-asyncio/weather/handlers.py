"""The handlers of the service."""

import asyncio
import logging

import waterspout
from waterspout import service

from weather.forecasts import ForecastSDK
from weather.storm_warnings import WarningsSDK

log = logging.getLogger("weather")


class TodayHandler(service.JSONHandler):
    """``/today/CITY``: both upstreams are asked at the same time."""

    async def get(self, city):
        forecast, warnings = await asyncio.gather(
            self.upstream(ForecastSDK).today(city), self.warnings(city))
        self.write_json({"forecast": forecast, "warnings": warnings})

    async def warnings(self, city):
        """Return the warnings, or None if they cannot be had: the forecast is of use alone.

        The call is not repeated: who asks for the weather does not wait for a second attempt.
        """
        try:
            return await self.upstream(WarningsSDK).current(city)
        except waterspout.RequestException as error:
            log.warning("no warnings for request %s: %s", self.request_id, error)
            return None


class MeasurementsHandler(service.JSONHandler):
    """``/measurements/CITY``: lines of JSON, each sent on as soon as it has arrived."""

    async def get(self, city):
        async for each in self.upstream(ForecastSDK).measurements(city):
            self.write({"celsius": each["celsius"]})
            self.write("\n")
            await self.flush()


class CountsHandler(service.JSONHandler):
    """``/counts``: what the observer has counted in this process."""

    def initialize(self, counts):
        self.counts = counts

    def get(self):
        self.write_json(self.counts)
