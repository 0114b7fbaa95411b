"""The gateway as a program: over TLS on both sides, with keys. With sockets, since that is TLS."""

from __future__ import absolute_import, division, print_function

import json
import os
import shutil
import signal

import pytest
from certificates import AUTHORITY, CLIENT, OTHER_NAME, SERVER, server_context
from programs import Program, wait_until
from raw_client import RawConnection
from raw_server import RawServer, answering, response, then
from tls_clients import client_context

from waterspout import service

KEY = service.make_api_key()
OK = response(b'{"code": 0, "error": "", "message": "", "data": {}}',
              headers=[("Content-Type", "application/json")])


def keys_file(folder, allow):
    path = str(folder / "keys.json")
    with open(path, "w") as file:
        json.dump({"keys": [{"name": "billing", "id": KEY.id, "sha256": KEY.sha256,
                             "allow": allow, "orgs": [5]}]}, file)
    os.chmod(path, 0o600)
    return path


def program(folder, *flags):
    return Program(["-m", "waterspout_cmdb", "--port=0"] + list(flags), cwd=str(folder))


@pytest.mark.slow
def test_a_key_comes_over_tls_and_its_org_goes_over_tls(tmp_path):
    """The CMDB sees the gateway's certificate, and the tenant of the key."""
    cmdb = RawServer(then(OK), tls=server_context(SERVER, clients=AUTHORITY))
    with cmdb, program(
            tmp_path, "--processes=2", "--upstream=https://localhost:%d" % cmdb.port,
            "--upstream-ca=" + AUTHORITY, "--upstream-cert=" + CLIENT, "--tls-cert=" + SERVER,
            "--api-keys=" + keys_file(tmp_path, ["search"])) as gateway:
        port = int(gateway.search(r"gateway on https://127.0.0.1:(\d+)").group(1))
        key = ("Authorization", "Bearer " + KEY.key)
        with RawConnection(port, client_context()) as connection:
            assert connection.post("/cmdb/search/HOST", b"{}").status == 401
            assert connection.post("/cmdb/import/HOST", b"{}", [key]).status == 403
            assert connection.post("/cmdb/search/HOST", b"{}", [key]).status == 200
        (request,) = cmdb.received
        assert dict(request.headers)["org"] == "5"
        assert "Traceback" not in gateway.errors and KEY.key[-64:] not in gateway.errors
        assert "401 POST /cmdb/search/HOST" in gateway.errors


@pytest.mark.slow
@pytest.mark.parametrize("flags, complaint", [
    (["--tls-cert=/nowhere.pem"], "the server's certificate, /nowhere.pem, cannot be read"),
    (["--api-keys=keys.json"], "entry 1 ('billing'): 'serach' is not a permission"),
])
def test_a_file_that_cannot_be_used_ends_the_start_with_one_line(tmp_path, flags, complaint):
    """Before anything listens."""
    keys_file(tmp_path, ["serach"])
    with program(tmp_path, "--upstream=127.0.0.1:9", "--processes=2", *flags) as gateway:
        assert gateway.wait() == 2
        assert complaint in gateway.errors and gateway.errors.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_keys_and_certificates_are_read_again_at_a_reload(tmp_path, processes):
    """A file with a mistake changes nothing. Connections that are open stay open."""
    certificate = str(tmp_path / "server.pem")
    shutil.copyfile(SERVER, certificate)
    keys = keys_file(tmp_path, ["search"])
    cmdb = RawServer(answering(OK))
    with cmdb, program(
            tmp_path, "--processes=%d" % processes, "--upstream=127.0.0.1:%d" % cmdb.port,
            "--tls-cert=" + certificate, "--api-keys=" + keys) as gateway:
        port = int(gateway.search(r"gateway on https://127.0.0.1:(\d+)").group(1))

        def ask():
            """The subject of the certificate, and the statuses of a search and an import."""
            found = []
            for path in ("/cmdb/search/HOST", "/cmdb/import/HOST"):
                with RawConnection(port, client_context()) as connection:
                    subject = connection.socket.getpeercert()["subject"][0][0][1]
                    found.append(connection.post(path, b"{}", [key]).status)
            return tuple([subject] + found)

        key = ("Authorization", "Bearer " + KEY.key)
        assert ask() == ("server", 200, 403)
        keys_file(tmp_path, ["serach"])
        gateway.signal(signal.SIGHUP)
        wait_until(lambda: "'serach' is not a permission" in gateway.errors, "the refusal")
        assert ask() == ("server", 200, 403)
        keys_file(tmp_path, ["import"])
        shutil.copyfile(OTHER_NAME, certificate)
        gateway.signal(signal.SIGHUP)
        wait_until(lambda: ask() == ("other_name", 403, 200), "the reload")
        # Once at the start, once for each reload, and none before the log was set up.
        warnings = [line for line in gateway.errors.splitlines() if "Every user of this" in line]
        assert len(warnings) == 2 and all(" WARNING " in line for line in warnings)
