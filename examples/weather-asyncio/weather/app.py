"""The application, and the settings that it takes from the environment."""

import os

import waterspout
from waterspout import service

from weather.forecasts import ForecastSDK
from weather.handlers import CountsHandler, MeasurementsHandler, TodayHandler
from weather.storm_warnings import WarningsSDK
from weather.upstream_counts import UpstreamCounts


def make_app(forecasts="http://forecasts.example", warnings="http://warnings.example", token=""):
    """Return the application.

    Args:
        forecasts, warnings: the addresses of the upstreams.
        token: is sent to the weather office; it never stands in the code.
    """
    observer = UpstreamCounts()
    upstreams = [
        ForecastSDK(
            forecasts, timeout=10, observers=[observer],
            auth=waterspout.HTTPBearerAuth(token) if token else None),
        WarningsSDK(warnings, timeout=1, observers=[observer]),
    ]
    routes = [
        (r"/today/([^/]+)", TodayHandler),
        (r"/measurements/([^/]+)", MeasurementsHandler),
        (r"/counts", CountsHandler, {"counts": observer.counts}),
    ]
    return service.Application(routes, upstreams=upstreams)


def make_app_of_environment():
    """Called in each process that serves."""
    return make_app(
        os.environ["FORECASTS_URL"], os.environ["WARNINGS_URL"],
        token=os.environ.get("FORECASTS_TOKEN", ""))
