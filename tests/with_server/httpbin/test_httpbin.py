# -*- coding: utf-8 -*-
"""httpbin's well-known endpoints, over every transport."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_arrives_with_params_and_headers(client, httpbin, method):
    """``/anything`` tells what it got: the method, the query, a header of ours."""
    response = client.request(
        method, httpbin("/anything"), params={"q": "a b", "n": [1, 2]}, headers={"X-Ours": "1"})
    told = response.json()
    assert told["method"] == method
    assert told["args"] == {"q": "a b", "n": ["1", "2"]}
    assert told["headers"]["X-Ours"] == "1"
    assert told["headers"]["User-Agent"] == "waterspout/" + waterspout.__version__


@pytest.mark.parametrize("method", METHODS)
def test_each_endpoint_takes_its_method(client, httpbin, method):
    """``/get``, ``/post`` and so on refuse any other method with 405."""
    assert client.request(method, httpbin("/" + method.lower())).ok
    other = METHODS[METHODS.index(method) - 1]
    assert client.request(other, httpbin("/" + method.lower())).status_code == 405


def test_head_has_no_body(client, httpbin):
    """HEAD has GET's headers, and nothing after them."""
    response = client.request("HEAD", httpbin("/get"))
    assert response.ok and response.content == b""
    assert int(response.headers["Content-Length"]) > 0


def test_options_tells_what_is_allowed(client, httpbin):
    assert "GET" in client.request("OPTIONS", httpbin("/get")).headers["Allow"]


def test_a_form_a_body_and_json_arrive(client, httpbin):
    """Each ``data=`` and ``json=`` is read by httpbin as what it was."""
    form = client.post(httpbin("/post"), data={"a": [u"1", u"zwölf"], "b": u""}).json()
    assert form["form"] == {"a": [u"1", u"zwölf"], "b": u""}
    plain = client.post(httpbin("/post"), data=b"plain bytes").json()
    assert plain["data"] == "plain bytes"
    encoded = client.post(httpbin("/post"), json={"a": [1, None, u"ü"]}).json()
    assert encoded["json"] == {"a": [1, None, u"ü"]}
    assert encoded["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 404, 418, 500, 503])
def test_a_status_is_reported(client, httpbin, status):
    """``ok``, the truth of the response and raise_for_status() agree."""
    response = client.get(httpbin("/status/%d" % status))
    assert response.status_code == status
    assert response.ok is bool(response) is (status < 400)
    if response.ok:
        assert response.raise_for_status() is None
    else:
        with pytest.raises(waterspout.HTTPError) as caught:
            response.raise_for_status()
        assert caught.value.response is response and caught.value.request is response.request


@pytest.mark.parametrize("path", ["/redirect/3", "/relative-redirect/3", "/absolute-redirect/3"])
def test_redirects_are_followed(client, httpbin, path):
    """Three redirects lead to ``/get``, and history has them in order."""
    response = client.get(httpbin(path))
    assert response.url == httpbin("/get")
    assert [each.status_code for each in response.history] == [302] * 3
    assert response.history[0].url == httpbin(path)


def test_redirects_are_handed_out_unless_followed(client, httpbin):
    """``allow_redirects=False`` gives the redirect itself."""
    response = client.get(httpbin("/redirect/1"), allow_redirects=False)
    assert response.status_code == 302 and response.is_redirect and response.history == []


@pytest.mark.parametrize("status, method", [(301, "GET"), (302, "GET"), (303, "GET"),
                                            (307, "POST"), (308, "POST")])
def test_a_redirected_post_is_what_requests_makes_of_it(client, httpbin, status, method):
    """301 to 303 become a GET without a body, 307 and 308 stay as they are."""
    response = client.post(
        httpbin("/redirect-to"), params={"url": httpbin("/anything"), "status_code": status},
        data={"a": "b"})
    told = response.json()
    assert told["method"] == method
    assert told["form"] == ({"a": "b"} if method == "POST" else {})


def test_too_many_redirects(make_client, httpbin):
    """One more than ``max_redirects`` fails, with the last response."""
    client = make_client(max_redirects=3)
    assert client.get(httpbin("/redirect/3")).ok
    with pytest.raises(waterspout.TooManyRedirects) as caught:
        client.get(httpbin("/redirect/4"))
    assert caught.value.response.status_code == 302


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_gzip_or_deflate_body_is_decoded(client, httpbin, coding):
    """``/gzip`` and ``/deflate`` say in JSON that they are."""
    field = {"gzip": "gzipped"}.get(coding, "deflated")
    response = client.get(httpbin("/" + coding))
    assert response.headers["Content-Encoding"] == coding
    assert response.json()[field] is True


def test_bytes_are_bytes(client, httpbin):
    """Two reads of one random seed are equal; the length is the one asked for."""
    first, second = [client.get(httpbin("/bytes/70000?seed=7")).content for _ in range(2)]
    assert len(first) == 70000 and first == second


def test_text_is_decoded(client, httpbin):
    """``/encoding/utf8`` is the UTF-8 demo page."""
    response = client.get(httpbin("/encoding/utf8"))
    assert response.encoding == "utf-8"
    assert u"∮ E⋅da = Q" in response.text


def test_links_page_is_html(client, httpbin):
    """``/links`` redirects to its first page."""
    response = client.get(httpbin("/links/3"))
    assert response.url == httpbin("/links/3/0")
    assert response.text.count("<a href=") == 2


def test_headers_come_back(client, httpbin):
    """``/response-headers`` answers with any header, several of a name as well."""
    response = client.get(httpbin("/response-headers?X-A=1&X-A=2&Link=%3C/2%3E;%20rel=next"))
    assert response.headers.get_list("x-a") == ["1", "2"]
    assert response.links == {"next": {"url": "/2", "rel": "next"}}


def test_ranges_and_conditions(client, httpbin):
    """206 for a part, 304 for what the caller has."""
    part = client.get(httpbin("/range/100"), headers={"Range": "bytes=10-19"})
    assert part.status_code == 206 and part.content == b"klmnopqrst"
    cached = client.get(httpbin("/etag/one"), headers={"If-None-Match": "one"})
    assert cached.status_code == 304 and cached.content == b""


def test_lines_of_json(client, httpbin):
    """``/stream/n`` is n lines; each is JSON."""
    response = client.get(httpbin("/stream/5"))
    lines = response.content.splitlines()
    assert len(lines) == 5
    pulled = response.iter_lines()
    assert [client.run(pulled.next) for _ in range(6)] == lines + [None]


def test_a_slow_answer_is_waited_for_or_not(client, httpbin):
    """``/delay/1`` comes after its second, if the read timeout allows it."""
    response = client.get(httpbin("/delay/1"))
    assert response.elapsed.total_seconds() >= 0.9
    assert response.trace.total >= response.elapsed.total_seconds() - 0.001
    with pytest.raises(waterspout.ReadTimeout):
        client.get(httpbin("/delay/1"), timeout=(20, 0.2))


def test_userinfo_authenticates(client, httpbin):
    """user:password in the URL is basic authentication; without it there is a 401."""
    url = httpbin("/basic-auth/user/pass%20word")
    assert client.get(url).status_code == 401
    assert client.get(url.replace("//", "//user:pass%20word@")).json()["authenticated"] is True


@pytest.mark.parametrize("path, kind", [("/xml", "application/xml"), ("/html", "text/html"),
                                        ("/json", "application/json"), ("/image/png", "image/png"),
                                        ("/robots.txt", "text/plain")])
def test_content_types(client, httpbin, path, kind):
    assert client.get(httpbin(path)).headers["Content-Type"].startswith(kind)
