"""Clients that are known by their certificates, on both servers. With sockets: it is TLS."""

from __future__ import absolute_import, division, print_function

import functools

import pytest
from certificates import AUTHORITY, CLIENT, OTHER_NAME, SERVER
from tls_clients import client_context

from waterspout import service

KEY = service.make_api_key()


class WhoHandler(service.JSONHandler):
    def get(self):
        self.write_json([self.principal.name, self.principal.key_id])


def make_app(client_cert="optional", **options):
    tls = service.server_tls(SERVER, client_ca=AUTHORITY, client_cert=client_cert)
    return service.Application([("/who", WhoHandler)], ssl_options=tls, **options)


@pytest.fixture(scope="module")
def api_keys():
    return service.APIKeys([
        {"name": "crm", "certificate": "CN=client", "allow": ["GET /who"]},
        {"name": "ops", "id": KEY.id, "sha256": KEY.sha256, "allow": ["*"]},
    ])


def ask(served, certificate, headers=()):
    with served.connect(client_context(certificate)) as connection:
        answers = []
        for _ in range(2):  # The second time, the certificate is known.
            connection.send(("GET /who HTTP/1.1\r\nHost: a\r\n%s\r\n" % "".join(
                "%s: %s\r\n" % header for header in headers)).encode("ascii"))
            answers.append(connection.read_answer())
        assert answers[0].status == answers[1].status
        return answers[1]


def test_entries_for_certificates_are_found(serve, api_keys):
    """Beside those for keys, in one file."""
    with serve(functools.partial(make_app, api_keys=api_keys)) as served:
        assert ask(served, CLIENT).json == ["crm", None]
        answer = ask(served, None)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert ask(served, OTHER_NAME).status == 401  # Of the same authority, without an entry.
        key = [("Authorization", "Bearer " + KEY.key)]
        assert ask(served, None, key).json == ["ops", KEY.id]
        assert ask(served, CLIENT, key).json == ["ops", KEY.id]
        assert ask(served, CLIENT, [("X-API-Key", "wrong")]).status == 401


def test_every_verified_certificate_is_enough_if_so_configured(serve):
    """The best of its names is that of the client."""
    with serve(functools.partial(make_app, client_certificates=True)) as served:
        assert ask(served, CLIENT).json == ["CN=client", None]
        assert ask(served, OTHER_NAME).json == ["DNS:other.example", None]
        assert ask(served, None).status == 403


def test_certificates_that_were_not_verified_do_not_count(serve):
    """The server did not ask for them."""
    def app():
        return service.Application(
            [("/who", WhoHandler)], ssl_options=service.server_tls(SERVER),
            client_certificates=True)

    with serve(app) as served:
        assert ask(served, CLIENT).status == 403
