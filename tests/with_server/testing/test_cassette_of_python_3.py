"""A cassette that was recorded on Python 3.13 replays on every Python.

``python tests/support/cassettes.py FILE`` has recorded it.
"""

from __future__ import absolute_import, division, print_function

import json
import os
import sys

import cassettes

from waterspout.testing import Cassette

PATH = os.path.join(os.path.dirname(__file__), "cassettes", "recorded_on_python_3.json")


def replayed(path):
    with Cassette(path, mode="none") as cassette:
        seen = cassettes.with_session(
            cassette, lambda session: cassettes.talk(session, cassettes.UPSTREAM))
    assert cassette.all_played
    return seen


def test_everything_in_it_replays():
    login, echo, part, put, redirect, gzip, binary, lines, missing, cut, silent, refused = replayed(
        PATH)
    assert json.loads(login[3].decode("utf-8")) == {
        "access_token": "***", "expires_in": 3600, "name": "web-1"}
    assert ("Set-Cookie", "sid=***; Path=/; HttpOnly") in login[2]
    assert json.loads(echo[3].decode("utf-8"))["target"] == "/echo?token=***"
    assert part[0] == put[0] == 200
    assert redirect[4] == [302]
    assert gzip[3] == b'{"a": "\xe4\xb8\xad"}'
    assert ("Content-Encoding", "gzip") in gzip[2]
    assert binary[3] == bytes(bytearray(range(256)))
    latin = u"caf\xe9" if sys.version_info[0] > 2 else b"caf\xe9"
    assert ("X-Latin", latin) in binary[2]
    assert lines[3] == u"eins\nzw\xf6lf\n".encode("utf-8")
    assert [value for name, value in lines[2] if name == "X-A"] == ["1", "2"]
    assert missing[:2] == (404, "Nowhere")
    assert cut[:3] == ("IncompleteBody", "read", True)
    assert silent[:3] == ("ReadTimeout", "read", True)
    assert refused[:3] == ("ConnectError", "connect", False)


def test_no_secret_is_in_it():
    with open(PATH, "rb") as file:
        content = file.read()
    assert [secret for secret in cassettes.SECRETS if secret.encode("ascii") in content] == []


def test_this_python_records_the_same(tmp_path):
    """But for what differs each time: times, the order of an object that the server wrote."""
    path = str(tmp_path / "new.json")
    cassettes.record_talk(path)
    replayed(path)
    files = []
    for each in (PATH, path):
        with open(each, "rb") as file:
            files.append(json.loads(file.read().decode("utf-8"))["interactions"])
    old, new = files
    assert [outline(each) for each in new] == [outline(each) for each in old]


def outline(interaction):
    request, response = interaction["request"], interaction.get("response")
    return (request["method"], request["url"], sorted(request["headers"]),
            list(request["body"] or ()), response and response["status_code"],
            response and sorted(response["headers"]), response and list(response["body"] or ()),
            interaction.get("error", {}).get("class"))
