"""The pages for operators on Tornado's own HTTP server, whose connections are other objects."""

from __future__ import absolute_import, division, print_function

from tornado.escape import json_decode
from tornado.testing import AsyncHTTPTestCase

from waterspout import service

SECRET = "0123456789abcdef"


class Hello(service.JSONHandler):
    def post(self):
        self.write_json({"got": self.read_json_object()})


class OperationsOnTornado(AsyncHTTPTestCase):
    def get_app(self):
        return service.Application(
            [("/hello", Hello)],
            head_checks=[lambda request: service.Refusal(401, "a key is needed")
                         if "Authorization" not in request.headers else None],
            operations=service.Operations({"self": lambda: True}, debug_secret=SECRET))

    def test_pages_answer_this_machine_without_a_key(self):
        for path in ("/healthz", "/readyz", "/metrics", "/status"):
            assert self.fetch(path).code == 200
        assert self.fetch("/hello").code == 401

    def test_request_that_a_proxy_has_passed_on_is_refused(self):
        headers = {"X-Forwarded-For": "127.0.0.1", "Authorization": "key"}
        assert self.fetch("/status", headers=headers).code == 404

    def test_process_that_drains_is_not_ready(self):
        self._app.draining = True
        response = self.fetch("/readyz")
        assert (response.code, json_decode(response.body)) == (503, {"status": "draining"})

    def test_debug_page_is_in_place_of_the_response(self):
        headers = {"X-Waterspout-Debug": SECRET, "Authorization": "key"}
        response = self.fetch("/hello", method="POST", body='{"a": "<b>"}', headers=headers)
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert b"&quot;a&quot;: &quot;&lt;b&gt;&quot;" in response.body
        assert self.fetch("/hello", method="POST", body="{}", headers={
            "Authorization": "key"}).code == 200  # On the same connection, or another one.

    def test_refusal_at_the_head_has_a_debug_page(self):
        response = self.fetch("/hello", headers={"X-Waterspout-Debug": SECRET})
        assert b"<title>401 GET /hello</title>" in response.body
