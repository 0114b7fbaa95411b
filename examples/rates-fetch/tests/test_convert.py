"""The application on a port of its own; its fetches are answered by the fake bank."""

import json
import urllib.parse

from fake_bank import make_fake_bank
from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.testing import AsyncHTTPTestCase
from waterspout.testing import AppTransport, patch_fetch

from rates.app import make_app


class ConvertTest(AsyncHTTPTestCase):

    def setUp(self):
        AsyncHTTPClient.configure("waterspout.PooledHTTPClient")
        self.addCleanup(AsyncHTTPClient.configure, None)
        super().setUp()
        patch = patch_fetch(AppTransport(make_fake_bank()))
        patch.start()
        self.addCleanup(patch.stop)

    def get_app(self):
        return make_app()

    def get_http_client(self):
        """For ``self.fetch``: a client of another class than the one whose fetches are patched."""
        return SimpleAsyncHTTPClient()

    def convert(self, **arguments):
        return self.fetch("/convert?" + urllib.parse.urlencode(arguments))

    def test_an_amount_is_converted(self):
        response = self.convert(**{"from": "EUR", "to": "NOK", "amount": "10"})
        self.assertEqual(json.loads(response.body), {"amount": 115.0, "currency": "NOK"})

    def test_an_unknown_currency_is_a_400(self):
        response = self.convert(**{"from": "EUR", "to": "XXX"})
        self.assertEqual((response.code, response.reason), (400, "unknown currency"))

    def test_an_amount_that_is_no_number_is_a_400(self):
        response = self.convert(**{"from": "EUR", "to": "NOK", "amount": "ten"})
        self.assertEqual((response.code, response.reason), (400, "amount must be a number"))
