"""Waterfalls: each line to the letter, what they take and what they refuse."""

from __future__ import absolute_import, division, print_function

import xml.dom.minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_server import answering, response

import waterspout
from waterspout.exceptions import ConnectError, ReadTimeout
from waterspout.instrumentation import (
    CallCancelled,
    CallContext,
    CallDone,
    CallFailed,
    CallRecorder,
    CallStarted,
    ObservedCall,
    ObservedExchange,
    waterfall,
)
from waterspout.instrumentation.waterfall.scale import shown_seconds
from waterspout.models.prepared_request import PreparedRequest


def a_call(operation=None, method="GET", started=100.0, context=None):
    return ObservedCall(1, operation, method, "http://h:80", None, "pooled", started, 0, context)


def exchange(method, status, *moments, **kwargs):
    failed = (kwargs["failed"],) if "failed" in kwargs else ()
    return ObservedExchange(method, "http://h:80", status, (moments, 1, False) + failed)


SEARCH = CallDone(
    a_call("/object/{object_id}/_search", "POST"), 100.048, 200, 9,
    (exchange("POST", 200, 100.0, 100.0, 100.004, 100.008, None, 100.01, 100.04, 100.048),))
LOGIN = CallDone(a_call("/login", started=100.002), 100.03, 200, 9, (
    exchange("GET", 302, 100.002, 100.002, None, None, None, 100.0024, 100.01, 100.0104),
    exchange("GET", 200, 100.0108, 100.011, None, 100.014, 100.02, 100.0204, 100.029, 100.03)))
QUOTA = CallFailed(a_call("/quota", started=100.01), 100.06, ReadTimeout("late"), "read", (
    exchange("GET", None, 100.01, 100.02, None, None, None, 100.021, 100.06, None,
             failed=100.06),))
PUT = CallCancelled(a_call(None, "PUT", started=100.04), 100.058, ())


def test_the_text_of_several_calls():
    """One axis, in the order in which they began; the second exchange below its first."""
    assert waterfall([PUT, QUOTA, SEARCH, LOGIN]) == """\
                                      0                 60.0 ms
POST /object/{object_i.. 200         |ddcswwwwwwwwwwwwwbbb     | 48.0 ms
GET /login               302         | www                     | 8.40 ms
  GET                    200         |     cttwwwwb            | 19.2 ms
GET /quota               ReadTimeout |    qqqqswwwwwwwwwwwwwwww| 50.0 ms
PUT                      cancelled   |                 ------- | 18.0 ms
q queue  d name  c connect  t TLS  s send  w wait  b body  - unknown"""


def test_one_call():
    """Its axis is its own."""
    lines = waterfall(QUOTA, width=52).split("\n")
    assert lines == [
        "                        0           50.0 ms",
        "GET /quota ReadTimeout |qqqqwwwwwwwwwwwwwww| 50.0 ms",
        "q queue  s send  w wait",
    ]


def bar(text):
    """The first row's bar, with its ends."""
    line = text.split("\n")[1]
    return line[line.index("|"):line.rindex("|") + 1]


def make_response(status, moments, history=(), url="http://u:pw@h/a?token=hidden"):
    made = waterspout.Response(
        PreparedRequest("GET", url), status, "", waterspout.Headers(), b"", (moments, 1, None))
    made.history = list(history)
    return made


def test_a_response_and_its_history():
    """A row each, with the path and nothing else of the URL."""
    first = make_response(302, (5.0, 5.0, None, None, None, None, 5.2, 5.3))
    text = waterfall(make_response(200, (5.3, 5.3, None, None, None, None, 5.8, 6.0), [first]))
    lines = text.split("\n")
    assert lines[1].startswith("GET /a 302 |www") and lines[1].endswith(" 300 ms")
    assert lines[2].startswith("GET /a 200 |") and lines[2].endswith(" 700 ms")
    assert "hidden" not in text and "pw" not in text


def test_a_streamed_response_that_is_not_read():
    """Until its head."""
    text = waterfall(make_response(200, (5.0, 5.0, None, None, None, None, 5.2, None)))
    assert text.split("\n")[1].endswith(" 200 ms")


def test_an_error():
    """Of which the transport knows the times; without them there is nothing to show."""
    error = ConnectError("refused", request=PreparedRequest("GET", "http://h/a?hidden"))
    assert "(no calls)" in waterfall(error)
    error.times = ((1.0, 1.1, 1.3, None, None, None, None, None), 1, False, 1.3)
    line = waterfall(error).split("\n")[1]
    assert line.startswith("GET /a ConnectError |qqq") and line.endswith("300 ms")
    assert set(bar(waterfall(error))) == set("|qd")


def test_an_error_with_a_response():
    """Its exchanges are shown."""
    answer = make_response(503, (5.0, 5.0, None, None, None, None, 5.2, 5.3))
    error = waterspout.HTTPError("no", request=answer.request, response=answer)
    assert waterfall(error).split("\n")[1].startswith("GET /a 503 |")


def test_no_calls():
    """A page has something to show."""
    assert waterfall([]).split("\n")[1].startswith("(no calls)")
    assert "(no calls)" in waterfall([], format="svg")


def test_calls_that_took_no_time():
    """Nothing is divided by it; the phase has a letter."""
    moments = (5.0, 5.0, None, None, None, None, 5.0, 5.0)
    assert "0 us" in waterfall(make_response(200, moments))
    long = make_response(200, (5.0, 5.0, None, None, None, None, 60.0, 60.0))
    assert "w" in waterfall([make_response(200, (5.0, 5.0, None, None, None, None, 5.0001, 5.0001)),
                             long]).split("\n")[1].partition("|")[2]


def test_a_response_without_times_has_no_place_on_the_axis():
    """It is shown, below the others, and does not stretch their axis."""
    request = PreparedRequest("GET", "http://h/unknown")
    unknown = waterspout.Response(request, 200, "", waterspout.Headers(), b"", ())
    known = make_response(200, (5000.0, 5000.0, None, None, None, None, 5000.2, 5000.3))
    lines = waterfall([unknown, known]).split("\n")
    assert lines[0].endswith(" 300 ms")
    assert lines[1].startswith("GET /a ") and "|www" in lines[1]
    assert lines[2].startswith("GET /unknown 200 |  ") and lines[2].endswith("|       -")
    assert "in 300 ms" in waterfall([unknown, known], format="svg")
    assert waterfall(unknown).split("\n")[0].endswith(" 0 us")
    later = make_response(200, (6000.0, 6000.0, None, None, None, None, 6000.2, 6000.3), [unknown])
    assert [line[:6] for line in waterfall([later, known]).split("\n")[1:4]] == [
        "GET /a", "GET /u", "GET /a"]


@pytest.mark.parametrize("what", [
    5, None, "text", b"bytes", ValueError(), CallStarted(a_call(), 1.0), [5], [[SEARCH]],
    [CallStarted(a_call(), 1.0)], {"a": 1}, object()])
def test_what_is_no_call(what):
    """A sentence that says what can be shown."""
    with pytest.raises(TypeError) as caught:
        waterfall(what)
    assert "waterfall() shows" in str(caught.value)


@pytest.mark.parametrize("arguments", [
    {"width": 39}, {"width": 1001}, {"format": "html"}, {"format": None}])
def test_wrong_arguments(arguments):
    with pytest.raises(ValueError):
        waterfall(SEARCH, **arguments)


def test_a_name_cannot_forge_a_line():
    """Whatever a program has named its call."""
    bad = a_call(u"/a\n200 GET /b\x1b[31m\u202e <script>")
    text = waterfall(CallCancelled(bad, 101.0, ()), width=100)
    assert len(text.split("\n")) == 3 and "\x1b" not in text and u"\u202e" not in text
    assert isinstance(text, str)


def test_the_picture():
    """It is XML, without a script; text is escaped; it says what it shows to those who listen."""
    named = SEARCH._replace(call=a_call("/a<b>&\"c'"))
    text = waterfall([named, QUOTA], format="svg")
    root = xml.dom.minidom.parseString(text.encode("utf-8")).documentElement
    assert isinstance(text, str) and root.tagName == "svg" and root.getAttribute("role") == "img"
    title = root.getElementsByTagName("title")[0]
    assert title.parentNode is root and title.firstChild.data == "Waterfall: 2 exchanges in 60.0 ms"
    description = root.getElementsByTagName("desc")[0].firstChild.data
    assert "GET /a<b>&\"c': 200, 48.0 ms (" in description
    assert "connect 4.00 ms" in description and "ReadTimeout" in description
    assert not root.getElementsByTagName("script") and "href" not in text and "url(" not in text
    assert "prefers-color-scheme:dark" in text
    for rect in root.getElementsByTagName("rect"):
        assert 0 <= float(rect.getAttribute("x") or 0) <= float(root.getAttribute("width"))


@given(st.lists(st.tuples(
    st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=7, max_size=7),
    st.one_of(st.none(), st.floats(0, 100))), max_size=6), st.integers(40, 120),
    st.text(max_size=60))
def test_any_times_and_names(calls, width, name):
    """Lines are of this width at most, and the picture can be parsed."""
    details = []
    for moments, failed in calls:
        made = exchange("GET", 200, 0.0, *moments, **({} if failed is None else {"failed": failed}))
        details.append(CallDone(a_call(name), 200.0, 200, 9, (made,)))
    lines = waterfall(details, width).split("\n")
    assert all(len(line) <= width for line in lines[:len(calls) + 1])
    xml.dom.minidom.parseString(waterfall(details, width, "svg").encode("utf-8")
                                if str is not bytes else waterfall(details, width, "svg"))


@pytest.mark.parametrize("seconds, shown", [
    (0, "0 us"), (0.00085, "850 us"), (0.0009996, "1.00 ms"), (0.00123, "1.23 ms"),
    (0.0123, "12.3 ms"), (0.123, "123 ms"), (0.9999, "1.00 s"), (12.34, "12.3 s"),
    (1234.5, "1234 s"),
])
def test_seconds(seconds, shown):
    """Three digits and a unit."""
    assert shown_seconds(seconds) == shown


def test_a_recorder_keeps_the_last_calls():
    """Bounded; the calls of one request can be found."""
    recorder = CallRecorder(max_calls=2)
    context = CallContext("my-id")
    mine = PUT._replace(call=a_call(context=context))
    recorder.call_done(SEARCH)
    recorder.call_failed(QUOTA)
    recorder.call_cancelled(mine)
    assert recorder.calls == [QUOTA, mine] and recorder.of_request("my-id") == [mine]
    recorder.clear()
    assert recorder.calls == []
    for wrong in (0, -1):
        with pytest.raises(ValueError):
            CallRecorder(wrong)


def test_recorded_calls_as_a_waterfall(serve, make_client):
    """From real calls, on every transport."""
    recorder = CallRecorder()
    client = make_client(observers=[recorder])
    url = serve(answering(response(b"x"))).url()
    answer = client.get(url, operation="/mine")
    error = client.error_of("GET", "http://127.0.0.1:1/path")
    text = waterfall(recorder.calls)
    assert "GET /mine" in text and "200" in text and type(error).__name__[:10] in text
    assert "GET /" in waterfall(answer) and "GET /path" in waterfall(error)
