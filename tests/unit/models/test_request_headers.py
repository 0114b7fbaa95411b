"""RequestHeaders: what is set is checked and encoded, once, and merged by name."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._wire.field_lines import FieldLines
from waterspout.exceptions import InvalidHeader, LocalProtocolError
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request_headers import RequestHeaders
from waterspout.structures import Headers


def sent(headers):
    """The field lines as they are sent."""
    return headers.lines.raw


@pytest.mark.parametrize("own", [{"b": "2", "C": "3"}, [("b", "2"), ("C", "3")],
                                   Headers([("b", "2"), ("C", "3")])])
def test_a_header_of_the_call_replaces_the_sessions(own):
    """Whatever its case; the others stay, and the session's are not changed."""
    defaults = RequestHeaders([("A", "1"), ("B", "1")])
    merged = defaults.merged(own)
    assert dict(merged.lower_items()) == {"a": "1", "b": "2", "c": "3"}
    assert sent(merged) == b"A: 1\r\nb: 2\r\nC: 3\r\n"
    assert dict(defaults) == {"A": "1", "B": "1"} and sent(defaults) == b"A: 1\r\nB: 1\r\n"


def test_none_removes_a_header():
    """Also one that the session does not have."""
    defaults = RequestHeaders([("A", "1"), ("B", "1")])
    assert dict(defaults.merged({"a": None, "C": None})) == {"B": "1"}
    defaults.update({"A": None, "C": None})
    assert dict(defaults) == {"B": "1"} and sent(defaults) == b"B: 1\r\n"


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\n", u"\xe9", 1])
def test_a_name_that_is_no_token_is_refused(name):
    """By the constructor and over a session's headers."""
    with pytest.raises(InvalidHeader):
        RequestHeaders({name: "1"})
    with pytest.raises(InvalidHeader):
        RequestHeaders().merged({name: "1"})


@pytest.mark.parametrize("value", ["a\r\nB: 1", "a\n", "\x00", " a", "\ta", u"\u20ac", 1, ["a"]])
def test_a_value_that_is_more_than_one_is_refused(value):
    """The error names the header and keeps the value to itself."""
    for refused in (RequestHeaders, RequestHeaders().merged):
        with pytest.raises(InvalidHeader) as caught:
            refused({"A": value})
        assert "B: 1" not in str(caught.value)


def test_what_is_set_later_is_refused_where_it_is_sent():
    """As in requests: setting it raises nothing, and what is set right is sent again."""
    headers = RequestHeaders({"A": "1"})
    headers["B"] = "a\r\nC: 1"
    assert headers["B"] == "a\r\nC: 1" and headers.lines is None
    for refused in (headers.check, lambda: RequestHeaders.of(headers),
                    lambda: headers.merged({"C": "1"})):
        with pytest.raises(InvalidHeader):
            refused()
    headers["B"] = "2"
    headers.check()
    assert sent(headers) == b"A: 1\r\nB: 2\r\n"


def test_names_and_values_may_be_bytes_and_lose_trailing_blanks():
    """They are found by native names."""
    headers = RequestHeaders({b"A": b"\xff \t"})
    headers[b"B"] = u"\xe9"
    assert headers["a"] == b"\xff".decode("latin-1") if str is not bytes else b"\xff"
    assert "B" in headers and sent(headers) == b"A: \xff\r\nB: \xe9\r\n"


def test_two_hosts_are_refused():
    """One would be read by a proxy and the other by the server."""
    headers = RequestHeaders({"Host": "a"})
    assert headers.lines.has_host
    headers.add("host", "b")
    with pytest.raises(LocalProtocolError):
        headers.check()


def test_copies_share_what_is_encoded_and_change_alone():
    """A session's headers are encoded once for all of its calls."""
    headers = RequestHeaders({"A": "1"})
    twin = RequestHeaders.of(headers)
    assert twin.lines is headers.lines
    twin["A"] = "2"
    del twin["A"]
    assert sent(headers) == b"A: 1\r\n" and sent(twin) == b""


def test_the_body_decides_on_its_length():
    """Whatever is given is not sent, and the headers show what is."""
    request = PreparedRequest("POST", "http://h/", data=b"four", headers={
        "Content-Length": "7", "Transfer-Encoding": "chunked"})
    assert request.headers["Content-Length"] == "4"
    assert "Transfer-Encoding" not in request.headers and sent(request.headers) == b""
    request.headers["Content-Length"] = "9"
    request.body = iter([b"a"])
    request.settle()
    assert dict(request.headers) == {"Transfer-Encoding": "chunked"}
    request = PreparedRequest("GET", "http://h/", headers={"Content-Length": "7"})
    assert dict(request.headers) == {} and not request.says_empty
    assert PreparedRequest("POST", "http://h/").says_empty


@pytest.mark.parametrize("twin_of", [
    copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deepcopy", "pickle"])
def test_a_copy_is_sent_as_the_first(twin_of):
    """What is encoded does not go along: it is made again."""
    headers = PreparedRequest("POST", "http://h/", data=b"four", headers={"A": "1"}).headers
    twin = twin_of(headers)
    assert twin == headers and twin["Content-Length"] == "4" and sent(twin) == sent(headers)


_names = st.sampled_from(["A", "a", "B", "Host", "host", "Connection", "Expect", "Upgrade",
                          "Content-Length", "transfer-encoding"])
_values = st.sampled_from(["1", "close", "100-continue", "text "])


def test_fields_are_sent_in_the_order_in_which_they_are_shown():
    """But for Host, which is first (RFC 9110 section 7.2)."""
    merged = RequestHeaders([("A", "1")]).merged([("B", "2"), ("Host", "h"), ("C", "3")])
    assert sent(merged) == b"Host: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n"


@given(st.lists(st.tuples(_names, _values), max_size=4),
       st.lists(st.tuples(_names, st.one_of(st.none(), _values)), max_size=4))
def test_merging_is_setting_one_after_the_other(defaults, call):
    """Fields, encoded lines, and what is known of them."""
    try:
        session = RequestHeaders(defaults)
    except LocalProtocolError:  # Two Host fields.
        return
    one_by_one = session.copy()
    for name, value in call:
        one_by_one[name] = value
    merged = session.merged(call)
    assert merged.fields == one_by_one.fields
    assert merged.states_length == one_by_one.states_length
    for name in FieldLines.__slots__:
        assert getattr(merged.lines, name) == getattr(one_by_one.lines, name), name


def test_merge_is_merged_in_place():
    """With names that are there already, and with fields that are not encoded yet."""
    for more in ({"C": "3"}, {"a": "2"}, {"A": None}, {"Host": "h"}, {"Content-Length": "1"}):
        headers = RequestHeaders({"A": "1"})
        headers["B"] = "2"
        merged = headers.merged(more)
        headers.merge(more)
        assert headers.fields == merged.fields
        assert headers.states_length == merged.states_length
        assert headers.lines == merged.lines


def test_merge_that_raises_changes_nothing():
    """Neither a field before the invalid one."""
    headers = RequestHeaders({"A": "1"})
    before, lines = headers.fields, headers.lines
    with pytest.raises(InvalidHeader):
        headers.merge([("B", "2"), ("C", "a\r\nD: 1")])
    assert headers.fields == before and headers.lines == lines
