# -*- coding: utf-8 -*-
"""Which answers of the CMDB are kept to be passed on as they came."""

from __future__ import absolute_import, division, print_function

import codecs
import sys

import pytest

from waterspout.testing import make_response
from waterspout_cmdb.gateway.passing_sdk import Answer, PassingSDK
from waterspout_cmdb.sdk import CMDBError

PY2 = sys.version_info[0] == 2


@pytest.fixture
def sdk():
    return PassingSDK("cmdb.example")


def response(content, status=200, content_type="application/json"):
    return make_response(status, content=content, headers={"Content-Type": content_type},
                         method="POST", url="http://cmdb.example/")


@pytest.mark.parametrize("content", [
    b'{"code": 0}',
    b'{"code":0,"data":{"n":1.10,"e":1e2}}\r\n',
    u'{"code": 0, "data": "\u4e2d\U0001f600"}'.encode("utf-8"),
    b'{"code": 0, "data": "\\ud83d\\ude00"}',
    b'{"code": 0, "data": "' + b"x" * 60000 + b'"}',
    b' \r\n\t{"code": 0}',
    u'{"code": 0, "data": "\ud55c\uae00"}'.encode("utf-8"),
], ids=["short", "numbers", "text", "escapes", "long", "spaces", "like-a-surrogate"])
def test_json_in_utf_8_is_kept(sdk, content):
    answer = sdk.decode(response(content))
    assert answer.encoded == content
    assert answer == response(content).json() and isinstance(answer, dict)


@pytest.mark.parametrize("content, content_type", [
    (b'{"code": 0, "data": NaN}', "application/json"),
    (b'{"code": 0, "data": [-Infinity]}', "application/json"),
    (b'{"code": 0, "data": "NaN"}', "application/json"),
    (codecs.BOM_UTF8 + b'{"code": 0}', "application/json"),
    (u'{"code": 0}'.encode("utf-16-le"), "application/json"),
    (u'{"code": 0}'.encode("utf-16"), "application/json"),
    (u'{"code": 0}'.encode("utf-32-be"), "application/json"),
    (u'{"code": 0, "data": "\xe9"}'.encode("latin-1"), "application/json; charset=latin-1"),
    (b'{"code": 0, "data": "' + b"x" * 70000 + b'"}', "application/json"),
], ids=["nan", "infinity", "nan-in-text", "mark", "utf-16-le", "utf-16", "utf-32", "latin-1",
        "large"])
def test_what_is_not_json_in_utf_8_or_not_surely_is_encoded_again(sdk, content, content_type):
    answer = sdk.decode(response(content, content_type=content_type))
    assert answer.encoded is None
    assert answer["code"] == 0


@pytest.mark.skipif(not PY2, reason="only Python 2 decodes surrogates")
def test_raw_surrogates_are_not_passed_on(sdk):
    assert sdk.decode(response(b'{"code": 0, "data": "\xed\xa0\x80"}')).encoded is None


@pytest.mark.parametrize("status, content", [(200, b'{"code": 1}'), (500, b'{"code": 0}')])
def test_errors_are_those_of_the_cmdb(sdk, status, content):
    with pytest.raises(CMDBError):
        sdk.decode(response(content, status))


def test_an_answer_is_a_dict():
    answer = Answer({"code": 0}, b'{"code": 0}')
    assert answer == {"code": 0} and dict(answer) == {"code": 0}
