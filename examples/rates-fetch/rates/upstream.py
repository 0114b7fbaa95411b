"""The bank's API. Nothing in this module knows of Waterspout."""

import json

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.httputil import url_concat

BANK = "http://bank.example"


class UnknownCurrency(Exception):
    """The bank does not know the currency."""


class BankFailed(Exception):
    """The bank did not answer, or not with a rate."""


async def rate(base, quote):
    """Return what one ``base`` costs in ``quote``. Raises: UnknownCurrency, BankFailed."""
    url = url_concat(BANK + "/rates", {"base": base, "quote": quote})
    try:
        response = await AsyncHTTPClient().fetch(url, connect_timeout=2, request_timeout=5)
    except HTTPClientError as error:  # With status 599 also a timeout.
        if error.code == 404:
            raise UnknownCurrency()
        raise BankFailed("status %d" % error.code)
    except OSError as error:  # It cannot be reached.
        raise BankFailed(str(error))
    try:
        return float(json.loads(response.body)["rate"])
    except (ValueError, KeyError, TypeError):
        raise BankFailed("its answer has no rate")
