"""files= through requests and through every transport: the same bytes, the boundary aside."""

from __future__ import absolute_import, division, print_function

import io
import os
import re

import encoding_strategies as inputs
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import response
from urllib3 import filepost

import waterspout

# Controls and, before urllib3 2, backslashes: differences.multipart_names.
names = inputs.text.filter(
    lambda text: not re.search(u'[\x00-\x1f\x7f\\\\]', text)).filter(bool)
contents = st.one_of(inputs.text, st.binary(max_size=20))
values = st.one_of(inputs.text, st.binary(max_size=5), st.integers(), st.none())
header_values = st.text(
    alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
headers = st.dictionaries(  # py2: requests copies the dictionary, whose order changes with it.
    inputs.tokens.map(u"X-{}".format), header_values, max_size=1 if str is bytes else 2)
files = st.lists(
    st.tuples(names, st.one_of(
        contents,
        st.tuples(st.one_of(st.none(), names), contents),
        st.tuples(names, contents, st.one_of(st.none(), st.just("text/plain"))),
        st.tuples(names, contents, st.just("text/plain"), headers),
    )), min_size=1, max_size=3)
fields = st.lists(
    st.tuples(names, st.one_of(values, st.lists(values, max_size=2))), max_size=3)


def without_boundary(request):
    found = dict(request.headers)
    boundary = found["content-type"].partition("boundary=")[2]
    assert re.match("[0-9a-f]{32}$", boundary)
    kept = [(name, value.replace(boundary, "B")) for name, value in request.headers]
    return request._replace(
        headers=kept, body=request.body.replace(boundary.encode("ascii"), b"B"))


def same(pair, **kwargs):
    pair.reply = response(b"{}")
    arrived = []
    for call in (pair.ours, pair.theirs):
        (request,), _ = call("POST", pair.server.url(), **dict(
            (name, make()) for name, make in kwargs.items()))
        arrived.append(without_boundary(request))
    assert arrived[0] == arrived[1]


@settings(max_examples=100)
@given(files=files, data=fields)
def test_any_form_is_encoded_the_same(files, data):
    """Names, contents, types and header fields, of files and of fields beside them."""
    theirs = requests.Request("POST", "http://h/", files=files, data=data).prepare()
    ours = waterspout.PreparedRequest("POST", "http://h/", files=files, data=data)
    boundaries = [each.headers["Content-Type"].partition("boundary=")[2].encode("ascii")
                  for each in (theirs, ours)]
    assert ours.body.replace(boundaries[1], b"B") == theirs.body.replace(boundaries[0], b"B")
    assert ours.headers["Content-Length"] == theirs.headers["Content-Length"]


@pytest.mark.parametrize("files", [
    lambda: {"f": io.BytesIO(b"a" * 100000)},
    lambda: [("f", ("n.txt", io.BytesIO(b"a"))), ("f", ("m.txt", io.BytesIO(b"b"), "text/x"))],
    lambda: {"f": ("n", b"1", "text/plain", {"X-A": "b", "Content-Location": "/x"})},
    lambda: {"f": bytearray(b"abc"), "g": u"text", "h": ("n", 5), "none": None},
    lambda: {"f": 5, "none": None},
    lambda: [("f", open(__file__, "rb"))],
    lambda: [["f", ["n", "1"]]],
    lambda: {"f": ("", b"1")},
    lambda: {"f": (None, b"1")},
    lambda: {"f": ("n", None)},
    lambda: [("f", Named(b"a", u"/dir/\xe9.txt")), ("g", Named(b"b", "<fdopen>")),
             ("h", Named(b"c", 5))],
])
@pytest.mark.parametrize("data", [None, {"a": ["1", "2"]}, [("b", u"\xe9")], {b"c": b"d"}])
def test_files_arrive_the_same(pair, files, data):
    """Whatever form they are given in, and with the same length announced."""
    same(pair, files=files, data=lambda: data)


@pytest.mark.parametrize("path", [
    path for path in ("/proc/self/environ", "/proc/version") if os.access(path, os.R_OK)])
@pytest.mark.parametrize("keyword", ["data", "files"])
def test_files_of_unknown_size_arrive_the_same(pair, path, keyword):
    """In chunks as a body, with a length as part of a form: the kernel says they are empty."""
    pair.reply = response(b"{}")
    arrived = []
    for call in (pair.ours, pair.theirs):
        with open(path, "rb") as source:
            given = source if keyword == "data" else {"f": source}
            (request,), _ = call("POST", pair.server.url(), **{keyword: given})
        arrived.append(request if keyword == "data" else without_boundary(request))
    assert arrived[0] == arrived[1]
    assert arrived[0].body


class Named(io.BytesIO):
    def __init__(self, data, name):
        super(Named, self).__init__(data)
        self.name = name


def test_empty_files_make_no_form(pair):
    """An empty mapping or list is as good as none."""
    pair.reply = response(b"{}")
    for files in ({}, [], None):
        kwargs = {"files": files, "data": {"a": "b"}}
        url = pair.server.url()
        assert pair.ours("POST", url, **kwargs) == pair.theirs("POST", url, **kwargs)


def test_a_given_content_type_is_kept(pair):
    """As in requests, even where it names another boundary."""
    pair.reply = response(b"{}")
    (ours,), _ = pair.ours("POST", pair.server.url(), files={"f": b"1"},
                           headers={"Content-Type": "multipart/form-data; boundary=mine"})
    assert dict(ours.headers)["content-type"] == "multipart/form-data; boundary=mine"


@pytest.mark.parametrize("name", [u'a"b', u"a\rb", u"a\nb"])
def test_quotes_and_line_breaks_in_names_are_escaped_alike(name):
    """Quote, CR and LF, as browsers escape them."""
    theirs = filepost.encode_multipart_formdata({name: (name, b"1")}, boundary="B")[0]
    ours = waterspout._encoding.multipart.encode_multipart(
        None, {name: (name, b"1", "application/octet-stream")}, boundary=b"B")[0]
    assert ours == theirs
