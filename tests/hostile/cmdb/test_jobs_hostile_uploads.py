"""Hostile uploads and listeners: nothing is left of them, and the gateway goes on serving."""

from __future__ import absolute_import, division, print_function

import os
import socket
import struct

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp

from waterspout.testing import MockTransport
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.jobs.handling import event_hub
from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess
from waterspout_cmdb.gateway.jobs.handling.upload_handler import UploadHandler
from waterspout_cmdb.gateway.jobs.storing.job import Tenant
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore
from waterspout_cmdb.sdk import CMDBSDK

HEAD = b"POST /cmdb/jobs/import/HOST?key=name HTTP/1.1\r\nHost: x\r\n"
LIMIT = 1000000


@pytest.fixture
def jobs_dir(tmp_path):
    return str(tmp_path)


@pytest.fixture
def served(jobs_dir, monkeypatch):
    monkeypatch.setattr(event_hub, "INTERVAL", 0.05)

    def make():
        sdk = CMDBSDK("cmdb.test", org=1, transport=MockTransport())
        return make_app(sdk, jobs=JobsAccess(jobs_dir, 1, LIMIT))

    with ServedApp(make) as served:
        yield served
        nothing_is_left(served, jobs_dir, 0)


def nothing_is_left(served, jobs_dir, jobs):
    """No folder but those of jobs, no request, and it serves."""
    wait_until(lambda: served.application.requests_in_flight == 0)
    store = JobStore(jobs_dir)
    ids = store.ids()
    store.close()
    assert sorted(name for name in os.listdir(jobs_dir) if len(name) == 32) == sorted(ids)
    with served.connect() as connection:
        assert connection.get("/cmdb/jobs").status == 200


@pytest.mark.parametrize("is_reset", [False, True])
@pytest.mark.parametrize("head", [b"Content-Length: 900000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_an_upload_is_broken_off(served, jobs_dir, head, is_reset):
    """By the end of the connection, or by a reset."""
    with served.connect() as connection:
        connection.send(HEAD + head + b"\r\n")
        connection.send((b"10000\r\n" if b"chunked" in head else b"") + b"x" * 65536)
        wait_until(lambda: [name for name in os.listdir(jobs_dir) if len(name) == 32])
        if is_reset:
            connection.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: not [name for name in os.listdir(jobs_dir) if len(name) == 32])


@pytest.mark.parametrize("head", [b"Content-Length: 900000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_an_upload_that_stands_still_is_ended(served, jobs_dir, head, monkeypatch):
    """With 408; its client may still be there."""
    monkeypatch.setattr(UploadHandler, "chunk_timeout", 0.2)
    with served.connect() as connection:
        connection.send(HEAD + head + b"\r\n")
        connection.send((b"10000\r\n" if b"chunked" in head else b"") + b"x" * 65536)
        assert connection.read_answer().status == 408
        wait_until(lambda: not [name for name in os.listdir(jobs_dir) if len(name) == 32])


def test_uploads_under_way_count_as_jobs(jobs_dir):
    """Or one client could fill the disk with those that would be refused at their end."""
    def make():
        sdk = CMDBSDK("cmdb.test", org=1, transport=MockTransport())
        return make_app(sdk, jobs=JobsAccess(jobs_dir, 1, LIMIT, most_per_tenant=1))

    with ServedApp(make) as served:
        with served.connect() as first:
            first.send(HEAD + b"Content-Length: 9\r\n\r\nname")
            wait_until(lambda: [name for name in os.listdir(jobs_dir) if len(name) == 32])
            with served.connect() as second:
                assert second.post("/cmdb/jobs/import/HOST?key=name", b"name\nb\n").status == 429
        wait_until(lambda: not [name for name in os.listdir(jobs_dir) if len(name) == 32])
        with served.connect() as third:
            assert third.post("/cmdb/jobs/import/HOST?key=name", b"name\nb\n").status == 202


def test_a_client_that_waits_for_continue_gets_it_or_the_refusal(served, jobs_dir):
    """A refused one sends nothing for nothing."""
    with served.connect() as connection:
        connection.send(HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert connection.read_answer().status == 100
        connection.send(b"a\n1\n2")
        assert connection.read_answer().status == 202
    for request, status in (
            (HEAD.replace(b"?key=name", b"") + b"Content-Length: 5\r\n", 400),
            (HEAD + b"Content-Length: %d\r\n" % (LIMIT + 1), 413)):
        with served.connect() as connection:
            connection.send(request + b"Expect: 100-continue\r\n\r\n")
            assert connection.read_answer().status == status


def test_chunks_without_end_are_refused(served):
    """At the limit, while they arrive."""
    with served.connect() as connection:
        connection.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        try:
            for _ in range(2 * LIMIT // 65536):
                connection.send(chunk)
        except EnvironmentError:
            pass  # It has had enough of us.
        else:
            assert connection.read_answer().status == 413


@pytest.mark.parametrize("body", [
    b"", b"--b", b"--b--", b"--b\r\n\r\n", b"\r\n--b\r\n" * 100, b"--b\r\nA: " + b"x" * 100000,
    b"--b\r\nContent-Disposition: form-data; name=" + b'"' * 5000 + b"\r\n\r\n--b--",
    b"--b\r\nContent-Disposition: form-data; name=f" + b";a=b" * 2000 + b"\r\n\r\n\r\n--b--",
    b"\0" * 100000, b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n" + b"y" * 100000])
def test_forms_that_are_none(served, body):
    """400, with a reason."""
    with served.connect() as connection:
        answer = connection.post("/cmdb/jobs/import/HOST?key=name", body, [
            ("Content-Type", "multipart/form-data; boundary=b")])
        assert answer.status == 400 and b'"error":"' in answer.body


@pytest.mark.parametrize("name", [
    "../../x.csv", "/etc/passwd", "..", "a/../../b.csv", "\\..\\x.csv", "C:\\x.csv", ".csv",
    "x" * 5000 + ".csv", "a%00.csv", "%2e%2e%2fx.csv", u"\xe4.csv"])
def test_a_name_with_a_path_changes_no_path(served, jobs_dir, name):
    """The file is where it would be without the name."""
    form = (u"--b\r\nContent-Disposition: form-data; name=key\r\n\r\nname\r\n--b\r\n"
            u"Content-Disposition: form-data; name=f; filename=\"%s\"\r\n\r\na\r\n--b--" % name)
    with served.connect() as connection:
        answer = connection.post("/cmdb/jobs/import/HOST", form.encode("latin-1"), [
            ("Content-Type", "multipart/form-data; boundary=b")])
        assert answer.status == 202
    names = os.listdir(os.path.join(jobs_dir, answer.json["data"]["id"]))
    assert sorted(names)[0] in ("upload", "upload.csv")
    assert "/" not in answer.body.decode("utf-8").partition('"file":"')[2].partition('"')[0]


def test_two_hundred_listeners_that_leave_cost_nothing(served, jobs_dir):
    """Their requests end, and the store is not asked any more."""
    store = JobStore(jobs_dir)
    job = store.add(u"0" * 32, Tenant(u"1", u""), u"", u"HOST", {}, u"", u"", 1)
    os.mkdir(os.path.join(jobs_dir, job.id))
    connections = [served.connect() for _ in range(200)]
    for connection in connections:
        connection.__enter__()
        connection.send(request_bytes("GET", "/cmdb/jobs/%s/events" % job.id))
    for connection in connections:
        while b"event: progress" not in connection._buffer:
            connection._buffer += connection.socket.recv(65536)
    store.take()
    store.end(job.id, u"stopped")
    for connection in connections[:100]:
        while b"event: end" not in connection._buffer:
            connection._buffer += connection.socket.recv(65536)
    for connection in connections:
        connection.__exit__(None, None, None)
    wait_until(lambda: served.application.requests_in_flight == 0)
    store.close()
