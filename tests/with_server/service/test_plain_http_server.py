"""An Application on Tornado's own HTTPServer, as AsyncHTTPTestCase serves it."""

from __future__ import absolute_import, division, print_function

from tornado.escape import json_decode
from tornado.testing import AsyncHTTPTestCase

from waterspout.service import Application, JSONHandler


class Echo(JSONHandler):
    def post(self):
        self.write_json(self.read_json_object())


class PlainServerTest(AsyncHTTPTestCase):
    """Services are tested in this way."""

    def get_app(self):
        return Application([("/", Echo)])

    def test_request_is_answered(self):
        """With the handler's response, or with an error in JSON."""
        response = self.fetch("/", method="POST", body='{"a": 1}')
        self.assertEqual((response.code, json_decode(response.body)), (200, {"a": 1}))
        self.assertEqual(self.fetch("/nowhere").code, 404)
