"""The application. It is Tornado's, and so are its handlers."""

import logging

from tornado import web

from rates.upstream import BankFailed, UnknownCurrency, rate

log = logging.getLogger("rates")


class ConvertHandler(web.RequestHandler):
    """``/convert?from=EUR&to=NOK&amount=10``"""

    async def get(self):
        base, quote = self.get_argument("from"), self.get_argument("to")
        try:
            amount = float(self.get_argument("amount", "1"))
        except ValueError:
            raise web.HTTPError(400, reason="amount must be a number")
        try:
            self.write({"amount": amount * await rate(base, quote), "currency": quote})
        except UnknownCurrency:
            raise web.HTTPError(400, reason="unknown currency")
        except BankFailed as error:
            log.warning("the bank failed: %s", error)
            raise web.HTTPError(502, reason="the bank does not answer")


def make_app():
    return web.Application([(r"/convert", ConvertHandler)])
