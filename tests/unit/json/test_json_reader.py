# -*- coding: utf-8 -*-
"""A text read in steps has the value, or the error, that `json.loads` gives it."""

from __future__ import absolute_import, division, print_function

import gc
import itertools
import json
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_texts import TEXTS, damaged

from waterspout._json_text import content as json_content
from waterspout._json_text import reader as json_reader
from waterspout._json_text.content import LargeJSONContent
from waterspout._json_text.reader import LargeText

STEPS = st.sampled_from([16, 24, 64, 1024])


@pytest.fixture(autouse=True)
def _steps():
    usual = json_reader.STEP_CHARACTERS, json_content._STEP_BYTES
    yield
    json_reader.STEP_CHARACTERS, json_content._STEP_BYTES = usual


def outcome(function, *args):
    """A value in a form that compares NaN and tells 1 from 1.0 and true; or what was raised."""
    try:
        return "value", json.dumps(function(*args), sort_keys=True)
    except ValueError as error:
        return "error", str(error)


def in_steps(text):
    work = LargeText(text, json.JSONDecoder())
    for _ in work.steps():
        pass
    return work.value


@given(TEXTS | damaged(), STEPS)
def test_value_and_error_are_those_of_the_decoder(text, step):
    """Wherever the text is cut, and whatever is wrong with it.

    `json.loads` refuses a byte order mark before that, which is not for `LargeText` to do.
    """
    json_reader.STEP_CHARACTERS = step
    assert outcome(in_steps, text) == outcome(json.JSONDecoder().decode, text)


@pytest.fixture
def no_gc():
    """Only reference counts free memory."""
    gc.disable()
    yield
    gc.enable()


def begun(text, steps):
    """Read so many steps of a text, or all of them, and return a weak reference to the reader."""
    work = LargeText(text, json.JSONDecoder())
    try:
        for _ in itertools.islice(work.steps(), steps):
            pass
    except ValueError:
        pass
    return weakref.ref(work)


@pytest.mark.parametrize("steps", [None, 0, 1, 2])
@pytest.mark.parametrize("text", [u'["%s"]' % (u"a" * 100), u'[1, "%s' % (u"a" * 100), u"[1, x"])
def test_a_reader_is_freed_without_the_garbage_collector(text, steps, no_gc):
    """Large bodies defer the collector, so that what waits for it would fill the memory."""
    json_reader.STEP_CHARACTERS = 16
    assert begun(text, steps)() is None


ROW = u'{"name": "a, }, {", "disks": [{"a": 1}, {"b": "\\ud83d\\ude00"}], "n": 1}'
LONG = {
    "rows": u"[%s]" % u", ".join([ROW] * 2000),
    "rows of an object": u'{"keys": ["name"], "datas": [%s], "end": 1}' % u",\n".join([ROW] * 2000),
    "integers": u"[%s]" % u",".join([u"12"] * 50000),
    "strings with commas": u"[%s]" % u",".join([u'"a,b"'] * 30000),
    "empty containers": u"[%s]" % u",".join([u"[]", u"{}"] * 30000),
    "names": u"{%s}" % u",".join(u'"%d":[%d]' % (n, n) for n in range(20000)),
    "the same name": u"{%s}" % u",".join(u'"a":%d' % n for n in range(30000)),
    "one long string": u'"%s"' % (u"x\u4e2d" * 100000),
    "one long string of escapes": u'["%s"]' % (u"\\n\\ud83d\\ude00\\ud83d" * 20000),
    "a long name": u'{"%s": 1}' % (u"\\u00e9" * 20000),
    "white space": u"[ %s 1 %s ] " % (u" \n" * 50000, u"\t" * 100000),
    "one inside the other": u"%s%s%s" % (u'{"a": [' * 200, ROW * 1, u"]}" * 200),
    "a long element far inside": u'{"a": ' * 60 + u"[%s]" % u",".join([ROW] * 1000) + u"}" * 60,
}


@pytest.mark.parametrize("name", sorted(LONG))
@pytest.mark.parametrize("cut", [0, 1, 2, 1000])
def test_long_texts_of_any_shape_are_decoded_as_by_json_loads(name, cut):
    """Whole, or without their last characters."""
    text = LONG[name][:len(LONG[name]) - cut]
    assert outcome(in_steps, text) == outcome(json.loads, text)


@pytest.mark.parametrize("name", sorted(LONG))
def test_the_position_of_an_error_after_a_long_text_is_that_of_json_loads(name):
    """Its line and column are those in the whole text."""
    text = u"[%s,\n \x01]" % LONG[name]
    assert outcome(in_steps, text) == outcome(json.loads, text)


@pytest.mark.parametrize("name", sorted(LONG))
def test_no_step_decodes_more_than_its_share(name):
    """The C decoder is given 16 KB at a time, or one token, and steps are many."""
    given_bytes = []

    class Watched(LargeText):
        def decoded(self, value, depth, start, end):
            given_bytes.append(end - start)

    work = Watched(LONG[name], json.JSONDecoder())
    steps = sum(1 for _ in work.steps())
    assert max(given_bytes or [0]) <= json_reader.STEP_CHARACTERS
    assert steps >= len(LONG[name]) // (3 * json_reader.STEP_CHARACTERS)


def test_json_nested_too_deep_is_refused():
    """As by `json.loads`, with a RuntimeError; the stack is not used up."""
    with pytest.raises(RuntimeError):
        in_steps(u"[" * 200000)


@given(
    TEXTS | damaged(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32-be", "utf-16-le", "latin-1"]),
    st.sampled_from([None, "latin-1", "utf-8", "no such charset"]),
    STEPS,
)
def test_large_content_in_any_charset_is_decoded(text, charset, encoding, step):
    """A response's body is made text of as at once, and its errors are the same."""
    json_reader.STEP_CHARACTERS = json_content._STEP_BYTES = step
    content = text.encode(charset, "replace")
    assert outcome(_content_in_steps, content, encoding) == outcome(_content, content, encoding)


def _content(content, encoding):
    from waterspout.models.prepared_request import PreparedRequest
    from waterspout.models.response import Response

    response = Response(PreparedRequest("GET", "http://x/"), 200, "OK", {}.copy, content)
    response.encoding = encoding
    try:
        return json.loads(response._json_text())
    except LookupError as error:
        raise ValueError(str(error))
    except UnicodeDecodeError:
        raise ValueError("not that charset")


def _content_in_steps(content, encoding):
    work = LargeJSONContent(content, encoding)
    for _ in work.steps():
        pass
    try:
        return work.result()
    except LookupError as error:
        raise ValueError(str(error))
    except UnicodeDecodeError:
        raise ValueError("not that charset")
