"""Cassettes of vcrpy: read in every form that it wrote, without running anything in them."""

from __future__ import absolute_import, division, print_function

import io
import json
import os
import subprocess
import sys

import cassettes
import pytest

from waterspout.testing import Cassette
from waterspout.testing.cassette import InvalidCassette, NotRecorded

pytest.importorskip("yaml")

URL = "http://host.test/a?token=abc&q=1"

VERSION_1 = u"""\
interactions:
- request:
    body: '{"a": 1}'
    headers:
      Authorization: [Basic dXNlcjpwYXNz]
      Content-Type: [application/json]
    method: POST
    uri: http://host.test/a?token=other&q=1
  response:
    body: {string: "{\\"name\\": \\"\\u4e2d\\"}"}
    headers:
      content-type: [application/json]
      content-length: ['15']
      Transfer-Encoding: [chunked]
      Set-Cookie: [a=1, b=2]
      X-Number: 7
    status: {code: 201, message: Created}
version: 1
"""

# As Python 2 wrote it.
TAGGED = u"""\
interactions:
- request: {body: null, headers: {}, method: GET, uri: 'http://host.test/'}
  response:
    body: {string: !!python/unicode "caf\\xE9"}
    headers: {X-A: [!!python/unicode 'b']}
    status: {code: 200, message: null}
version: 1
"""

# gzip of b'{"a": 1}', and the same decoded by vcrpy, which may leave the header.
COMPRESSED = u"""\
interactions:
- request: {body: null, headers: {}, method: GET, uri: 'http://host.test/'}
  response:
    body:
      string: !!binary |
        %s
    headers: {Content-Encoding: [gzip]}
    status: {code: 200, message: OK}
- request: {body: null, headers: {}, method: GET, uri: 'http://host.test/'}
  response:
    body: {string: '{"a": 1}'}
    headers: {Content-Encoding: [gzip]}
    status: {code: 200, message: OK}
version: 1
"""

OF_HTTPX = u"""\
interactions:
- request:
    body: ''
    headers: {accept: ['*/*']}
    method: GET
    uri: http://host.test/
  response:
    content: "text"
    headers: {X-A: [b]}
    http_version: HTTP/1.1
    status_code: 200
version: 1
"""

BASE64 = u"""\
interactions:
- request: {body: {base64_string: YWI=}, headers: {}, method: GET, uri: 'http://host.test/'}
  response:
    body: {base64_string: AP8=}
    headers: {}
    status: {code: 200, message: OK}
version: 1
"""

BEFORE_1_0 = u"""\
- request: !!python/object:vcr.request.Request
    body: null
    headers: !!python/object/apply:__builtin__.frozenset
    - - !!python/tuple [accept-encoding, 'gzip, deflate']
      - !!python/tuple [accept, '*/*']
    host: host.test
    method: GET
    path: /ip
    port: 80
    protocol: http
  response:
    body: {string: !!python/unicode "text"}
    headers: [!!python/unicode "x-a: b: c\\r\\n", !!python/unicode "content-length: 4\\r\\n"]
    status: {code: 200, message: OK}
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="a.yaml"):
        path = tmp_path / name
        path.write_bytes(text.encode("utf-8"))
        return str(path)

    return write


def replay(path, url="http://host.test/", method="GET", **options):
    return cassettes.call(path, url, method, mode="none", **options)


def test_version_1(write):
    """A request with secrets matches although the file was never masked."""
    response = replay(write(VERSION_1), URL, "POST", json={"a": 1},
                      match_on=["method", "uri", "body"])
    assert (response.status_code, response.reason) == (201, "Created")
    assert response.json() == {"name": u"\u4e2d"}
    assert response.headers.get_list("Set-Cookie") == ["a=1", "b=2"]
    assert response.headers["X-Number"] == "7"


def test_text_with_the_tags_of_python_2(write):
    response = replay(write(TAGGED))
    assert response.content == u"caf\xe9".encode("utf-8")
    assert response.headers["X-A"] == "b"
    assert response.reason == ""


def test_compressed_bodies(write):
    import base64

    packed = base64.b64encode(cassettes.gzipped(b'{"a": 1}')).decode("ascii")
    path = write(COMPRESSED % packed)
    with Cassette(path) as cassette:
        for _ in range(2):
            response = cassettes.with_session(
                cassette, lambda session: session.get("http://host.test/"))
            assert response.json() == {"a": 1}
            assert response.headers["Content-Encoding"] == "gzip"


def test_what_it_recorded_of_httpx(write):
    assert replay(write(OF_HTTPX)).text == "text"


def test_base64_strings(write):
    assert replay(write(BASE64), data=b"ab", match_on=["body"]).content == b"\x00\xff"


def test_before_version_1(write):
    response = replay(write(BEFORE_1_0), "http://host.test/ip")
    assert response.text == "text"
    assert response.headers["X-A"] == "b: c"


def test_its_json(write):
    path = write(json.dumps({"version": 1, "interactions": [{
        "request": {"method": "GET", "uri": "http://host.test/", "body": None,
                    "headers": {"Accept": ["*/*"]}},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {},
                     "body": {"string": "text"}},
    }]}).encode("ascii").decode("ascii"), "a.json")
    assert replay(path).text == "text"
    # What is added makes it one of ours.
    cassettes.call(path, "http://host.test/new", mode="new_episodes",
                   transport=cassettes.counting())
    assert replay(path).text == "text"
    assert replay(path, "http://host.test/new").text == "1"


@pytest.mark.parametrize("text, part", [
    (u"!!python/object/apply:os.system ['touch %s']", "not YAML that is safe to read"),
    (u"!!python/object/new:os.system ['touch %s']", "not YAML that is safe to read"),
    (u"a: !!python/name:os.system ''", "not YAML that is safe to read"),
    (u"a: [", "not YAML"),
    (u"[" * 5000, "not YAML"),
    (u"", "must be an object"),
    (u"3", "must be an object"),
    (u"version: 2\ninteractions: []", "version: vcrpy's version 2"),
    (u"version: 1", "has no 'interactions'"),
    (u"interactions: [3]", "interactions[0]"),
    (VERSION_1.replace(u"code: 201", u"code: many"), "interactions[0].response.status.code"),
    (VERSION_1.replace(u"uri: http", u"uri: gopher"), "interactions[0].request.uri"),
    (VERSION_1.replace(u"X-Number: 7", u"X-Number: 2020-01-01"), "headers.X-Number"),
    (VERSION_1.replace(u"X-Number: 7", u"7: [x, 7.5]"), "headers"),
    (OF_HTTPX.replace(u'"text"', u"[1]"), "response.content"),
    (BASE64.replace(u"AP8=", u"'!'"), "base64_string"),
    (OF_HTTPX.replace(u"{X-A: [b]}", u"{Content-Encoding: [nonsense]}"), "nonsense"),
    (BEFORE_1_0.replace(u"[accept, '*/*']", u"[accept]"), "request.headers"),
])
def test_what_is_no_cassette_is_refused(write, tmp_path, text, part):
    """And no code in it runs."""
    made = str(tmp_path / "made")
    path = write(text % made if "%s" in text else text)
    with pytest.raises(InvalidCassette) as caught:
        Cassette(path).__enter__()
    assert part in str(caught.value)
    assert path in str(caught.value)
    assert not os.path.exists(made)


def test_aliases_that_hold_millions_are_not_expanded(write):
    """"A billion laughs": each list has ten times the one before."""
    lines = [u"a0: &a0 [x]"] + [
        u"a%d: &a%d [%s]" % (n, n, u", ".join([u"*a%d" % (n - 1)] * 10)) for n in range(1, 12)]
    path = write(VERSION_1 + u"\n".join(lines))
    assert replay(path, URL, "POST").status_code == 201


@pytest.mark.parametrize("mode", ["new_episodes", "all"])
def test_yaml_is_not_written(write, mode):
    with pytest.raises(ValueError) as caught:
        Cassette(write(VERSION_1), mode=mode)
    assert "python -m waterspout.testing.cassette" in str(caught.value)


def test_yaml_is_not_recorded(tmp_path):
    with pytest.raises(ValueError):
        Cassette(str(tmp_path / "new.yml")).__enter__()
    with pytest.raises(NotRecorded):
        replay(str(tmp_path / "new.yml"))


def test_without_pyyaml_the_extra_is_named(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ImportError) as caught:
        Cassette(write(VERSION_1)).__enter__()
    assert 'pip install "waterspout[cassettes]"' in str(caught.value)


# Converting


def convert(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "waterspout.testing.cassette"] + list(arguments),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8")
    return process.returncode, output


def test_a_cassette_is_converted_and_masked(write, tmp_path):
    new = str(tmp_path / "new.json")
    status, output = convert(write(VERSION_1), new)
    assert (status, output) == (0, u"%s: 1 interactions\n" % new)
    with io.open(new, encoding="utf-8") as file:
        text = file.read()
    assert "dXNlcjpwYXNz" not in text and "token=other" not in text
    response = replay(new, URL, "POST")
    assert response.json() == {"name": u"\u4e2d"}
    # A file that is there is not replaced.
    status, output = convert(write(VERSION_1), new)
    assert status == 1 and "exists" in output


@pytest.mark.parametrize("arguments, status, part", [
    ([], 2, "usage"),
    (["{folder}/missing.yaml", "{folder}/new.json"], 1, "no such file"),
    (["{folder}/bad.yaml", "{folder}/new.json"], 1, "bad.yaml"),
    (["{folder}/bad.yaml", "{folder}/new.yaml"], 1, "written as JSON"),
])
def test_what_cannot_be_converted_is_told(write, tmp_path, arguments, status, part):
    write(u"3", "bad.yaml")
    found, output = convert(*[each.format(folder=tmp_path) for each in arguments])
    assert found == status and part in output and "Traceback" not in output
