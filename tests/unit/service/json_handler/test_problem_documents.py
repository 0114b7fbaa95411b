"""Errors as problem documents (RFC 9457), from handlers and from an application's other parts."""

from __future__ import absolute_import, division, print_function

import re

import pytest
from client_fixtures import Client

import waterspout
from waterspout import service
from waterspout.service._json_handler.problem_document import problem_document
from waterspout.testing import AppTransport


class Fails(service.JSONHandler):
    @staticmethod
    def json_validator(body):
        return [("/a b/%", "is odd")]

    def get(self, how):
        if how == "refusal":
            raise service.Refusal(422, u"not today", {"Retry-After": "5"})
        if how == "upstream":
            raise waterspout.ConnectionError("10.0.0.7 is down")
        raise ValueError("internals")

    def post(self, how):
        self.read_json_object()


class Typed(service.ErrorHandler):
    def problem_document(self, problem, exception=None):
        return dict(problem, type="https://errors.example/%d" % problem["status"])


def refuse(request):
    return service.Refusal(401, "no key") if request.path == "/key" else None


@pytest.fixture
def make_client(io_loop):
    clients = []

    def make(**keywords):
        keywords.setdefault("problem_documents", True)
        application = service.Application(
            [("/(refusal|upstream|bug)", Fails)], head_checks=[refuse], max_body_bytes=100,
            **keywords)
        clients.append(Client(io_loop, AppTransport(application), timeout=None))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def problem(response):
    assert response.headers["Content-Type"] == "application/problem+json"
    found = response.json()
    assert re.match("urn:request:[0-9a-f]{32}$", found.pop("instance"))
    assert response.headers["X-Request-ID"] in response.text
    return found


@pytest.mark.parametrize("method, path, body, status, title, detail", [
    ("GET", "/refusal", None, 422, "Unprocessable Content", "not today"),
    ("GET", "/upstream", None, 502, "Bad Gateway",
     "the connection to the upstream service broke"),
    ("POST", "/bug", b"{", 400, "Bad Request", None),
    ("PUT", "/bug", b"", 405, "Method Not Allowed", "this method is not served at this path"),
    ("GET", "/nowhere", None, 404, "Not Found", "nothing is served at this path"),
    ("GET", "/key", None, 401, "Unauthorized", "no key"),
    ("POST", "/bug", b"x" * 101, 413, "Content Too Large",
     "the body is longer than the 100 bytes accepted here"),
])
def test_each_error_is_a_problem_document(
        make_client, method, path, body, status, title, detail):
    """Those that no handler of a route has answered, too."""
    response = make_client().request(method, "http://x.test" + path, data=body)
    found = problem(response)
    assert response.status_code == status
    assert found.pop("detail") == detail or detail is None
    assert found == {"type": "about:blank", "title": title, "status": status}


def test_fields_of_a_refusal_are_kept(make_client):
    assert make_client().get("http://x.test/refusal").headers["Retry-After"] == "5"


def test_bug_is_named_by_its_incident(make_client):
    response = make_client().get("http://x.test/bug")
    found = response.json()
    assert response.status_code == 500 and "internals" not in response.text
    assert found["instance"] == "urn:incident:" + found["incident"]
    assert found["title"] == "Internal Server Error"


def test_errors_of_a_body_have_pointers_as_fragments(make_client):
    """As in the example of RFC 9457 section 3."""
    response = make_client().request("POST", "http://x.test/bug", data=b"{}")
    assert problem(response)["errors"] == [{"detail": "is odd", "pointer": "#/a%20b/%25"}]


def test_hook_may_change_the_document(make_client):
    response = make_client(error_handler=Typed).get("http://x.test/nowhere")
    assert problem(response)["type"] == "https://errors.example/404"


def test_errors_are_as_before_unless_it_is_asked_for(make_client):
    response = make_client(problem_documents=False).get("http://x.test/nowhere")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.json() == {"error": "nothing is served at this path"}


def test_success_is_json(io_loop):
    class Works(service.JSONHandler):
        def get(self):
            self.write_json({})

    client = Client(io_loop, AppTransport(
        service.Application([("/", Works)], problem_documents=True)), timeout=None)
    try:
        response = client.get("http://x.test/")
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    finally:
        client.close()


def test_document_without_an_id_has_no_instance():
    assert problem_document(404, "Not Found", "nothing", None, None, None) == {
        "type": "about:blank", "title": "Not Found", "status": 404, "detail": "nothing"}
