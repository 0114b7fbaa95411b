"""A recorded part that was masked matches any value: the secret may be unknown on replay."""

from __future__ import absolute_import, division, print_function

import cassettes
import linear_time
import pytest
from tornado import gen

from waterspout.testing import Cassette
from waterspout.testing.cassette import NotRecorded
from waterspout.testing.cassette.wildcards import same

BASE = "http://host.test"
SECRET = "S3CRETvalue99"


def play(path, calls, transport=None, **options):
    """What each of the (method, path, options) gave."""
    options.setdefault("mode", "none" if transport is None else "once")

    @gen.coroutine
    def call(session):
        texts = []
        for method, target, keywords in calls:
            response = yield session.request(method, BASE + target, **keywords)
            texts.append(response.text)
        raise gen.Return(texts)

    if transport is not None:
        options["transport"] = transport
    with Cassette(path, **options) as cassette:
        return cassettes.with_session(cassette, call)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "a.json")


AUTHORIZED = ("GET", "/f", {"headers": {"Authorization": "Bearer " + SECRET}})


@pytest.mark.parametrize("match_on, first", [
    (["path"], ("GET", "/e/%s/x" % SECRET, {})),
    (["uri"], ("GET", "/e/%s/x?y=1" % SECRET, {})),
    (["query"], ("GET", "/e?b=1&a=%s&a=2&b=%s" % (SECRET, SECRET), {})),
    (["headers"], ("GET", "/e", {"headers": {"X-A": "is " + SECRET}})),
    (["body"], ("POST", "/e", {"json": {"a": [SECRET, {"b": "in %s." % SECRET}]}})),
    (["body"], ("POST", "/e", {"data": {"a": SECRET, "b": "1"}})),
    (["body"], ("POST", "/e", {"data": b"text " + SECRET.encode("ascii")})),
    (["raw_body"], ("POST", "/e", {"data": b"text " + SECRET.encode("ascii")})),
])
def test_a_secret_that_is_seen_before_it_is_known(path, match_on, first):
    match_on = ["method", "path"] + match_on
    calls = [first, AUTHORIZED]
    recorded = play(path, calls, cassettes.counting(), match_on=match_on)
    assert play(path, calls, match_on=match_on) == recorded == ["1", "2"]
    with pytest.raises(NotRecorded):
        play(path, [(first[0], "/other", first[2])], match_on=match_on)


@pytest.mark.parametrize("match_on, wrong", [
    (["path"], ("GET", "/e/%s/y" % SECRET, {})),
    (["path"], ("GET", "/e/x", {})),
    (["query"], ("GET", "/e/%s/x?a=1" % SECRET, {})),
    (["method"], ("POST", "/e/%s/x" % SECRET, {})),
])
def test_the_rest_of_the_part_has_to_match(path, match_on, wrong):
    play(path, [("GET", "/e/%s/x" % SECRET, {}), AUTHORIZED], cassettes.counting(),
         match_on=match_on)
    with pytest.raises(NotRecorded):
        play(path, [wrong], match_on=match_on)


def test_a_part_that_is_equal_comes_first(path):
    calls = [("GET", "/e/" + SECRET, {}), ("GET", "/e/other", {}), AUTHORIZED]
    play(path, calls, cassettes.counting())
    assert play(path, [calls[1], calls[0]]) == ["2", "1"]
    assert play(path, [calls[1], calls[1]], allow_playback_repeats=True) == ["2", "2"]


def test_time_grows_with_the_part_only():
    linear_time.assert_linear(
        lambda slices: [same(each, u"***a" * 200) for each in slices],
        lambda count: u"a" * count, 10 ** 9)
