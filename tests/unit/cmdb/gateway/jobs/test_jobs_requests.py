"""Requests about jobs, as a client sees them; the runner is played by the test."""

from __future__ import absolute_import, division, print_function

import json
import os
import sqlite3
import time

import pytest
from tornado import gen

from waterspout import service
from waterspout_cmdb.gateway.jobs.handling import (
    event_hub,
    events_handler,
    file_handlers,
    store_thread,
)
from waterspout_cmdb.gateway.jobs.storing.job import DONE, FAILED, STOPPED, Tenant
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore
from waterspout_cmdb.gateway.jobs.uploading.import_options import (
    BadImportOption,
    import_options,
)
from waterspout_cmdb.gateway.jobs.uploading.upload import Upload
from waterspout_cmdb.gateway.permissions import PERMISSIONS

IMPORT = "/cmdb/jobs/import/HOST"
CSV = b"name,cpu\nweb-1,4\n"
KEYS = [service.make_api_key() for _ in range(2)]


@pytest.fixture
def gateway(make_jobs_gateway):
    return make_jobs_gateway()


def get(gateway, path, **kwargs):
    return gateway.send("GET", path, None, **kwargs)


def form(*parts):
    lines = []
    for name, filename, content in parts:
        lines += [b"--b\r\nContent-Disposition: form-data; name=\"" + name + b"\"",
                  b"; filename=\"" + filename + b"\"" if filename is not None else b"",
                  b"\r\n\r\n", content, b"\r\n"]
    return b"".join(lines) + b"--b--\r\n"


FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def add(gateway, query="?key=name", body=CSV, **kwargs):
    answer = gateway.post(IMPORT + query, body, **kwargs)
    assert answer.status_code == 202, answer.text
    return answer.json()["data"]


def folders(jobs_dir):
    return [name for name in os.listdir(jobs_dir) if len(name) == 32]


def write(jobs_dir, job, name, content):
    with open(os.path.join(JobFiles(jobs_dir, job["id"]).folder, name), "wb") as file:
        file.write(content)


def test_a_file_becomes_a_job(gateway, jobs_dir, store):
    """The answer says where it is; the file is in its folder as it was sent."""
    answer = gateway.post(
        IMPORT + "?key=name&map=Host+Name%3Dname&dry-run=&filename=hosts.csv", CSV)
    assert answer.status_code == 202
    job = answer.json()["data"]
    assert answer.headers["Location"] == "/cmdb/jobs/" + job["id"] == job["links"]["self"]
    assert job["options"] == {"key": ["name"], "map": ["Host Name=name"], "dry_run": True}
    assert (job["state"], job["object"], job["file"], job["size"]) == (
        "queued", "HOST", "hosts.csv", len(CSV))
    assert folders(jobs_dir) == [job["id"]]
    with open(JobFiles(jobs_dir, job["id"]).upload(".csv"), "rb") as file:
        assert file.read() == CSV
    assert store.take().id == job["id"]
    shown = get(gateway, answer.headers["Location"])
    assert (shown.status_code, shown.json()["data"]["state"]) == (200, "running")


def test_a_form_becomes_a_job(gateway, jobs_dir):
    """Its fields are the options."""
    body = form((b"key", None, b"name"), (b"f", b"C:\\x\\hosts.XLSX", CSV), (b"sheet", None, b"S"))
    job = add(gateway, "", body, headers=FORM)
    assert (job["file"], job["options"]) == ("hosts.XLSX", {"key": ["name"], "sheet": "S"})
    assert os.path.exists(JobFiles(jobs_dir, job["id"]).upload(".xlsx"))


@pytest.mark.parametrize("query, body, headers, reason", [
    ("", CSV, {}, "key is missing"), ("?key=name&keys=x", CSV, {}, "no option keys"),
    ("?key=name", b"", {}, "the file is empty"), ("?key=name&map=x", CSV, {}, "map must be like"),
    ("?key=name&dry_run=perhaps", CSV, {}, "true or false"),
    ("?key=name&sheet=a&sheet=b", CSV, {}, "given twice"),
    ("?key=name&dates=iso", CSV, {}, "dates must be dmy or mdy, not iso"),
    ("?key=name&empty=null", CSV, {}, "empty must be keep or clear, not null"),
    ("?key=name&format=xls", CSV, {}, "format must be csv, tsv, json, jsonl or xlsx, not xls"),
    ("?key=name&encoding=klingon", CSV, {}, "encoding must be the name of one"),
    ("?key=name&utc_offset=+08:00", CSV, {}, "in a URL, + is written %2B), not  08:00"),
    ("?key=name&utc_offset=CET", CSV, {}, "utc_offset must be an offset such as +08:00, or Z"),
    ("?key=name&header_row=0", CSV, {}, "header_row must be a row from 1"),
    ("?key=name&delimiter=ab", CSV, {}, "delimiter must be one character, or tab"),
    ("?key=name&sheet=%00", CSV, {}, "control"), ("?key=" + "x" * 4001, CSV, {}, "4000"),
    ("?key=name", CSV, {"Content-Type": "multipart/form-data"}, "boundary"),
    ("?key=name", CSV, {"Content-Type": "multipart/mixed; boundary=b"}, "multipart/form-data"),
    ("?key=name", CSV, FORM, "cut off"), ("", form((b"f", b"x", CSV)), FORM, "key is missing"),
    ("?key=name", form((b"key", None, b"name")), FORM, "no file"),
    ("?key=name", form((b"f", b"x", CSV), (b"g", b"y", CSV)), FORM, "more than one file"),
    ("?key=name", form((b"f", b"x", b"")), FORM, "the file is empty"),
])
def test_what_cannot_be_a_job_leaves_nothing(gateway, jobs_dir, query, body, headers, reason):
    """The answer is 400 with the reason."""
    answer = gateway.post(IMPORT + query, body, headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid input data")
    assert reason in answer.json()["error"]
    assert folders(jobs_dir) == []


def test_an_object_id_must_be_one(gateway, jobs_dir):
    """It becomes an argument of a command."""
    assert gateway.post("/cmdb/jobs/import/--x?key=name", CSV).status_code == 400
    assert folders(jobs_dir) == []


@pytest.mark.parametrize("body", [b"x" * 1001, iter([b"x" * 600, b"x" * 600])])
def test_a_file_that_is_too_long_leaves_nothing(make_jobs_gateway, jobs_dir, body):
    """Whether its length is known or not."""
    gateway = make_jobs_gateway(max_upload_bytes=1000)
    assert gateway.post(IMPORT + "?key=name", body).status_code == 413
    assert folders(jobs_dir) == []


def test_a_full_disk_is_answered_with_507(gateway, jobs_dir, monkeypatch):
    """And nothing is left; the gateway goes on."""
    def write(self, data):
        raise IOError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Upload, "write", write)
        answer = gateway.post(IMPORT + "?key=name", CSV)
    assert (answer.status_code, answer.json()["message"]) == (507, "No room")
    assert folders(jobs_dir) == []
    add(gateway)


def test_a_damaged_list_of_jobs_is_answered_with_503(gateway, jobs_dir, caplog):
    """The log says which file; an upload leaves nothing."""
    with open(os.path.join(jobs_dir, "jobs.db"), "wb") as file:
        file.write(b"no database" * 1000)
    for answer in (get(gateway, "/cmdb/jobs"), gateway.post(IMPORT + "?key=name", CSV)):
        assert answer.status_code == 503
        assert "log has the reason" in answer.json()["error"]
        assert jobs_dir not in answer.text
    assert os.path.join(jobs_dir, "jobs.db") in caplog.text
    assert folders(jobs_dir) == []


def test_a_list_that_another_program_has_locked(gateway, jobs_dir, store, monkeypatch):
    """Who reads is answered; uploads get 503, and do not wait for each other's waiting."""
    monkeypatch.setattr(store_thread, "BUSY_TIMEOUT", 0.3)
    job = add(gateway)
    other = sqlite3.connect(os.path.join(jobs_dir, "jobs.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    @gen.coroutine
    def run():
        url = "http://gateway.test" + IMPORT + "?key=name"
        uploads = [gateway.session.post(url, data=CSV) for _ in range(8)]
        began = time.time()
        state = yield gateway.session.get("http://gateway.test" + job["links"]["self"])
        assert not any(upload.done() for upload in uploads)
        answers = yield uploads
        raise gen.Return((state, answers, time.time() - began))

    state, answers, seconds = gateway.run(run)
    assert state.status_code == 200
    assert [answer.status_code for answer in answers] == [503] * 8 and seconds < 1.5
    assert answers[0].headers["Retry-After"] == "1" and "busy" in answers[0].json()["error"]
    assert folders(jobs_dir) == [job["id"]]
    other.execute("ROLLBACK")
    other.close()
    add(gateway)


def test_two_thousand_jobs_make_nothing_slow(gateway, store):
    """Neither a page of the list, nor a look of listeners, nor the turn of the next one."""
    with store.database.transaction():
        for n in range(2000):
            store.database.run(
                "INSERT INTO jobs (id, org, client, user, object_id, options, filename, suffix, "
                "size, state, created) VALUES (?, ?, '', '', 'HOST', '{}', '', '', 1, 'queued', 1)",
                u"%032x" % n, u"%d" % (n % 3))
    began = time.time()
    for _ in range(10):
        assert store.take() is not None
    assert len(store.find_all([u"%032x" % n for n in range(500)])) == 500
    page = get(gateway, "/cmdb/jobs").json()["data"]
    assert len(page["list"]) == 100 and page["next"]
    assert time.time() - began < 1.0


def test_a_client_may_have_so_many_jobs(make_jobs_gateway, jobs_dir):
    """Further ones get 429; one that is stopped makes room."""
    gateway = make_jobs_gateway(most_per_tenant=1)
    job = add(gateway)
    answer = gateway.post(IMPORT + "?key=name", CSV)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
    assert folders(jobs_dir) == [job["id"]]
    assert gateway.send("DELETE", job["links"]["self"], None).json()["data"]["state"] == "stopped"
    add(gateway)


def test_jobs_are_those_of_an_organisation_and_a_key(make_jobs_gateway):
    """Others get 404 for every request, as for a job that there is not."""
    entries = [{"name": name, "id": key.id, "sha256": key.sha256, "allow": ["import"],
                "orgs": ["5", "6"], "users": ["me"]} for name, key in zip("ab", KEYS)]
    gateway = make_jobs_gateway(api_keys=service.APIKeys(entries, PERMISSIONS))

    def headers(key, **more):
        return dict(more, Authorization="Bearer " + key.key)

    job = add(gateway, headers=headers(KEYS[0], user="me"))
    path = job["links"]["self"]
    assert get(gateway, path, headers=headers(KEYS[0])).status_code == 200
    for other in (headers(KEYS[1]), headers(KEYS[0], org="6")):
        for method, more in (("GET", ""), ("DELETE", ""), ("GET", "/events"), ("GET", "/rejects"),
                             ("GET", "/report"), ("POST", "/resume")):
            answer = gateway.send(method, path + more, None, headers=other)
            assert (answer.status_code, answer.json()["error"]) == (404, "there is no such job")
        assert get(gateway, "/cmdb/jobs", headers=other).json()["data"]["list"] == []
    assert get(gateway, path).status_code == 401


def test_a_key_for_searches_has_no_jobs(make_jobs_gateway):
    """Not even to look at."""
    entry = {"name": "a", "id": KEYS[0].id, "sha256": KEYS[0].sha256, "allow": ["search"]}
    gateway = make_jobs_gateway(api_keys=service.APIKeys([entry], PERMISSIONS))
    headers = {"Authorization": "Bearer " + KEYS[0].key}
    assert get(gateway, "/cmdb/jobs", headers=headers).status_code == 403
    assert gateway.post(IMPORT + "?key=name", CSV, headers=headers).status_code == 403


def test_the_list_has_pages(gateway, store):
    """The newest first."""
    jobs = [store.add(u"%032x" % n, Tenant(u"1", u""), u"", u"HOST", {}, u"", u"", 1).id
            for n in range(150)]
    first = get(gateway, "/cmdb/jobs").json()["data"]
    second = get(gateway, first["next"]).json()["data"]
    assert [job["id"] for job in first["list"] + second["list"]] == jobs[::-1]
    assert second["next"] is None
    assert get(gateway, "/cmdb/jobs?before=x").status_code == 400


def test_delete_stops_or_removes(gateway, store):
    """By the state of the job."""
    path = add(gateway)["links"]["self"]
    store.take()
    answer = gateway.send("DELETE", path, None)
    assert (answer.status_code, answer.json()["data"]["state"]) == (202, "stopping")
    store.end(path[-32:], DONE)
    assert gateway.send("DELETE", path, None).status_code == 200
    assert get(gateway, path).status_code == 404
    assert gateway.send("DELETE", path, None).status_code == 404


def resume(gateway, job, **kwargs):
    return gateway.post(job["links"]["self"] + "/resume", b"", **kwargs)


@pytest.mark.parametrize("state", [FAILED, STOPPED])
def test_a_job_goes_on_where_it_was(gateway, store, state):
    """It waits for its turn again; the counts are those of before."""
    job = add(gateway)
    store.take()
    store.end(job["id"], state, u"away", {u"rows": 5})
    shown = get(gateway, job["links"]["self"]).json()["data"]
    assert shown["links"]["resume"] == job["links"]["self"] + "/resume"
    answer = resume(gateway, job)
    assert answer.status_code == 202
    again = answer.json()["data"]
    assert (again["state"], again["error"], again["counts"]) == ("queued", None, {"rows": 5})
    assert again["waits_for"]["jobs_before"] == 0 and "resume" not in again["links"]
    assert store.take().id == job["id"]


def test_a_job_that_cannot_go_on_says_why(gateway, jobs_dir, store):
    """It waits, runs or is done; only another file would help; or the file is not there."""
    job = add(gateway)

    def why():
        answer = resume(gateway, job)
        assert (answer.status_code, answer.json()["message"]) == (409, "Not possible now")
        return answer.json()["error"]

    assert "waits or runs" in why()
    store.take()
    assert "waits or runs" in why()
    store.end(job["id"], DONE)
    assert "is done" in why()
    job = add(gateway, "?key=name&all_or_nothing=1")
    store.take()
    store.end(job["id"], FAILED, u"rejected", {u"rejected": 1, u"sent": 0})
    assert "correct them" in why()
    assert "resume" not in get(gateway, job["links"]["self"]).json()["data"]["links"]
    job = add(gateway)
    store.stop(job["id"], Tenant(u"1", u""))
    JobFiles(jobs_dir, job["id"]).remove()
    assert "not there any more" in why()


def test_a_job_that_another_request_has_changed_meanwhile(gateway, store, monkeypatch):
    """The store has the last word."""
    job = add(gateway)
    store.stop(job["id"], Tenant(u"1", u""))
    monkeypatch.setattr(JobStore, "resume", lambda *args: None)
    answer = resume(gateway, job)
    assert answer.status_code == 409 and "meanwhile" in answer.json()["error"]


def test_a_resumed_job_counts_for_its_client(make_jobs_gateway, store):
    """429, as for an upload."""
    gateway = make_jobs_gateway(most_per_tenant=1)
    job = add(gateway)
    store.stop(job["id"], Tenant(u"1", u""))
    other = add(gateway)
    answer = resume(gateway, job)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
    store.stop(other["id"], Tenant(u"1", u""))
    assert resume(gateway, job).status_code == 202


@pytest.mark.parametrize("path", ["/cmdb/jobs/" + each for each in (
    "0" * 32, "..", "x", "%2e%2e", "0" * 31 + "%00", "..%2f..%2fetc/rejects")])
def test_what_is_no_job_is_not_found(gateway, path):
    """No path is made of it."""
    for method in ("GET", "DELETE"):
        assert gateway.send(method, path, None).status_code in (404, 405)
    assert gateway.post(path + "/resume", b"").status_code in (404, 405)


def test_without_a_folder_jobs_are_off(make_gateway):
    """The answer says what to do, for every path."""
    gateway = make_gateway()
    for answer in (gateway.post(IMPORT + "?key=name", b""), get(gateway, "/cmdb/jobs"),
                   get(gateway, "/cmdb/jobs/" + "0" * 32)):
        assert answer.status_code == 404
        assert "--jobs-dir" in answer.json()["error"]


def test_rejects_and_report_are_files(gateway, jobs_dir, store):
    """With a safe name, when the job has ended."""
    body = form((b"key", None, b"name"), (b"f", u'..\\"\u4e3b\u673a;.csv'.encode("utf-8"), CSV))
    job = add(gateway, "", body, headers=FORM)
    path = job["links"]["self"]
    store.take()
    assert get(gateway, path + "/rejects").status_code == 409
    write(jobs_dir, job, "upload.rejects.csv", b"name,reason\n" * 10000)
    write(jobs_dir, job, "upload.report.json", b"{}")
    store.end(job["id"], DONE, None, {u"rejected": 10000})
    answer = get(gateway, path + "/rejects")
    assert answer.content == b"name,reason\n" * 10000
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"___;.rejects.csv\"; filename*=UTF-8''"
        "%22%E4%B8%BB%E6%9C%BA%3B.rejects.csv").replace("___;", "____")
    assert get(gateway, path + "/report").content == b"{}"


def test_a_file_that_is_removed_at_this_moment_is_not_there(gateway, store, monkeypatch):
    """Another client of the tenant removes the job: 404, and no incident."""
    job = add(gateway)
    store.take()
    store.end(job["id"], DONE)
    monkeypatch.setattr(JobFiles, "rejects", lambda self: os.path.join(self.folder, "gone.csv"))
    assert get(gateway, job["links"]["self"] + "/rejects").status_code == 404


def test_without_rejected_rows_there_is_no_file(gateway, store):
    """404, with what that means."""
    job = add(gateway)
    store.take()
    store.end(job["id"], FAILED, u"no such object")
    answer = get(gateway, job["links"]["self"] + "/rejects")
    assert answer.status_code == 404 and "no row" in answer.json()["error"]


@pytest.mark.parametrize("counts, is_there", [
    ({}, False), ({u"rejected": 0}, False), ({u"rejected": 2}, True)])
def test_a_link_to_rejected_rows_leads_somewhere(gateway, store, counts, is_there):
    job = add(gateway)
    store.take()
    store.end(job["id"], DONE, None, counts)
    links = get(gateway, job["links"]["self"]).json()["data"]["links"]
    assert ("rejects" in links, "report" in links) == (is_there, True)


def test_names_of_files():
    """Whatever a client has called its own."""
    assert file_handlers.file_name(u"hosts.csv", "rejects", ".csv") == u"hosts.rejects.csv"
    assert file_handlers.file_name(u"a.csv.gz", "rejects", ".csv") == u"a.csv.gz.rejects.csv"
    assert file_handlers.file_name(u"hosts.csv", "report", ".json") == u"hosts.csv.report.json"
    assert file_handlers.file_name(u"...", "report", ".json") == u"upload.report.json"
    assert file_handlers.content_disposition(u'a"\r\n\u4e3b') == (
        "attachment; filename=\"a____\"; filename*=UTF-8''a%22%0D%0A%E4%B8%BB")


def test_options_of_an_import():
    """Empty fields of a form are as if they were not there."""
    assert import_options([(u"key", u"a"), (u"key", u"b,c"), (u"sheet", u""), (u"dry_run", u"0"),
                           (u"delimiter", u"\t")]) == {"key": [u"a", u"b,c"], "delimiter": u"\t"}
    for name in (u"resume", u"journal", u"map_file", u"gateway", u"upstream", u"cluster",
                 u"api_key"):
        with pytest.raises(BadImportOption, match="there is no option"):
            import_options([(u"key", u"a"), (name, u"/etc/passwd")])


def events_of(text):
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in block.splitlines())
        if "data" in lines:
            job = json.loads(lines["data"])
            assert ("waits_for" in job) == (job["state"] == "queued")
            found.append((lines["event"], job["state"], lines["id"]))
    return found


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr(event_hub, "INTERVAL", 0.01)


def test_events_end_with_the_job(gateway, store):
    """One for each change; who comes back with the last id is told to stay away."""
    job = add(gateway)
    path, hub = job["links"]["events"], gateway.jobs.hub

    @gen.coroutine
    def until(condition):
        while not any(condition(watch.job) for watch in hub._watches):
            yield gen.moment

    @gen.coroutine
    def run():
        call = gateway.session.get("http://gateway.test" + path)
        yield until(lambda job: job.state == u"queued")
        store.take()
        yield until(lambda job: job.state == u"running")
        store.set_counts(job["id"], {u"rows": 5})
        yield until(lambda job: job.counts)
        store.end(job["id"], DONE)
        answer = yield call
        raise gen.Return(answer)

    answer = gateway.run(run)
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.text.startswith("retry: 2000\n\n")
    events = events_of(answer.text)
    assert [each[:2] for each in events] == [
        ("progress", "queued"), ("progress", "running"), ("progress", "running"), ("end", "done")]
    again = get(gateway, path, headers={"Last-Event-ID": events[-1][2]})
    assert (again.status_code, again.content) == (204, b"")
    assert [each[0] for each in events_of(get(
        gateway, path, headers={"Last-Event-ID": events[-2][2]}).text)] == ["end"]


    assert not hub._watches and hub._timer is None


def test_events_end_when_the_job_is_removed_and_at_a_drain(gateway, store):
    """A stop of the service is not held up; clients connect again to another process."""
    hub, calls = gateway.jobs.hub, []
    ended, waits = add(gateway), add(gateway)

    @gen.coroutine
    def run():
        for job in (ended, waits):
            calls.append(gateway.session.get("http://gateway.test" + job["links"]["events"]))
        while len(hub._watches) < 2:
            yield gen.moment
        store.stop(ended["id"], Tenant(u"1", u""))
        store.stop(ended["id"], Tenant(u"1", u""))
        yield calls[0]
        gateway.application.draining = True
        answer = yield calls[1]
        raise gen.Return(answer)

    # One more may tell that no job is before it now.
    assert {each[:2] for each in events_of(gateway.run(run).text)} == {("progress", "queued")}
    assert not hub._watches


@pytest.mark.parametrize("limits", [{"max_requests": 1}, {"max_requests_per_tenant": 1}])
def test_listeners_keep_no_other_requests_out(make_jobs_gateway, store, limits):
    """They hold no place of --max-requests."""
    gateway = make_jobs_gateway(overload=service.Overload(**limits))
    job = add(gateway)

    @gen.coroutine
    def run():
        call = gateway.session.get("http://gateway.test" + job["links"]["events"])
        while not gateway.jobs.hub._watches:
            yield gen.moment
        state = yield gateway.session.get("http://gateway.test" + job["links"]["self"])
        store.stop(job["id"], Tenant(u"1", u""))
        events = yield call
        raise gen.Return((state, events))

    assert [each.status_code for each in gateway.run(run)] == [200, 200]


def test_the_number_of_listeners_has_an_end(make_jobs_gateway, monkeypatch, store):
    """One client gets half of it."""
    monkeypatch.setattr(event_hub, "MOST_WATCHES", 2)
    gateway = make_jobs_gateway()
    job = add(gateway)
    path = "http://gateway.test" + job["links"]["events"]

    @gen.coroutine
    def run():
        call = gateway.session.get(path)
        while not gateway.jobs.hub._watches:
            yield gen.moment
        refused = yield gateway.session.get(path)
        store.stop(job["id"], Tenant(u"1", u""))
        yield call
        raise gen.Return(refused)

    refused = gateway.run(run)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "too many clients listen" in refused.json()["error"]
    assert get(gateway, job["links"]["events"]).status_code == 200


def test_a_silent_job_has_heartbeats(gateway, monkeypatch):
    """Comments: proxies do not close the connection."""
    monkeypatch.setattr(events_handler, "HEARTBEAT", 0.01)
    job, hub = add(gateway), gateway.jobs.hub

    @gen.coroutine
    def run():
        call = gateway.session.get(
            "http://gateway.test" + job["links"]["events"], stream=True)
        answer = yield call
        pieces, text = answer.iter_content(), b""
        while b": heartbeat\n\n" not in text:
            text += yield pieces.next()
        answer.close()
        while hub._watches:
            yield gen.moment

    gateway.run(run)
