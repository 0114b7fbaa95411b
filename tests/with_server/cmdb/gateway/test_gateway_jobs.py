"""Import jobs at a gateway that runs as a command, with the sandbox: from the upload to the end."""

from __future__ import absolute_import, division, print_function

import contextlib
import io
import json
import os
import signal
import zipfile
import zlib

import pytest
from free_ports import free_port
from programs import Program, alive, children_of, wait_until
from raw_client import RawConnection, request_bytes

pytestmark = pytest.mark.slow

CSV = b"name,ip\nweb-1,10.0.0.1\nweb-2,10.0.0.2\nweb-1,10.0.0.3\n"
ROWS = b"".join(b"host-%d,10.1.%d.%d\n" % (n, n // 250, n % 250) for n in range(2000))
IMPORT = "/cmdb/jobs/import/HOST?key=name&filename=hosts.csv"


@pytest.fixture
def start(gateway, tmp_path):
    """Start a gateway with jobs, and the sandbox on the same port as before."""
    port = free_port()

    def start(*arguments):
        return gateway("--jobs-dir=jobs", "--sandbox-port=%d" % port, *arguments)

    return start


def send(program, method, path, body=b""):
    with RawConnection(program.port) as connection:
        connection.send(request_bytes(method, path, body))
        return connection.read_answer()


def add(program, body=CSV, path=IMPORT):
    answer = send(program, "POST", path, body)
    assert answer.status == 202, answer.body
    return json.loads(answer.body.decode("utf-8"))["data"]["links"]["self"]


def state(program, path):
    return json.loads(send(program, "GET", path).body.decode("utf-8"))["data"]


def ended(program, path):
    def job():
        found = state(program, path)
        return found if found["state"] in ("done", "failed", "stopped") else None

    return wait_until(job, "the end of the job")


def runner_of(program):
    def found():
        for pid in children_of(program.pid):
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                if b"gateway.jobs.running" in file.read():
                    return pid

    return wait_until(found, "the jobs runner")


@contextlib.contextmanager
def stopped(pid):
    """A process that does nothing meanwhile. It would outlive a test that fails otherwise."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_spreadsheet_is_imported(start, processes):
    """The rejected row comes back as a file; the others are in the CMDB."""
    program = start("--processes=%d" % processes)
    path = add(program)
    job = ended(program, path)
    assert (job["state"], job["error"]) == ("done", None)
    assert {name: job["counts"][name] for name in ("rows", "inserted", "rejected")} == {
        "rows": 3, "inserted": 2, "rejected": 1}
    rejects = send(program, "GET", path + "/rejects")
    assert rejects.body.startswith(b"name,ip,reason\r\nweb-1,10.0.0.3,") or (
        rejects.body.startswith(b"name,ip,reason\nweb-1,10.0.0.3,"))
    assert rejects.headers["content-disposition"].startswith(
        'attachment; filename="hosts.rejects.csv"')
    report = send(program, "GET", path + "/report").body.decode("utf-8")
    assert json.loads(report)["rejected"] == 1
    found = send(program, "POST", "/cmdb/search/HOST", b'{"query": {}}')
    assert json.loads(found.body.decode("utf-8"))["data"]["data"]["total"] == 2


def test_files_that_cannot_be_imported(start):
    """Each says why, and harms no other; a dry run sends nothing."""
    program = start("--processes=2")
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    gzip_bomb = pack.compress(b"name,ip\n" + b"0" * (20 << 20)) + pack.flush()
    paths = [
        add(program, b"no\nx\n"), add(program, CSV, IMPORT + "&dry_run=1"),
        add(program, gzip_bomb, IMPORT.replace(".csv", ".csv.gz")),
        add(program, zip_bomb(), IMPORT.replace(".csv", ".xlsx"))]
    bad, dry, gzipped, zipped = [ended(program, path) for path in paths]
    assert bad["state"] == "failed" and 'HOST has no attribute for column "no"' in bad["error"]
    assert (dry["state"], dry["counts"]["rejected"]) == ("done", 1)
    assert gzipped["state"] == "failed" and "times its size" in gzipped["error"]
    assert zipped["state"] == "failed" and "would unpack to" in zipped["error"]
    assert ended(program, add(program))["state"] == "done"


def zip_bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/media/a.bin", b"\0" * (40 << 20))
    return file.getvalue()


def test_a_killed_runner_is_started_again(start, tmp_path):
    """Jobs wait meanwhile."""
    program = start()
    first = runner_of(program)
    os.kill(first, signal.SIGKILL)
    path = add(program)
    assert ended(program, path)["state"] == "done"
    assert "The jobs runner ended (exit code -9)" in program.errors
    assert runner_of(program) != first


def test_a_job_that_waits_says_what_for(start, tmp_path):
    """Its turn, after others; or the jobs runner, while that does nothing."""
    sandbox_port = free_port()  # Where nothing listens: the first job runs for an hour.
    program = start("--upstream=127.0.0.1:%d" % sandbox_port, "--jobs-at-once=1")
    paths = [add(program) for _ in range(3)]
    wait_until(lambda: state(program, paths[0])["state"] == "running", "the start of the job")
    assert [state(program, path).get("waits_for") for path in paths] == [
        None, {"what": "turn", "jobs_before": 0}, {"what": "turn", "jobs_before": 1}]
    runner = runner_of(program)
    with stopped(runner):
        # As it is after some seconds.
        os.utime(str(tmp_path / "jobs" / "runner.lock"), (1, 1))
        assert state(program, paths[1])["waits_for"]["what"] == "runner"
        with RawConnection(program.port) as connection:
            connection.send(request_bytes("GET", paths[1] + "/events"))
            text = b""
            while b"jobs_before" not in text:
                text += connection.socket.recv(65536)
            assert b'"waits_for": {"what": "runner", "jobs_before": 0}' in text
    wait_until(lambda: state(program, paths[1])["waits_for"]["what"] == "turn", "a sign")
    for path in paths:
        send(program, "DELETE", path)
        assert ended(program, path)["state"] == "stopped"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_jobs_survive_a_restart(start, signum):
    """Also one that was running, and after SIGKILL of all; the runner ends with the gateway."""
    program = start("--jobs-at-once=1")
    paths = [add(program, b"name,ip\n" + ROWS) for _ in range(2)]
    wait_until(lambda: state(program, paths[0])["state"] == "running", "the start of the job")
    runner = runner_of(program)
    if signum == signal.SIGKILL:
        os.killpg(program.pid, signum)
    else:
        program.signal(signum)
    program.wait()
    wait_until(lambda: not alive(runner), "the end of the runner")
    program = start()
    for path in paths:
        job = ended(program, path)
        assert (job["state"], job["counts"].get("rows")) == ("done", 2000), job
    found = send(program, "POST", "/cmdb/search/HOST", b'{"query": {}, "page_size": 1}')
    assert json.loads(found.body.decode("utf-8"))["data"]["data"]["total"] == 2000


@pytest.mark.parametrize("processes", [1, 2])
def test_events_end_at_a_reload_and_at_a_stop(start, processes):
    """Long before requests in flight would be cut off; the client connects again."""
    program = start("--processes=%d" % processes, "--drain-timeout=3000")
    runner = runner_of(program)
    with stopped(runner):  # So that the job waits.
        path = add(program)
        for signum in (signal.SIGHUP, signal.SIGTERM):
            with RawConnection(program.port) as connection:
                connection.send(request_bytes("GET", path + "/events"))
                text = connection.socket.recv(65536)
                while b"event: progress" not in text:
                    text += connection.socket.recv(65536)
                program.signal(signum)
                while not text.endswith(b"\r\n0\r\n\r\n"):
                    data = connection.socket.recv(65536)
                    assert data, "cut off"
                    text += data
            assert b"event: end" not in text
    assert program.wait() == 0


def test_a_new_release_goes_on_with_a_running_job(start, tmp_path):
    """After SIGUSR2: the old one's process stops after its batches, then the new one's begins."""
    port, sandbox_port, pidfile = free_port(), free_port(), tmp_path / "gateway.pid"
    with Program(["-m", "waterspout_cmdb.sandbox", "--db=sandbox.db",
                  "--port=%d" % sandbox_port],
                 cwd=str(tmp_path)) as sandbox:
        sandbox.search(r"on http://127.0.0.1:%d" % sandbox_port)
        old = start("--port=%d" % port, "--upstream=127.0.0.1:%d" % sandbox_port,
                    "--pidfile=%s" % pidfile)
        sandbox.signal(signal.SIGSTOP)  # So that the job is not done too early.
        path = add(old, b"name,ip\n" + ROWS)
        wait_until(lambda: state(old, path)["state"] == "running", "the start of the job")
        old.signal(signal.SIGUSR2)
        wait_until(lambda: old.output.count("Ctrl-C stops.") == 2, "the new release")
        sandbox.signal(signal.SIGCONT)
        assert old.wait() == 0
        new = int(pidfile.read_text())
        try:
            job = ended(old, path)  # On the same port.
            assert (job["state"], job["counts"]["rows"], job["error"]) == ("done", 2000, None)
            found = send(old, "POST", "/cmdb/search/HOST", b'{"query": {}, "page_size": 1}')
            assert json.loads(found.body.decode("utf-8"))["data"]["data"]["total"] == 2000
        finally:
            os.kill(new, signal.SIGTERM)
            wait_until(lambda: not alive(new), "the end of the new release")


def test_a_stopped_job_goes_on_where_it_was(start, tmp_path):
    """Also after a restart: rows that are in are not sent again, and all are in at the end."""
    sandbox_port = free_port()
    with Program(["-m", "waterspout_cmdb.sandbox", "--db=sandbox.db",
                  "--port=%d" % sandbox_port], cwd=str(tmp_path)) as sandbox:
        sandbox.search(r"on http://127.0.0.1:%d" % sandbox_port)
        many = b"".join(b"host-%d,10.1.%d.%d\n" % (n, n // 250, n % 250) for n in range(20000))
        arguments = ("--upstream=127.0.0.1:%d" % sandbox_port,)
        program = start(*arguments)
        path = add(program, b"name,ip\n" + many)
        wait_until(lambda: state(program, path)["counts"].get("sent"), "the first rows")
        sandbox.signal(signal.SIGSTOP)  # So that the job is not done too early.
        assert send(program, "POST", path + "/resume").status == 409
        assert send(program, "DELETE", path).status == 202
        wait_until(lambda: state(program, path)["state"] == "stopping", "the stop")
        sandbox.signal(signal.SIGCONT)
        stopped = ended(program, path)
        assert stopped["state"] == "stopped" and stopped["counts"]["sent"] > 0
        program.signal(signal.SIGTERM)
        program.wait()
        program = start(*arguments)
        assert send(program, "POST", path + "/resume").status == 202
        job = ended(program, path)
        assert (job["state"], job["error"]) == ("done", None)
        assert job["counts"]["sent"] >= stopped["counts"]["sent"]
        found = send(program, "POST", "/cmdb/search/HOST", b'{"query": {}, "page_size": 1}')
        assert json.loads(found.body.decode("utf-8"))["data"]["data"]["total"] == 20000
        assert send(program, "POST", path + "/resume").status == 409


def test_a_job_waits_for_a_cmdb_that_is_away(start, tmp_path):
    """For an hour, without a client that resumes it; it can be stopped meanwhile."""
    sandbox_port = free_port()
    program = start("--upstream=127.0.0.1:%d" % sandbox_port, "--jobs-at-once=3")
    path, stopped = add(program), add(program)
    output = tmp_path / "jobs" / stopped[-32:] / "output.txt"
    wait_until(lambda: output.exists() and "tried again for 3600 s" in output.read_text(),
               "the first attempt")
    assert send(program, "DELETE", stopped).status == 202
    assert ended(program, stopped)["state"] == "stopped"
    with Program(["-m", "waterspout_cmdb.sandbox", "--db=sandbox.db",
                  "--port=%d" % sandbox_port], cwd=str(tmp_path)):
        job = ended(program, path)
        assert (job["state"], job["counts"]["inserted"]) == ("done", 2)
