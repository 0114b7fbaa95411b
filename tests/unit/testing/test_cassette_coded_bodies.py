"""A request body with content codings: kept without them, and masked."""

from __future__ import absolute_import, division, print_function

import json
import zlib
from base64 import b64decode, b64encode

import cassettes
import pytest

from waterspout.testing.cassette import NotRecorded
from waterspout.testing.cassette._file.convert import convert

URL = "http://host.test/a"
BODY = b'{"password": "S3CRETvalue99", "a": 1}'


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "a.json")


def send(path, coding, body, **options):
    return cassettes.call(path, URL, "POST", data=body, headers={
        "Content-Encoding": coding, "Content-Type": "application/json"}, **options)


def recorded_body(path):
    with open(path, "rb") as file:
        text = file.read().decode("utf-8")
    assert u"S3CRET" not in text
    return json.loads(text)["interactions"][0]["request"]["body"]


@pytest.mark.parametrize("coding, encode", [
    ("gzip", cassettes.gzipped), ("deflate", zlib.compress), ("GZIP", cassettes.gzipped),
    ("deflate, gzip", lambda body: cassettes.gzipped(zlib.compress(body))),
    ("identity", lambda body: body),
])
def test_it_is_decoded_and_masked(path, coding, encode):
    below = cassettes.counting()
    send(path, coding, encode(BODY), transport=below)
    assert below.sent[0].body == encode(BODY)  # What is sent is not changed.
    assert recorded_body(path) == {"json": {"password": "***", "a": 1}}
    match_on = ["method", "body"]
    assert send(path, coding, encode(BODY), mode="none", match_on=match_on).text == "1"
    with pytest.raises(NotRecorded):
        send(path, coding, encode(b'{"password": "S3CRETvalue99", "a": 2}'), mode="none",
             match_on=match_on)


@pytest.mark.parametrize("coding, body", [
    ("gzip", b"\x1f\x8b damaged S3CRETvalue99"),
    ("gzip", cassettes.gzipped(BODY)[:-9]),
    ("aws-chunked", BODY),
    ("gzip, gzip, gzip, gzip, gzip, gzip, gzip", BODY),
])
def test_what_cannot_be_decoded_is_masked_as_a_whole(path, coding, body):
    below = cassettes.counting()
    send(path, coding, body, transport=below)
    assert below.sent[0].body == body
    assert recorded_body(path) == {"text": "***"}
    assert send(path, coding, body, mode="none", match_on=["method", "body"]).text == "1"


def test_without_a_mask_it_is_kept(path):
    body = b"\x1f\x8b damaged"
    send(path, "gzip", body, transport=cassettes.counting(), mask=False)
    assert b64decode(recorded_body(path)["base64"]) == body


def test_a_hook_gets_it_decoded(path):
    seen = []

    def hook(sent):
        seen.append(sent.body)
        return sent

    send(path, "gzip", cassettes.gzipped(BODY), transport=cassettes.counting(),
         before_record_request=hook)
    assert seen == [BODY]
    recorded_body(path)


def test_a_file_of_vcrpy_is_decoded_too(tmp_path):

    old, new = str(tmp_path / "old.json"), str(tmp_path / "new.json")
    with open(old, "wb") as file:
        file.write(json.dumps({"version": 1, "interactions": [{
            "request": {"method": "POST", "uri": URL, "headers": {"Content-Encoding": ["gzip"]},
                        "body": {"base64_string": b64encode(cassettes.gzipped(BODY)).decode()}},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {},
                         "body": {"string": "ok"}},
        }]}).encode("ascii"))
    convert(old, new)
    assert recorded_body(new) == {"json": {"password": "***", "a": 1}}
