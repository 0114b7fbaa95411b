"""``python -m waterspout_cmdb``, as a user and as a process manager run it.

The gateway is a process of its own, so the CMDB that it calls has a socket.
"""

from __future__ import absolute_import, division, print_function

import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import threading

import free_ports
import pytest
from lost_streams import KINDS, lose, names_of_standard_descriptors
from programs import SOURCES, Program, alive, children_of, wait_until
from raw_client import RawConnection
from raw_server import RawServer, response, then
from tornado.escape import native_str

import waterspout
from waterspout import service

pytestmark = pytest.mark.slow

ENVELOPE = json.dumps({"code": 0, "error": "", "message": "", "data": {"list": []}}).encode()


def post(program, path, payload):
    with RawConnection(program.port) as connection:
        return connection.post(path, json.dumps(payload).encode())


def run_printed_commands(program):
    """What the gateway answers to each curl line it printed."""
    answers = []
    for line in re.findall(r"^  (curl .*)$", program.output, re.MULTILINE):
        _, url, _, body = shlex.split(line)
        port, path = re.match(r"http://127.0.0.1:(\d+)(/.*)", url).groups()
        assert int(port) == program.port
        with RawConnection(program.port) as connection:
            answers.append(connection.post(path, body.encode()))
    return answers


@pytest.fixture
def refusal(tmp_path):
    """The one line on stderr with which the command refuses to start."""

    def refusal(*arguments, **options):
        command = ["-m", "waterspout_cmdb"] + list(arguments)
        # The default may be taken: another interpreter runs this test at the same time.
        options["environment"] = dict(
            {"WATERSPOUT_SANDBOX_PORT": str(free_ports.free_port())},
            **options.get("environment", {}))
        with Program(command, cwd=str(tmp_path), **options) as program:
            assert program.wait() == 2
            assert program.output == ""
            (line,) = program.errors.splitlines()
            return line

    return refusal


@pytest.fixture
def free_port():
    return free_ports.free_port()


def test_printed_commands_import_and_find_three_hosts(gateway, free_port):
    """As a new user runs them, also after a restart."""
    options = ["--sandbox-port=%d" % free_port, "--processes=2"]
    for inserted, updated in ((3, 0), (0, 3)):
        program = gateway(*options)
        imported, found = run_printed_commands(program)
        assert imported.status == found.status == 200
        counts = imported.json["data"]["data"]
        assert (counts["insert_count"], counts["update_count"]) == (inserted, updated)
        assert sorted(row["name"] for row in found.json["data"]["data"]["list"]) == [
            "db-1", "web-1", "web-2"]  # fmt: skip
        program.signal(signal.SIGINT)
        assert program.wait() == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_sandbox_is_stopped_last_and_properly(gateway, free_port, tmp_path, processes):
    """Afterwards no process runs, the port is free, and the database is undamaged."""
    program = gateway("--sandbox-port=%d" % free_port, "--processes=%d" % processes)
    run_printed_commands(program)
    children = children_of(program.pid)
    assert len(children) == (1 if processes == 1 else 3)
    program.signal(signal.SIGTERM)
    assert program.wait() == 0
    assert not any(map(alive, children))
    database = sqlite3.connect(str(tmp_path / "waterspout-sandbox.db"))
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    assert "Stopped" in program.errors


@pytest.mark.parametrize("processes", [1, 2])
def test_killed_gateway_leaves_neither_workers_nor_sandbox(gateway, free_port, processes):
    """kill -9 of the parent ends all processes that it started."""
    program = gateway("--sandbox-port=%d" % free_port, "--processes=%d" % processes)
    children = children_of(program.pid)
    program.signal(signal.SIGKILL)
    wait_until(lambda: not any(map(alive, children)), "the end of the children")


@pytest.mark.parametrize("processes", [1, 2])
def test_killed_sandbox_is_502_and_one_line(gateway, free_port, processes):
    """The gateway answers 502 in JSON, and logs once how to start the sandbox again."""
    program = gateway("--sandbox-port=%d" % free_port, "--processes=%d" % processes)
    (sandbox,) = [pid for pid in children_of(program.pid) if is_sandbox(pid)]
    os.kill(sandbox, signal.SIGKILL)
    wait_until(lambda: "sandbox CMDB ended" in program.errors, "the line in the log")
    answer = post(program, "/cmdb/search/HOST", {})
    assert answer.status == 502
    assert answer.json["error"] == "the CMDB cannot be reached"
    assert program.errors.count("sandbox CMDB ended") == 1
    assert "-m waterspout_cmdb.sandbox --port=%d --db=" % free_port in program.errors
    program.signal(signal.SIGTERM)
    assert program.wait() == 0


def is_sandbox(pid):
    with open("/proc/%d/cmdline" % pid) as command:
        return "waterspout_cmdb.sandbox" in command.read()


def test_sandbox_db_may_have_any_name(gateway, free_port, tmp_path):
    """Including Chinese and spaces."""
    name = u"\u4e2d \u6587.db"
    program = gateway(
        "--address=127.0.0.1", "--sandbox-port=%d" % free_port, "--sandbox-db=" + native_str(name)
    )
    assert (tmp_path / name).exists()
    assert name in program.output
    children = children_of(program.pid)
    program.signal(signal.SIGKILL)
    wait_until(lambda: not any(map(alive, children)), "the end of the sandbox")
    assert "Traceback" not in program.errors


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_serves_without_standard_streams(tmp_path, free_port, processes, kind):
    """With its sandbox; the exit code is 0, and no socket has their descriptors."""
    port = free_ports.free_port()
    with Program(
        ["-m", "waterspout_cmdb", "--port=%d" % port, "--sandbox-port=%d" % free_port,
         "--processes=%d" % processes],
        cwd=str(tmp_path),
        environment={"PYTHONUNBUFFERED": ""},
        prepare=lose(kind, 0, 1, 2),
    ) as program:  # fmt: skip
        program.port = port
        wait_until(lambda: accepts(port), "serving")
        assert post(program, "/cmdb/search/HOST", {}).status == 200
        for pid in [program.pid] + children_of(program.pid):
            assert not any("socket" in name for name in names_of_standard_descriptors(pid))
        program.signal(signal.SIGTERM)
        assert program.wait() == 0


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except EnvironmentError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_exit_code_is_the_same_without_standard_streams(kind):
    """For a bad option, and for --help."""
    for module, argument, code in (
        ("waterspout_cmdb", "--prot=1", 2),
        ("waterspout_cmdb", "--help", 0),
        ("waterspout_cmdb.sandbox", "--prot=1", 2),
    ):
        with Program(
            ["-m", module, argument],
            environment={"PYTHONUNBUFFERED": ""},
            prepare=lose(kind, 0, 1, 2),
        ) as program:
            assert program.wait() == code, module


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("transport", waterspout.TRANSPORTS)
def test_call_that_is_cut_off_logs_no_unretrieved_error(gateway, transport, processes):
    """The drain ends before the CMDB answers: the exit code is 1."""
    go = threading.Event()
    with RawServer(then(lambda peer: go.wait(30))) as cmdb:
        program = gateway(
            "--upstream=" + cmdb.address, "--transport=" + transport, "--drain-timeout=0.1",
            "--processes=%d" % processes,
        )  # fmt: skip
        with RawConnection(program.port) as connection:
            connection.send(b"POST /cmdb/search/HOST HTTP/1.1\r\nHost: x\r\n"
                            b"Content-Length: 2\r\n\r\n{}")
            wait_until(lambda: cmdb.received, "the call")
            program.signal(signal.SIGTERM)
            wait_until(lambda: "Cut off 1 requests" in program.errors, "the end of the drain")
            go.set()  # A thread that waits for the CMDB would be waited for.
            assert program.wait() == 1
    assert "never" not in program.errors
    assert "Traceback" not in program.errors


def test_ctrl_c_does_not_reach_the_sandbox_early(gateway, free_port):
    """It runs in its own session, which the terminal's Ctrl-C does not reach."""
    program = gateway("--sandbox-port=%d" % free_port)
    (sandbox,) = [pid for pid in children_of(program.pid) if is_sandbox(pid)]
    assert os.getsid(sandbox) == sandbox


def test_thousand_rows_in_one_call(gateway, free_port):
    """A bulk import of common size."""
    program = gateway("--sandbox-port=%d" % free_port)
    rows = [{"name": "host-%d" % n, "cpu": n} for n in range(1000)]
    answer = post(program, "/cmdb/import/HOST", {"keys": ["name"], "datas": rows})
    assert answer.json["data"]["data"]["insert_count"] == 1000


@pytest.mark.parametrize("transport", waterspout.TRANSPORTS)
def test_every_transport_serves(gateway, transport):
    """Each transport gives the same answer, from several processes."""
    with RawServer(then(response(ENVELOPE))) as cmdb:
        program = gateway(
            "--upstream=" + cmdb.address, "--transport=" + transport, "--processes=2",
            "--org=42", "--user=somebody",
        )  # fmt: skip
        assert post(program, "/cmdb/search/HOST", {}).status == 200
        headers = dict(cmdb.received[0].headers)
        assert (headers["org"], headers["user"]) == ("42", "somebody")
        assert cmdb.address in program.output
        program.signal(signal.SIGTERM)
        assert program.wait() == 0


@pytest.mark.parametrize("transport", waterspout.TRANSPORTS)
def test_call_in_flight_is_finished_when_stopped(gateway, transport):
    """After SIGTERM the client still gets the CMDB's answer."""
    go = threading.Event()

    def slow(peer):
        assert go.wait(30)
        peer.send(response(ENVELOPE))

    with RawServer(then(slow)) as cmdb:
        program = gateway("--upstream=" + cmdb.address, "--transport=" + transport)
        with RawConnection(program.port) as connection:
            connection.send(b"POST /cmdb/search/HOST HTTP/1.1\r\nHost: x\r\n"
                            b"Content-Length: 2\r\n\r\n{}")
            wait_until(lambda: cmdb.received, "the call")
            program.signal(signal.SIGTERM)
            wait_until(lambda: "Stopping: " in program.errors)
            go.set()
            answer = connection.read_answer()
            assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert program.wait() == 0


def test_start_server_is_the_same_from_a_program(tmp_path, free_port):
    """``start_server(port, num_processes)`` serves until it is stopped and returns 0."""
    with RawServer(then(response(ENVELOPE))) as cmdb:
        code = (
            "import sys\n"
            "from waterspout_cmdb import start_server\n"
            "sys.exit(start_server(%d, num_processes=2, upstream=%r))"
        ) % (free_port, cmdb.address)
        with Program(["-c", code], cwd=str(tmp_path)) as program:
            program.port = free_port
            wait_until(lambda: len(children_of(program.pid)) == 2, "two workers")
            assert post(program, "/cmdb/search/HOST", {}).status == 200
            program.signal(signal.SIGTERM)
            assert program.wait() == 0


def test_environment_and_file_reach_the_gateway(gateway, tmp_path):
    """Options from all sources in one running gateway."""
    (tmp_path / "gateway.conf").write_bytes(b"org = 7\nuser = 'from-file'\n")
    with RawServer(then(response(ENVELOPE))) as cmdb:
        program = gateway(
            "--config=gateway.conf",
            environment={"WATERSPOUT_USER": "from-env", "WATERSPOUT_UPSTREAM": cmdb.address},
        )
        post(program, "/cmdb/search/HOST", {})
        headers = dict(cmdb.received[0].headers)
    assert (headers["org"], headers["user"]) == ("7", "from-env")


def test_limit_on_a_whole_call_is_an_option(gateway):
    """--total-timeout ends a call that --timeout does not end."""

    def trickle(peer):
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not peer.gone.wait(0.02):
            peer.send(b" ")

    with RawServer(then(trickle)) as cmdb:
        program = gateway("--upstream=" + cmdb.address, "--timeout=30", "--total-timeout=0.5")
        answer = post(program, "/cmdb/import/HOST", {})
    assert answer.status == 504
    assert answer.json["error"] == (
        "the CMDB did not answer in time; the import may have been carried out"
    )


def test_limit_on_bodies_is_an_option(gateway):
    """--max-body-bytes reaches the application."""
    program = gateway("--upstream=127.0.0.1:1", "--max-body-bytes=10")
    answer = post(program, "/cmdb/search/HOST", {"query": "xxxxxxxxxx"})
    assert answer.status == 413


@pytest.mark.parametrize("http_server", service.HTTP_SERVERS)
def test_missing_host_is_an_option_of_each_http_server(gateway, http_server):
    """--allow-missing-host and --http-server reach the server; it stops as the other one does."""
    with RawServer(then(response(ENVELOPE))) as cmdb:
        program = gateway("--upstream=" + cmdb.address, "--allow-missing-host",
                          "--http-server=" + http_server)
        with RawConnection(program.port) as connection:
            connection.send(b"POST /cmdb/search/HOST HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
            assert connection.read_answer().status == 200
            program.signal(signal.SIGTERM)
            assert connection.is_closed_by_peer()
        assert program.wait() == 0


def test_port_in_use_is_one_line(refusal):
    """The exit code is 2, and the sandbox is not started."""
    sockets = service.listen(0)
    port = service.port_of(sockets)
    try:
        line = refusal("--port=%d" % port)
    finally:
        for sock in sockets:
            sock.close()
    assert line == (
        "waterspout_cmdb: cannot listen on 127.0.0.1:%d: the port is in use" % port
    )


def test_sandbox_port_in_use_is_one_line_with_two_remedies(refusal):
    """The most likely cause is a second gateway."""
    sockets = service.listen(0)
    port = service.port_of(sockets)
    try:
        line = refusal("--port=0", "--sandbox-port=%d" % port)
    finally:
        for sock in sockets:
            sock.close()
    assert line == (
        "waterspout_cmdb: the sandbox CMDB does not start: cannot listen on 127.0.0.1:%d: the "
        "port is in use; choose another --sandbox-port, or name a CMDB with --upstream=HOST:PORT"
        % port
    )


def test_sandbox_that_cannot_open_its_file_is_reported(tmp_path, free_port):
    """Its own line has the reason, the gateway's line the remedy."""
    with Program(
        ["-m", "waterspout_cmdb", "--port=0", "--sandbox-port=%d" % free_port,
         "--sandbox-db=no/such/folder/x.db"],
        cwd=str(tmp_path),
    ) as program:  # fmt: skip
        assert program.wait() == 2
        assert "Traceback" not in program.errors
        why, what_to_do = program.errors.splitlines()[-2:]
        assert "no/such/folder/x.db" in why
        assert what_to_do == (
            "waterspout_cmdb: the sandbox CMDB does not start: it ended with exit code 2; if the "
            "line above is about its file, choose another --sandbox-db, or name a CMDB with "
            "--upstream=HOST:PORT"
        )


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--prot=1"], "there is no option --prot"),
        (["--port=http"], "--port must be a number from 0 to 65535, not http"),
        (["--port=1\n2"], "--port must be a number from 0 to 65535, not 1 2"),
        (["--transport=pigeon"], "--transport must be one of"),
        (["--http-server=nginx"], "--http-server must be one of waterspout, tornado, not nginx"),
        (["--allow-missing-host=perhaps"], "--allow-missing-host must be true or false"),
        (["--config=no-such-file"], "cannot read the config file no-such-file"),
        (["--upstream=ht tp://x"], "http://ht tp://x"),
        (["--upstream=ftp://x"], "ftp"),
        (["--upstream=http://"], "http://"),
        (["--upstream=::1"], "upstream must be HOST:PORT or a base URL"),
        (["--upstream=a:1,http://b:1/x"], "may differ in host and port only"),
        (["--upstream=a:1", "--max-concurrent=0", "--max-concurrent-per-org=5"],
         "max_concurrent_per_org needs max_concurrent"),
        (["--user=two\nlines"], "--user must be printable ASCII without spaces, not two lines"),
        (["--address=192.0.2.1"], "the address is not one of this machine"),
    ],
)
def test_bad_options_are_one_line(refusal, arguments, words):
    """With exit code 2 and without a traceback."""
    line = refusal(*arguments)
    assert line.startswith("waterspout_cmdb: ")
    assert words in line, line


def test_transport_without_its_package_is_one_line(refusal, tmp_path):
    """The line says which package to install."""
    (tmp_path / "pycurl.py").write_bytes(b"raise ImportError('not here')\n")
    line = refusal(
        "--transport=curl",
        environment={"PYTHONPATH": os.pathsep.join([str(tmp_path), SOURCES])},
    )
    assert 'pip install "waterspout[curl]"' in line


@pytest.mark.parametrize("module", ["waterspout_cmdb", "waterspout_cmdb.sandbox"])
def test_version_is_printed(module):
    """--version prints the version and exits with 0, whatever other flags there are."""
    with Program(["-m", module, "--version"]) as program:
        assert program.wait() == 0
        assert program.output == "%s %s\n" % (module, waterspout.__version__)
        assert program.errors == ""


@pytest.mark.parametrize("module", ["waterspout_cmdb", "waterspout_cmdb.sandbox"])
def test_flag_and_value_may_be_two_arguments(module, tmp_path):
    """``--port 99999`` is read like ``--port=99999``."""
    with Program(["-m", module, "--port", "99999"], cwd=str(tmp_path)) as program:
        assert program.wait() == 2
        assert program.errors.splitlines()[0] == (
            "%s: --port must be a number from 0 to 65535, not 99999" % module
        )


def test_serves_in_a_container_of_kubernetes(gateway, free_port):
    """A Service called `waterspout` is no reason not to start; each remark is made once, not by
    every process, nor by the sandbox again."""
    address = "tcp://10.96.0.12:8888"
    program = gateway(
        "--processes=2", "--sandbox-port", str(free_port),
        environment={
            "WATERSPOUT_PORT": address, "WATERSPOUT_SERVICE_HOST": "10.96.0.12",
            "WATERSPOUT_PORT_8888_TCP": address, "WATERSPOUT_SANDBOX_PORT": address,
            "WATERSPOUT_SANDBOX_SERVICE_PORT": "8079",
            "WATERSPOUT_PROT": "80", "WATERSPOUT_ORG": "",
        },
    )  # fmt: skip
    imported, found = run_printed_commands(program)
    assert imported.status == found.status == 200
    lines = program.errors.splitlines()
    remarks = [line for line in lines if "Ignoring environment variables" in line]
    assert len(remarks) == 2
    assert "Kubernetes" in remarks[0] and "WATERSPOUT_SANDBOX_SERVICE_PORT" in remarks[0]
    assert remarks[1].endswith(": WATERSPOUT_PROT")


def test_environment_of_the_embedded_sandbox(gateway, free_port, tmp_path):
    """The sandbox's variables reach it; its port is that of the gateway's flag."""
    program = gateway(
        "--sandbox-port=%d" % free_port,
        environment={
            "WATERSPOUT_SANDBOX_MAX_IMPORT_ROWS": "2", "WATERSPOUT_SANDBOX_ADDRESS": "192.0.2.1",
        },
    )  # fmt: skip
    rows = [{"name": "host-%d" % n} for n in range(3)]
    answer = post(program, "/cmdb/import/HOST", {"keys": ["name"], "datas": rows})
    assert answer.status == 400
    assert "Ignoring environment variables" not in program.errors


def test_help_is_printed():
    """--help shows the commands, that of serve its options; both exit with 0."""
    with Program(["-m", "waterspout_cmdb", "--help"]) as program:
        assert program.wait() == 0
        assert "waterspout_cmdb serve --upstream" in program.output
        assert program.errors == ""
    with Program(["-m", "waterspout_cmdb", "serve", "--help"]) as program:
        assert program.wait() == 0
        assert "--upstream=HOST:PORT" in program.output
        assert program.errors == ""
