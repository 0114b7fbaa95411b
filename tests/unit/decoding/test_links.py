"""Link header fields."""

from __future__ import absolute_import, division, print_function

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._decoding.links import parse_links

requests = pytest.importorskip("requests")

NEXT = {"url": "/2", "rel": "next"}


@pytest.mark.parametrize("field, links", [
    ("", {}),
    ("</2>; rel=next", {"next": NEXT}),
    ('</2>; rel="next"', {"next": NEXT}),
    ("</2>;rel='next'", {"next": NEXT}),
    ("</2>", {"/2": {"url": "/2"}}),
    ('</2>; rel=next, </9>; rel="last"', {"next": NEXT, "last": {"url": "/9", "rel": "last"}}),
    ('</2?a=1;b=2,3>; rel=next', {"next": {"url": "/2?a=1;b=2,3", "rel": "next"}}),
    ('</2>; rel=next; title="a, <b>; c"', {"next": dict(NEXT, title="a, <b>; c")}),
    ("no link at all", {}),
    ("<unclosed; rel=next", {}),
])
def test_link_fields_are_parsed_by_rel_or_url(field, links):
    """By ``rel``, else by URL; what is quoted is not looked into."""
    assert parse_links(field) == links


WORD = st.text("abcdefxyz/?=&.-_0189", min_size=1, max_size=8)
NAME = st.text("abcdefxyz", min_size=1, max_size=5)
VALUE = WORD.filter(lambda word: "=" not in word)
LINK = st.tuples(WORD, st.lists(st.tuples(NAME, VALUE), max_size=3))


@given(st.lists(LINK, max_size=4))
def test_simple_link_fields_are_parsed_as_by_requests(links):
    """What has neither a comma nor an '=' in quotes, where requests errs."""
    field = ", ".join(
        "<%s>%s" % (url, "".join('; %s="%s"' % pair for pair in pairs)) for url, pairs in links)
    response = requests.Response()
    response.headers["Link"] = field
    assert parse_links(field) == response.links


@pytest.mark.parametrize("part", ["<", "<a>", '<a>"', "<a>;b", '<a>;b="', "<a>; ", ";=", "<a>,"])
def test_a_hostile_link_field_takes_linear_time(part):
    """As long as a header may be, and more."""
    started = time.time()
    parse_links(part * 100000)
    assert time.time() - started < 5
