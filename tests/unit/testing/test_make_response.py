"""A Response for a unit test that needs no call."""

from __future__ import absolute_import, division, print_function

import pickle

import pytest

import waterspout
from waterspout.testing import make_response


def test_it_is_200_without_a_body():
    response = make_response()
    assert (response.status_code, response.reason, response.content) == (200, "OK", b"")
    assert response.url == "http://host.test/" and response.request.method == "GET"
    assert response.history == [] and response.elapsed.total_seconds() == 0


def test_bodies():
    assert make_response(json={"a": [1]}).json() == {"a": [1]}
    assert make_response(json=[]).headers["Content-Type"] == "application/json"
    assert make_response(text=u"\xe9").text == u"\xe9"
    assert make_response(content=b"\xff").content == b"\xff"
    assert "Content-Type" not in make_response(content=b"\xff").headers


def test_headers_of_a_response():
    response = make_response(headers=[("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"), ("X-A", 7)])
    assert response.headers.get_list("Set-Cookie") == ["a=b", "c=d"]
    assert response.cookies.get_dict() == {"a": "b", "c": "d"} and response.headers["x-a"] == "7"


def test_an_sdk_decodes_it():
    sdk = waterspout.BaseSDK("host.test")
    assert sdk.decode(make_response(json={"code": 0})) == {"code": 0}
    with pytest.raises(waterspout.HTTPError, match="503 Server Error"):
        sdk.decode(make_response(503, text=u"busy", method="POST", url="http://host.test/x"))


def test_its_request():
    request = waterspout.Request("PUT", "http://host.test/a").prepare()
    assert make_response(request=request).request is request
    response = make_response(404, method="delete", url="http://host.test/b", reason="Gone away")
    assert (response.request.method, response.url) == ("DELETE", "http://host.test/b")
    assert response.reason == "Gone away"
    assert pickle.loads(pickle.dumps(response)).status_code == 404


@pytest.mark.parametrize("kwargs", [
    {"json": 1, "text": u"x"}, {"content": u"x"}, {"text": 7}, {"url": "x"}, {"jsn": 1},
])
def test_bad_arguments(kwargs):
    with pytest.raises((TypeError, ValueError)):
        make_response(**kwargs)
