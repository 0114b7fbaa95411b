# -*- coding: utf-8 -*-
"""Targets that answer anything: an import never takes a row for stored that no answer counts."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import PATIENCE
from tornado import gen
from tornado.ioloop import IOLoop

from waterspout.testing import FakeClock, MockTransport, make_response
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.sending import Batch, Limits, Sender
from waterspout_cmdb.bulk.targets import CMDBTarget

ROWS = [(number, (u"n%d" % number,), b'{"name":"n%d"}' % number) for number in range(2, 10)]

DEEP = b"[" * 900 + b"]" * 900


def counted(inserted, updated, failed, listed=b"[]"):
    return (b'{"code": 0, "data": {"insert_count": %s, "update_count": %s, "failed_count": %s, '
            b'"data": %s}}' % (inserted, updated, failed, listed))


#: Each is the answer to every request.
ALWAYS = {
    "nothing": b"",
    "HTML": b"<html>please log in</html>",
    "a list": b"[]",
    "null": b"null",
    "no data": b'{"code": 0}',
    "all is well": b'{"code": 0, "data": "ok"}',
    "no counts": b'{"code": 0, "data": {}}',
    "too many": counted(b"100", b"0", b"0"),
    "negative": counted(b"9", b"-1", b"0"),
    "text": counted(b'"8"', b"0", b"0"),
    "NaN": counted(b"NaN", b"0", b"0"),
    "infinite": counted(b"1e999", b"0", b"0"),
    "huge": counted(b"9" * 4000, b"0", b"0"),
    "true": counted(b"true", b"0", b"0"),
    "more failures than it counts": counted(b"0", b"0", b"1", b'[{"data": [{}, {}]}]'),
    "failures that are none": counted(b"0", b"0", b"1", b'["x"]'),
    "deep": b'{"code": 0, "data": {"insert_count": ' + DEEP + b"}}",
    "very deep": b"[" * 50000,
    "another alphabet": u'{"code": 0, "data": "中"}'.encode("utf-16"),
    "half": b'{"code": 0, "data": {"insert_count": 8, "upd',
}


def send(answer, seconds=60):
    """Send `ROWS` to a target that answers each request with ``answer(number of rows)``."""
    mock = MockTransport()

    def respond(sent):
        rows = len(json.loads(sent.content.decode("utf-8"))["datas"])
        return make_response(200, content=answer(rows))

    mock.post("/object/HOST/instance/_import").call(respond)
    target = CMDBTarget("cmdb.test", transport=mock)
    sender = Sender(target, "HOST", ["name"], Limits(8), draw=lambda: 0.0)

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            future = sender.send(Batch(ROWS))
            yield clock.advance(seconds)
            assert future.done()
            yield target.close()
        raise gen.Return(future.result())

    loop = IOLoop(make_current=False)
    try:
        return loop.run_sync(run, PATIENCE)
    finally:
        loop.close()


@pytest.mark.parametrize("name", sorted(ALWAYS))
def test_an_answer_that_accounts_for_no_row_ends_the_import(nothing_unobserved, name):
    """In one line, which says what was sent where."""
    with pytest.raises(BulkError) as caught:
        send(lambda rows: ALWAYS[name])
    text = str(caught.value)
    assert "into HOST at the CMDB http://cmdb.test" in text
    assert len(text) < 1500 and "\n" not in text


@pytest.mark.parametrize("listed", [
    b"[]", b"null", b'[{"code": 1, "error": "no", "data": null}]', b'[{"data": [[]]}]',
    b'[{"code": 1, "error": "no", "data": [{"name": ["n2"]}]}]',
    b'[{"code": 1, "error": "no", "data": [{"name": ' + DEEP + b"}]}]",
    b'[{"code": 1, "error": "no", "data": [{"name": {}}]}]',
    b'[{"code": 1e400, "error": 3, "data": [{"name": "elsewhere"}]}]',
    b'[{"code": 1, "error": "' + b"x" * 50000 + b'"}]',
])
def test_failures_that_name_no_row(nothing_unobserved, listed):
    """A CMDB that refuses one row of each request, and every row alone, refuses all."""
    result = send(lambda rows: counted(b"0", b"%d" % (rows - 1), b"1", listed))
    assert [number for number, _reason in result.rejected] == [row[0] for row in ROWS]
    assert (result.inserted, result.updated) == (0, 0)
    assert all(len(reason) <= 1000 for _number, reason in result.rejected)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats(0, 9) | st.text(max_size=3)
    | st.sampled_from([u"n2", u"n3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["insert_count", "update_count", "failed_count", "data", "error", "code",
                         "name", "warnings"]), inner, max_size=4), max_leaves=12)


@settings(max_examples=15, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=6), st.booleans())
def test_any_json(answers, is_enveloped):
    """The rows are all accounted for, or there is a BulkError; never anything else."""
    left = list(answers)

    def answer(rows):
        value = left.pop() if left else answers[0]
        return json.dumps({"code": 0, "data": value} if is_enveloped else value).encode("ascii")

    try:
        result = send(answer, seconds=1200)
    except BulkError:
        return
    assert result.inserted + result.updated + len(result.rejected) == len(ROWS)
