"""A bank for tests: a Tornado application with the paths of the real one."""

from tornado import web


class RatesHandler(web.RequestHandler):
    rates = {("EUR", "NOK"): 11.5}

    def get(self):
        rate = self.rates.get((self.get_argument("base"), self.get_argument("quote")))
        if rate is None:
            raise web.HTTPError(404)
        self.write({"rate": rate})


def make_fake_bank():
    return web.Application([(r"/rates", RatesHandler)])
