"""What a service writes to stderr, from its processes; ``service_program.py`` runs."""

from __future__ import absolute_import, division, print_function

import json
import signal

import pytest
from raw_client import RawConnection, request_bytes
from running_service import Service


@pytest.mark.slow
def test_each_line_of_a_service_is_json(tmp_path):
    """Of the parent and its workers, from the start to the stop, with hostile requests between."""
    options = {"processes": 2, "log_format": "json"}
    with Service(tmp_path, options) as program:
        program.wait_until_ready()
        for request in (
            request_bytes("GET", "/pid?token=secret"),
            request_bytes("GET", '/%1b[31m"\\%0a' + "x" * 5000),
            b"GET /\x1b[31m HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /\xff\xfe\"} HTTP/1.1\r\nHost: x\r\n\r\n",
            b"G\"T / HTTP/1.1\r\nHost: x\r\n\r\n",
        ):
            with RawConnection(program.port) as connection:
                connection.send(request)
                assert connection.read_answer().status in (200, 400, 404)
        program.signal(signal.SIGTERM)
        assert program.wait() == 0
        lines = program.errors.splitlines()
    found = [json.loads(line) for line in lines]
    requests = [each for each in found if each["logger"] == "tornado.access"]
    assert len(requests) == 5
    assert program.pid not in [each["process"] for each in requests]
    (answered,) = [each for each in requests if each["status"] == 200]
    assert answered["path"] == "/pid" and answered["route"] == "/pid"
    assert answered["own_ms"] == answered["duration_ms"] and answered["upstream_calls"] == 0
    assert "secret" not in "".join(lines)
    assert [each["level"] for each in found if each["level"] not in ("info", "warning")] == []
