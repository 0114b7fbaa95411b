# -*- coding: utf-8 -*-
"""Patterns of attributes: the same matches as `re`, in linear time."""

from __future__ import absolute_import, division, print_function

import random
import re
import time
import warnings

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.models import linear_regex
from waterspout_cmdb.sandbox.models.linear_regex import Regex, compile_regex
from waterspout_cmdb.sandbox.operations import defining_attributes
from waterspout_cmdb.sandbox.storage import Store, TookTooLong
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.values import InvalidValue

ANCHORS = [u"^", u"$", u"\\b", u"\\B", u"\\A", u"\\Z"]
PIECES = ANCHORS + [u"a", u"b", u"-", u"\\.", u".", u"[ab]", u"[^a]", u"\\w", u"\\d", u"\\s"]
PIECES += [u"中", u"\n", u"[-\\w]", u"\\D", u"\\W"]
REPEATS = [u"*", u"+", u"?", u"{2}", u"{1,3}", u"{0,2}?", u"*?", u"{2,}"]


def pattern_from(dice, depth=0):
    """Some pattern; not all of them are ones to Python."""
    pattern = u""
    for _ in range(dice.randrange(1, 4)):
        kind = dice.random() if depth < 3 else 0
        if kind < 0.6:
            piece = dice.choice(PIECES)
        elif kind < 0.8:
            piece = u"(%s)" % pattern_from(dice, depth + 1)
        else:
            piece = u"(?:%s|%s)" % (pattern_from(dice, depth + 1), pattern_from(dice, depth + 1))
        if dice.random() < 0.4 and piece not in ANCHORS:
            piece += dice.choice(REPEATS)
        pattern += piece
    return pattern


@pytest.mark.parametrize("seed", range(10))
def test_matches_are_those_of_re(seed):
    """Compared on short texts, for which `re` does not take long."""
    dice = random.Random(seed)
    compared = 0
    for _ in range(150):
        pattern = dice.choice([u"", u"", u"(?i)", u"(?m)", u"(?s)"]) + pattern_from(dice)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                oracle = re.compile(pattern, re.UNICODE)
        except (re.error, Warning):
            continue
        regex = Regex(pattern)
        for _ in range(10):
            text = u"".join(dice.choice(u"abAB-.\n 1中") for _ in range(dice.randrange(7)))
            assert regex.search(text) == bool(oracle.search(text)), (pattern, text)
            compared += 1
    assert compared > 500


@pytest.mark.parametrize(
    "pattern",
    [
        u"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9-]+)*$",
        u"^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.|$)){4}$",
        u"^1[3-9]\\d{9}$",
        u"^[一-龥]+$",
        u"^\\w+([-+.]\\w+)*@\\w+([-.]\\w+)*\\.\\w+([-.]\\w+)*$",
        u"(?P<year>\\d{4})-(?P<month>\\d\\d)",
    ],
)
def test_common_patterns_match(pattern):
    """Host names, addresses, telephone numbers, Chinese, e-mail addresses, dates."""
    texts = [u"web-1.example.com", u"-x", u"10.0.0.1.", u"13800138000", u"主机", u"a.b@c.de", u""]
    texts += [u"2024-02-29", u"10.0.0.256"]
    for text in texts:
        assert compile_regex(pattern).search(text) == bool(re.search(pattern, text, re.UNICODE))


@pytest.mark.parametrize(
    "pattern, text",
    [
        (u"^(a+)+$", u"a" * 50 + u"b"),
        (u"^(a|aa)+$", u"a" * 100000 + u"b"),
        (u"(.*)*x$", u"y" * 100000),
        (u"^.*.*.*.*.*x$", u"y" * 100000),
        (u"^(\\w+\\s?)*$", u"a" * 100000 + u"!"),
    ],
)
def test_exponential_patterns_take_linear_time(pattern, text):
    """A second for two million characters, in pieces; `re` would not finish."""
    start = time.time()
    assert not compile_regex(pattern).search(text)
    assert time.time() - start < 10


def test_text_that_takes_too_long_is_refused(monkeypatch):
    """Almost each of its characters leads to a new state."""
    monkeypatch.setattr(linear_regex, "MAX_STEPS", 2000)
    dice = random.Random(1)
    text = u"".join(dice.choice(u"ab") for _ in range(10000))
    with pytest.raises(InvalidValue) as caught:
        Regex(u"(a|b)*a(a|b){12}c").search(text)
    assert "takes too long" in caught.value.args[0]


def test_caches_are_bounded(monkeypatch):
    """Both that of one pattern and that of patterns; the results are the same."""
    monkeypatch.setattr(linear_regex, "_MAX_KEPT", 5)
    regex = Regex(u"^[^x]*$")
    assert regex.search(u"".join(u"%c" % number for number in range(1, 200))) is False
    assert regex.search(u"abc" * 100) is True
    assert len(regex._states) <= 5
    monkeypatch.setattr(linear_regex, "_regexes", {})
    for number in range(2 * linear_regex._MAX_PATTERNS):
        assert compile_regex(u"%d" % number).search(u"%d" % number)
    assert len(linear_regex._regexes) <= linear_regex._MAX_PATTERNS


@pytest.mark.parametrize(
    "pattern, complaint",
    [
        (u"(?=a)b", u"looks around"),
        (u"(?<!a)b", u"looks around"),
        (u"(a)\\1", u"refers to a group"),
        (u"(?:a{1000}){1000}", u"too long"),
        (u"(", u"is not a regular expression"),
    ],
)
def test_unsupported_pattern_is_refused_with_the_model(data, pattern, complaint):
    """It is refused when the model is defined, not at the first text; in structs, too."""
    for value in (
        {"type": "str", "regex": pattern},
        {"type": "struct", "struct_define": [{"id": "m", "type": "str", "regex": pattern}]},
    ):
        body = {"id": "x", "name": "x", "value": value}
        with pytest.raises(InvalidArgument) as caught:
            data.write(defining_attributes.create_attribute, u"HOST", body)
        assert complaint in caught.value.text


def test_repeated_empty_pattern_matches_the_empty_text():
    """Any number of repetitions of an empty pattern is empty."""
    assert Regex(u"^(?:){400000000}a$").search(u"a")


def test_import_that_takes_too_long_in_python_is_stopped(tmpdir):
    """Most of its time is spent in Python between statements of SQLite."""
    attributes = [
        {"id": "name", "value": {"type": "str"}},
        {"id": "x", "value": {"type": "str", "regex": "(a|b)*a(a|b){20}c"}},
    ]
    store = Store.open(
        str(tmpdir.join("slow.db")),
        seed=[{"objectId": "A", "attrList": attributes}],
        write_seconds=0.3,
    )
    dice = random.Random(1)
    text = u"".join(dice.choice(u"ab") for _ in range(15000))
    rows = [{"name": u"%d" % number, "x": text} for number in range(10000)]
    with pytest.raises(TookTooLong):
        Data(store).load("A", [u"name"], rows)
    assert Data(store).search("A")["total"] == 0
    store.close()


def test_pattern_that_another_thread_drops_is_compiled_again(monkeypatch):
    """Threads share the cache, and one may clear it while another looks up its pattern."""

    class Dropping(dict):
        def __contains__(self, key):
            found = dict.__contains__(self, key)
            self.clear()
            return found

    monkeypatch.setattr(linear_regex, "_regexes", Dropping(a=Regex(u"a")))
    assert compile_regex(u"a").search(u"a")
