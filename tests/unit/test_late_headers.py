"""Headers that are parsed late equal those that Tornado parses at once."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httputil import HTTPHeaders

from waterspout import _late_headers
from waterspout._late_headers import LateHeaders, native

RAW = b"Host: here\r\nA: 1\r\naccept:*/*\r\nB:\t 2 \t\r\nb-c: \r\nA: 3\r\n"

names = st.one_of(
    st.sampled_from(["Host", "host", "HOST", "Cookie", "x-a", "X-A", "x--a", "a_b"]),
    st.text("!#$%&'*+-.^_`|~019AZaz", min_size=1, max_size=5),
)
values = st.one_of(
    st.text("ab ,:;\t\"", max_size=6),
    st.text(
        u"\t" + u"".join(chr(code) for code in range(0x20, 0x7f)) + u"\x80\x85\xa0\xe9\xff",
        max_size=6),
)
paddings = st.sampled_from([u"", u" ", u"\t", u" \t "])
sections = st.lists(
    st.tuples(names, paddings, values, paddings).map(u"%s:%s%s%s\r\n".__mod__), max_size=8
).map(lambda lines: u"".join(lines).encode("latin-1"))


def by_tornado(raw):
    return HTTPHeaders.parse(native(raw))


#: py2: the order of a dict depends on how it came about.
in_order = sorted if str is bytes else list


def look(headers):
    """What the methods of `headers` return."""
    return [
        len(headers), bool(headers), in_order(headers), in_order(headers.items()),
        in_order(headers.values()), in_order(headers.get_all()),
        in_order(str(headers).split("\n")), dict(headers), headers.get("Host"),
        headers.get("host", "default"), headers.get_list("X-A"), headers.get_list("x-none"),
        "x-a" in headers, "X-None" in headers, headers == headers.copy(), type(headers.copy()),
    ]


CHANGES = {
    "none": lambda headers: None,
    "add": lambda headers: (headers.add("Host", "x"), headers.add("new", "y")),
    "set": lambda headers: headers.__setitem__("x-a", "z"),
    "delete": lambda headers: [headers.pop(name) for name in in_order(headers)[:2]],
    "update": lambda headers: headers.update({"host": "b", "Other": "c"}),
    "clear": lambda headers: headers.clear(),
    "parse_line": lambda headers: headers.parse_line("X-A: line"),
}
COPIES = {
    "itself": lambda headers: headers,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "constructor": HTTPHeaders,
}
COPIES.update(
    ("pickle %d" % protocol, lambda headers, protocol=protocol: pickle.loads(
        pickle.dumps(headers, protocol)))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1))


@given(sections)
def test_every_method_returns_what_it_returns_after_tornados_parse(raw):
    """Each looks at a fresh object, since the first access makes the fields."""
    expected = by_tornado(raw)
    assert look(LateHeaders(raw)) == look(expected)
    assert LateHeaders(raw) == expected and expected == LateHeaders(raw)
    for one, other in zip(LateHeaders(raw).get_all(), expected.get_all()):
        assert [type(each) for each in one] == [type(each) for each in other] == [str, str]


ASKED = ["Host", "host", "X-A", "x-a", "X-None", "Connection", "content-length", "a:b", "a", "",
         "\n", "A b"]


@pytest.mark.parametrize("name", ASKED)
@given(sections)
def test_a_field_is_found_before_the_others_are_parsed(name, raw):
    """Each question is the first one that its headers are asked."""
    expected = by_tornado(raw)
    assert LateHeaders(raw).get(name) == expected.get(name)
    assert LateHeaders(raw).get(name, "default") == expected.get(name, "default")
    assert (name in LateHeaders(raw)) == (name in expected)
    assert bool(LateHeaders(raw)) == bool(expected)
    try:
        value = expected[name]
    except KeyError:
        with pytest.raises(KeyError):
            LateHeaders(raw)[name]
    else:
        assert LateHeaders(raw)[name] == value
        assert type(LateHeaders(raw)[name]) is str


def test_asking_for_a_field_leaves_the_others_unparsed():
    """Most programs ask for two or three."""
    headers = LateHeaders(b"Host: a\r\nX: b\r\nx: c\r\n")
    assert (headers["host"], headers.get("None"), "X" in headers) == ("a", None, True)
    assert headers.unparsed is None  # X is there twice.
    headers = LateHeaders(b"Host: a\r\nX: b\r\n")
    assert (headers["host"], headers.get("None"), "X" in headers) == ("a", None, True)
    assert headers.unparsed == b"Host: a\r\nX: b\r\n"


@given(st.sampled_from(sorted(CHANGES)), st.sampled_from(sorted(COPIES)), sections)
def test_changed_and_copied_headers_equal_tornados(change, duplicate, raw):
    """Whether the copy is made before the first access or after a change."""
    before, after = [], []
    for make in (LateHeaders, by_tornado):
        copied = COPIES[duplicate](make(raw))
        CHANGES[change](copied)
        before.append(look(copied))
        changed = make(raw)
        CHANGES[change](changed)
        after.append(look(COPIES[duplicate](changed)))
    assert before[0] == before[1] and after[0] == after[1]


def test_a_change_of_a_copy_does_not_change_the_headers():
    """copy() copies the lists of values."""
    headers = LateHeaders(RAW)
    headers.copy().add("A", "4")
    copy.deepcopy(headers).add("A", "5")
    assert headers["A"] == "1,3" and headers.get_list("a") == ["1", "3"]


@pytest.mark.parametrize("look_first", [len, dict, str, list, lambda headers: headers["A"]])
def test_fields_are_made_once(look_first, monkeypatch):
    """And only when more is asked than for one field."""
    made = []
    make = _late_headers._attributes
    monkeypatch.setattr(_late_headers, "_attributes", lambda raw: made.append(raw) or make(raw))
    headers = LateHeaders(RAW)
    assert made == []
    assert headers["Host"] == "here" and "B-C" in headers and headers["b"] == "2" and headers
    assert made == []
    for _ in range(2):
        look_first(headers)
        assert made == [RAW]


def test_another_tornados_attributes_are_left_to_its_parser(monkeypatch):
    """A later version may keep its fields in another way."""
    monkeypatch.setattr(_late_headers, "_IS_KNOWN", False)
    monkeypatch.setattr(_late_headers, "_fast_attributes", None)
    assert look(LateHeaders(RAW)) == look(by_tornado(RAW))


def test_the_installed_tornados_attributes_are_known():
    """Otherwise each request would be parsed slowly, and no other test would fail."""
    assert _late_headers._IS_KNOWN
    assert set(vars(by_tornado(RAW))) == set(_late_headers._attributes(RAW))


def test_many_fields_of_one_name_take_linear_time():
    """Their values are joined once: a join for each field would copy 12 GB here."""
    raw = b"A: 0123456789\r\n" * 50000
    headers = LateHeaders(raw)
    assert len(headers["A"]) == 50000 * 11 - 1 and len(headers.get_list("A")) == 50000


def test_a_missing_attribute_is_an_attribute_error():
    """Before and after the first access."""
    headers = LateHeaders(b"")
    for _ in range(2):
        with pytest.raises(AttributeError):
            headers.no_such_attribute  # noqa: B018


def test_a_long_run_of_blanks_takes_linear_time():
    """Around a value, within it, and in place of it."""
    blanks = b" \t" * 200000
    raw = b"A:" + blanks + b"1" + blanks + b"2" + blanks + b"\r\nB:" + blanks + b"\r\n"
    headers = LateHeaders(raw)
    assert headers["A"] == native(b"1" + blanks + b"2") and headers["B"] == ""


@given(sections)
def test_many_fields_are_found_before_they_are_parsed(raw):
    """Each question finds what the first one would find."""
    headers, expected = LateHeaders(raw), by_tornado(raw)
    for name in ASKED * 2:
        assert headers.get(name) == expected.get(name)
        assert (name in headers) == (name in expected)
    assert headers == expected


def test_asking_for_many_fields_leaves_them_unparsed():
    raw = b"Host: a\r\nX: b \r\nY:\r\nZ:c\r\n"
    headers = LateHeaders(raw)
    assert [headers.get(name) for name in ("host", "X", "y", "Z", "None")] == [
        "a", "b", "", "c", None]
    assert headers.unparsed == raw


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_field_is_found_as_it_is_after_a_change(change):
    """Also if it was asked for before."""
    headers, expected = LateHeaders(RAW), by_tornado(RAW)
    for each in headers, expected:
        for name in ("Host", "B", "b-c", "new"):
            each.get(name)
        CHANGES[change](each)
    assert look(headers) == look(expected)
