"""An application with API keys: who gets in, what others are told, and what the log has."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from client_fixtures import Client

from waterspout import service
from waterspout.testing import AppTransport

SEARCHER, WRITER, EXPIRED = service.make_api_key(), service.make_api_key(), service.make_api_key()
STRANGER = service.make_api_key()


class WhoHandler(service.JSONHandler):
    asked = 0

    def get(self):
        type(self).asked += 1
        principal = self.principal
        self.write_json(None if principal is None else [principal.name, principal.key_id])

    post = get


class OwnHandler(service.JSONHandler):
    """Has used the name for something else."""

    def initialize(self):
        self.principal = "of my own"

    def get(self):
        self.write_json(self.principal)


def keys(**options):
    def entry(new, name, allow, **fields):
        return dict(fields, name=name, id=new.id, sha256=new.sha256, allow=allow)

    return service.APIKeys([
        entry(SEARCHER, "searcher", ["search"]),
        entry(WRITER, "writer", ["*"]),
        entry(EXPIRED, "expired", ["*"], expires="2026-01-01"),
    ], permissions={"search": ["GET /search"]}, **options)


@pytest.fixture
def make_client(io_loop, caplog):
    clients = []

    def make(**arguments):
        arguments.setdefault("api_keys", keys())
        application = service.Application(
            [("/search/.*", WhoHandler), ("/import", WhoHandler), ("/healthz", WhoHandler),
             ("/own", OwnHandler)], **arguments)
        clients.append(Client(io_loop, AppTransport(application), timeout=None))
        return clients[-1]

    for name in ("tornado.access", "tornado.general", "tornado.application", "waterspout"):
        caplog.set_level(logging.INFO, logger=name)
    WhoHandler.asked = 0
    yield make
    for client in clients:
        client.close()


def ask(client, path, method="GET", **headers):
    headers = dict((name.replace("_", "-"), value) for name, value in headers.items())
    return client.run(
        lambda: client.session.request(method, "http://service.test" + path, headers=headers))


def bearer(new):
    return "Bearer " + new.key


@pytest.mark.parametrize("headers", [
    {"Authorization": bearer(SEARCHER)},
    {"Authorization": "bearer  " + SEARCHER.key},
    {"X_API_Key": SEARCHER.key},
    {"X_API_Key": SEARCHER.key, "Authorization": "Basic YTpi"},
])
def test_a_valid_key_is_served(make_client, headers):
    """In either field; handlers see whose it is."""
    response = ask(make_client(), "/search/x?q=1", **headers)
    assert (response.status_code, response.json()) == (200, ["searcher", SEARCHER.id])


@pytest.mark.parametrize("headers, key_id", [
    ({}, "-"),
    ({"Authorization": bearer(STRANGER)}, STRANGER.id),
    ({"Authorization": "Bearer " + WRITER.key[:-1] + "x"}, "-"),
    ({"Authorization": "Bearer " + WRITER.key[:-64] + STRANGER.key[-64:]}, WRITER.id),
    ({"Authorization": bearer(EXPIRED)}, EXPIRED.id),
    ({"Authorization": "Bearer"}, "-"),
    ({"Authorization": "Bearer " + WRITER.sha256}, "-"),
    ({"Authorization": "Basic " + WRITER.key}, "-"),
    ({"Authorization": WRITER.key}, "-"),
    ({"X_API_Key": ""}, "-"),
    ({"X_API_Key": STRANGER.key, "Authorization": bearer(WRITER)}, STRANGER.id),
    ({"X_API_Key": WRITER.key + ", " + WRITER.key}, "-"),
    ({"Cookie": "key=" + WRITER.key}, "-"),
])
def test_without_a_valid_key_the_answer_is_401_whatever_is_wrong(
        make_client, caplog, headers, key_id):
    """The log has the address and the id of the key, and nothing of the secret."""
    response = ask(make_client(), "/search/x", **headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json() == {"error": "a valid API key is needed"}
    assert WhoHandler.asked == 0
    lines = [record.getMessage() for record in caplog.records
             if record.name == "waterspout.service"]
    assert lines == [
        "Refused with 401: no valid key (client 127.0.0.1, key id %s, GET /search/x)" % key_id]
    assert "401 GET /search/x (127.0.0.1)" in caplog.text
    assert "refused by the server (access)" in caplog.text
    for new in (WRITER, STRANGER, EXPIRED):
        assert new.key[-60:-4] not in caplog.text


def test_unknown_paths_need_a_key_too(make_client):
    """Otherwise anybody could find out which paths there are."""
    client = make_client()
    assert ask(client, "/nowhere").status_code == 401
    assert ask(client, "/nowhere", Authorization=bearer(SEARCHER)).status_code == 403
    assert ask(client, "/nowhere", Authorization=bearer(WRITER)).status_code == 404


@pytest.mark.parametrize("method, path", [
    ("POST", "/search/x"), ("GET", "/import"), ("POST", "/import"), ("GET", "/search/../import"),
    ("OPTIONS", "/search/x")])
def test_what_a_key_does_not_permit_is_403(make_client, caplog, method, path):
    client = make_client()
    url = path.replace("..", "%2e%2e")  # Sessions would resolve the dots.
    response = ask(client, url, method, Authorization=bearer(SEARCHER))
    assert response.status_code == 403
    assert response.json() == {"error": "this client may not send this request"}
    assert "WWW-Authenticate" not in response.headers
    assert "searcher may not send it (client 127.0.0.1, key id %s, %s " % (
        SEARCHER.id, method) in caplog.text
    assert WhoHandler.asked == 0


def test_failures_are_logged_at_a_bounded_rate(make_client, caplog):
    """A client that tries keys must not fill the disk. The access log has a line for each."""
    client = make_client()
    for _ in range(100):
        assert ask(client, "/search/x", X_API_Key="wrong").status_code == 401
    names = [record.name for record in caplog.records]
    assert 1 <= names.count("waterspout.service") <= 20
    assert names.count("tornado.access") == 100


def test_public_paths_need_no_key(make_client):
    """Exactly these, and nobody is known there."""
    client = make_client(public_paths=["/healthz"])
    assert ask(client, "/healthz?full=1").json() is None
    assert ask(client, "/healthz", Authorization=bearer(WRITER)).json() is None
    assert ask(client, "/healthz/").status_code == 401
    assert ask(client, "/HEALTHZ").status_code == 401


def test_preflights_of_allowed_origins_need_no_key(make_client):
    """A browser cannot send one with them. The request itself needs it."""
    client = make_client(allowed_origins=["https://tools.example"])
    asked = {"Access_Control_Request_Method": "GET",
             "Access_Control_Request_Headers": "authorization"}
    response = ask(client, "/search/x", "OPTIONS", Origin="https://tools.example", **asked)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Headers"] == "authorization"
    assert ask(client, "/search/x", "OPTIONS", Origin="https://evil.example",
               **asked).status_code == 401
    assert ask(client, "/search/x", Origin="https://tools.example").status_code == 401
    response = ask(client, "/search/x", Origin="https://tools.example",
                   Authorization=bearer(SEARCHER))
    assert response.status_code == 200


def test_own_checks_run_for_known_clients_only(make_client):
    """And see who it is."""
    seen = []

    def check(request):
        seen.append(request.principal and request.principal.name)

    client = make_client(head_checks=[check], public_paths=["/healthz"])
    assert ask(client, "/search/x").status_code == 401
    assert ask(client, "/search/x", Authorization=bearer(SEARCHER)).status_code == 200
    assert ask(client, "/healthz?full=1").status_code == 200
    assert seen == ["searcher", None]


def test_without_keys_everybody_is_served_and_nobody_known(make_client):
    """The default."""
    client = make_client(api_keys=None)
    assert ask(client, "/search/x").json() is None
    assert ask(client, "/search/x?q=1", Authorization="Bearer x").json() is None


def test_handler_may_use_the_name_for_something_else(make_client):
    assert ask(make_client(), "/own", Authorization=bearer(WRITER)).json() == "of my own"


def test_client_certificates_are_needed_where_they_are_demanded(make_client, caplog):
    """A connection without TLS has none."""
    response = ask(make_client(api_keys=None, client_certificates=True), "/import")
    assert (response.status_code, response.json()) == (
        403, {"error": "a client certificate is needed"})
    assert "no client certificate (client 127.0.0.1" in caplog.text


@pytest.mark.parametrize("arguments, error", [
    ({"api_keys": "keys.json"}, TypeError),
    ({"api_keys": []}, TypeError),
    ({"api_keys": keys(), "client_certificates": True}, ValueError),
])
def test_bad_arguments_are_refused_at_once(arguments, error):
    with pytest.raises(error) as caught:
        service.Application([], **arguments)
    assert "keys" in str(caught.value)


@pytest.mark.parametrize("paths, error", [
    ("/healthz", TypeError), (["healthz"], ValueError), ([None], ValueError)])
def test_public_paths_that_are_none_are_refused_at_once(paths, error):
    """One text would be a list of characters, and "/" a path that everybody may use."""
    with pytest.raises(error, match="public_paths"):
        service.Application([], api_keys=keys(), public_paths=paths)
