"""The gateway reads its configuration again at SIGHUP, as a process manager sees it."""

from __future__ import absolute_import, division, print_function

import json
import signal

import pytest
from programs import wait_until
from raw_client import RawConnection
from raw_server import RawServer, answering, response

pytestmark = pytest.mark.slow

ANSWER = json.dumps({"code": 0, "error": "", "message": "", "data": {"list": []}}).encode()


@pytest.mark.parametrize("processes", [1, 2])
def test_sighup_reads_the_configuration_again(gateway, tmp_path, processes):
    """A bad one is logged and changes nothing. All lines are JSON; none is lost."""
    config = tmp_path / "gateway.json"
    options = {"processes": processes, "log_format": "json", "max_body_bytes": 100}

    def write(**changes):
        config.write_bytes(json.dumps(dict(options, **changes)).encode("ascii"))

    def post(program, length):
        with RawConnection(program.port) as connection:
            body = json.dumps({"query": {"a": "x" * length}}).encode("ascii")
            return connection.post("/cmdb/search/HOST", body).status

    def reload(program, end):
        count = program.errors.count(end)
        program.signal(signal.SIGHUP)
        wait_until(lambda: program.errors.count(end) > count, "the end of the reload")

    write()
    with RawServer(answering(response(ANSWER))) as cmdb:
        program = gateway("--config=%s" % config, "--upstream=" + cmdb.address)
        assert (post(program, 10), post(program, 200)) == (200, 413)
        write(max_body_bytes="many", rate_burst=1)
        reload(program, "Reload failed")
        assert (post(program, 10), post(program, 200)) == (200, 413)
        write(max_body_bytes=1000, drain_timeout=9)
        reload(program, "Reloaded")
        assert (post(program, 10), post(program, 200), post(program, 2000)) == (200, 200, 413)
        program.signal(signal.SIGTERM)
        assert program.wait() == 0
    lines = [json.loads(line) for line in program.errors.splitlines()]
    (failed,) = [each for each in lines if each["message"].startswith("Reload failed")]
    assert "max_body_bytes must be a number" in failed["message"]
    assert "rate_burst needs rate_limit" in failed["message"]
    assert "\n" not in failed["message"] and "exception" not in failed
    assert [each for each in lines if each["level"] == "warning" and each["message"].endswith(
        "gateway.json: drain_timeout has changed, but only a restart changes it: it stays 30")]
    requests = [each for each in lines if each["logger"] == "tornado.access"]
    assert sorted(each["status"] for each in requests) == [200] * 4 + [413] * 3
    called = [each for each in requests if each["status"] == 200]
    assert all(each["upstream_calls"] == 1 and each["route"] == "/cmdb/search/{object_id}"
               and 0 < each["upstream_ms"] < each["duration_ms"] for each in called)
