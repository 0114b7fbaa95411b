"""What the client sees when the bank fails. ``MockTransport`` fails as a network does."""

import waterspout
from tornado.httpclient import AsyncHTTPClient
from tornado.testing import AsyncTestCase, gen_test
from waterspout.testing import AppTransport, FakeClock, MockTransport, patch_fetch

from rates.app import make_app

URL = "http://rates.test/convert?from=EUR&to=NOK"


class BankFailuresTest(AsyncTestCase):

    def setUp(self):
        super().setUp()
        AsyncHTTPClient.configure("waterspout.PooledHTTPClient")
        self.addCleanup(AsyncHTTPClient.configure, None)
        self.bank = MockTransport()
        patch = patch_fetch(self.bank)
        patch.start()
        self.addCleanup(self.bank.check)
        self.addCleanup(patch.stop)
        # A session is not AsyncHTTPClient: its calls reach the application.
        self.client = waterspout.Session(transport=AppTransport(make_app()), timeout=60)

    async def assert_502(self):
        response = await self.client.get(URL)
        self.assertEqual((response.status_code, response.reason), (502, "the bank does not answer"))

    @gen_test
    async def test_a_bank_that_cannot_be_reached(self):
        self.bank.get("http://bank.example/rates").fail(waterspout.ConnectError)
        await self.assert_502()

    @gen_test
    async def test_a_bank_that_answers_500(self):
        self.bank.get("/rates").respond(500)
        await self.assert_502()

    @gen_test
    async def test_an_answer_without_a_rate(self):
        self.bank.get("/rates").respond(json={"rates": []})
        await self.assert_502()

    @gen_test
    async def test_an_answer_that_is_cut_off(self):
        self.bank.get("/rates").respond(json={"rate": 11.5}).cut_after(5)
        await self.assert_502()

    @gen_test
    async def test_a_bank_that_never_answers(self):
        self.bank.get("/rates").never()
        with FakeClock() as clock:
            answered = self.client.get(URL)
            await clock.advance(5)
        self.assertEqual(answered.result().status_code, 502)

    @gen_test
    async def test_what_is_asked_of_the_bank(self):
        self.bank.get("/rates", params={"base": "EUR", "quote": "NOK"}).respond(json={"rate": 11.5})
        response = await self.client.get(URL)
        self.assertEqual(response.json(), {"amount": 11.5, "currency": "NOK"})
