"""What each mode replays, records and refuses, and when the file is written."""

from __future__ import absolute_import, division, print_function

import io
import json
import os
import threading

import cassettes
import pytest
from tornado import gen

import waterspout
from waterspout.testing import Cassette
from waterspout.testing.cassette import NotRecorded

URL = "http://host.test/a"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "a.json")


@pytest.fixture
def below():
    return cassettes.counting()


def get(cassette, *urls):
    """The bodies of the answers to GET of these URLs, in one session."""
    @gen.coroutine
    def calls(session):
        contents = []
        for url in urls:
            contents.append((yield session.get(url)).content)
        raise gen.Return(contents)

    return cassettes.with_session(cassette, calls)


def recorded(path):
    with io.open(path, encoding="utf-8") as file:
        return [each["request"]["url"] for each in json.loads(file.read())["interactions"]]


def fill(path, *urls):
    with Cassette(path, transport=cassettes.counting()) as cassette:
        get(cassette, *urls)


def test_once_records_into_a_new_file_and_replays_from_then_on(path, below):
    with Cassette(path, transport=below) as cassette:
        assert get(cassette, URL, URL) == [b"1", b"2"]
    assert recorded(path) == [URL, URL]
    with Cassette(path, transport=below) as cassette:
        assert get(cassette, URL, URL) == [b"1", b"2"]
        assert (cassette.play_count, cassette.all_played, len(cassette)) == (2, True, 2)
    assert len(below.sent) == 2


def test_once_refuses_what_its_file_has_not(path, below):
    fill(path, URL)
    with pytest.raises(NotRecorded) as caught:
        with Cassette(path, transport=below) as cassette:
            get(cassette, URL + "?q=1")
    assert below.sent == []
    assert caught.value.request.url == URL + "?q=1"
    assert recorded(path) == [URL]


def test_new_episodes_adds_to_the_file(path, below):
    fill(path, URL)
    with Cassette(path, mode="new_episodes", transport=below) as cassette:
        assert get(cassette, URL + "?new", URL, URL + "?new") == [b"1", b"1", b"2"]
    assert recorded(path) == [URL, URL + "?new", URL + "?new"]


def test_none_records_nothing(path, below):
    with pytest.raises(NotRecorded) as caught:
        with Cassette(path, mode="none", transport=below) as cassette:
            get(cassette, URL)
    assert "there is no such file" in str(caught.value)
    assert below.sent == [] and not os.path.exists(path)
    fill(path, URL)
    with Cassette(path, mode="none", transport=below) as cassette:
        assert get(cassette, URL) == [b"1"]


def test_all_replaces_what_was_recorded(path, below):
    fill(path, URL, URL + "?old")
    with Cassette(path, mode="all", transport=below) as cassette:
        assert get(cassette, URL) == [b"1"]
        cassette.save()
        assert get(cassette, URL) == [b"2"]
    assert recorded(path) == [URL, URL]
    assert len(below.sent) == 2


def test_all_that_calls_nothing_keeps_the_file(path):
    fill(path, URL)
    with Cassette(path, mode="all"):
        pass
    assert recorded(path) == [URL]


@pytest.mark.parametrize("mode", ["once", "new_episodes", "none", "all"])
def test_a_file_is_not_written_if_nothing_was_recorded(path, mode):
    with Cassette(path, mode=mode):
        pass
    assert not os.path.exists(path)


def test_a_replayed_interaction_is_used_up(path, below):
    """As in vcrpy; unless repeats are allowed: then the last one repeats."""
    fill(path, URL, URL)
    with Cassette(path, allow_playback_repeats=True) as cassette:
        assert get(cassette, URL, URL, URL) == [b"1", b"2", b"2"]
    with pytest.raises(NotRecorded) as caught:
        with Cassette(path) as cassette:
            get(cassette, URL, URL, URL)
    assert "allow_playback_repeats=True" in str(caught.value)


def test_a_refusal_is_no_failure_of_the_upstream(path):
    """An SDK with errors="empty" hides failed calls, not this."""
    fill(path, URL)

    @gen.coroutine
    def calls(session):
        sdk = waterspout.BaseSDK("host.test", transport=cassette, errors="empty")
        raise gen.Return((yield sdk.fetch_async("GET", "/other")))

    with pytest.raises(NotRecorded) as caught:
        with Cassette(path) as cassette:
            cassettes.with_session(cassette, calls)
    assert isinstance(caught.value, AssertionError)
    assert not isinstance(caught.value, waterspout.RequestException)


def test_a_refusal_that_is_swallowed_still_fails_the_test(path):
    fill(path, URL)
    with pytest.raises(NotRecorded):
        with Cassette(path) as cassette:
            try:
                get(cassette, URL + "?other")
            except Exception:
                pass


def test_another_error_of_the_block_is_not_replaced(path):
    fill(path, URL)
    with pytest.raises(KeyError):
        with Cassette(path) as cassette:
            with pytest.raises(NotRecorded):
                get(cassette, URL + "?other")
            raise KeyError("mine")


@pytest.mark.parametrize("record_on_exception", [True, False])
def test_what_was_recorded_before_an_error_is_written(path, below, record_on_exception):
    """By default, as in vcrpy."""
    with pytest.raises(KeyError):
        with Cassette(path, transport=below, record_on_exception=record_on_exception) as cassette:
            get(cassette, URL)
            raise KeyError("mine")
    assert os.path.exists(path) is record_on_exception


def test_without_a_with_it_is_read_by_the_first_call_and_saved_by_hand(path, below):
    cassette = Cassette(path, transport=below)
    assert get(cassette, URL) == [b"1"]
    assert not os.path.exists(path)
    cassette.save()
    cassette.save()
    assert recorded(path) == [URL]


def test_a_closed_cassette_takes_no_calls(path, below):
    with Cassette(path, transport=below) as cassette:
        pass
    with pytest.raises(RuntimeError) as caught:
        get(cassette, URL)
    assert "closed" in str(caught.value)
    assert below.sent == []


def test_it_can_be_opened_again(path, below):
    cassette = Cassette(path, transport=below)
    for _ in range(2):
        with cassette:
            assert get(cassette, URL) == [b"1"]
    assert len(below.sent) == 1


def test_the_outermost_of_two_blocks_writes(path, below):
    """As for a fixture's cassette that is handed to another context manager."""
    with Cassette(path, transport=below) as cassette:
        with cassette:
            assert get(cassette, URL) == [b"1"]
        assert not os.path.exists(path)
        assert get(cassette, URL) == [b"2"]
    assert recorded(path) == [URL, URL]


def test_a_transport_that_is_not_installed_is_not_needed_to_replay(path, below, monkeypatch):
    fill(path, URL)
    monkeypatch.setattr("waterspout.transports.importlib.import_module", refuse)
    with Cassette(path, transport="curl") as cassette:
        assert get(cassette, URL) == [b"1"]
    with pytest.raises(waterspout.transports.TransportUnavailable):
        with Cassette(path, mode="all", transport="curl") as cassette:
            get(cassette, URL)


def refuse(name):
    raise ImportError("no %s here" % name)


@pytest.mark.parametrize("arguments, expected, part", [
    ({"mode": "sometimes"}, ValueError, "new_episodes"),
    ({"transport": "carrier pigeon"}, ValueError, "pooled"),
    ({"transport": object()}, TypeError, "send"),
    ({"match_on": ["methods"]}, ValueError, "method"),
    ({"match_on": "method"}, TypeError, "list"),
    ({"match_on": [3]}, TypeError, "callable"),
    ({"mask": "token"}, TypeError, "names"),
    ({"filter_headers": "token"}, TypeError, "filter_headers"),
    ({"moode": "once"}, TypeError, "moode"),
])
def test_a_wrong_argument_is_refused_at_once(path, arguments, expected, part):
    with pytest.raises(expected) as caught:
        Cassette(path, **arguments)
    assert part in str(caught.value)


# Several at once


def test_two_recordings_of_one_file_keep_both(path):
    """Of the process that writes last: what another process has written meanwhile stays."""
    first, second = [Cassette(path, transport=cassettes.counting()) for _ in range(2)]
    with first, second:
        get(first, URL + "?1")
        get(second, URL + "?2")
    assert sorted(recorded(path)) == [URL + "?1", URL + "?2"]


def test_parallel_writes_leave_a_whole_file(path):
    """Many threads add at the same time; nothing is lost, and no other file is left."""
    def add(number):
        with Cassette(path, mode="new_episodes", transport=cassettes.counting()) as cassette:
            get(cassette, "%s?%d" % (URL, number))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(recorded(path)) == sorted("%s?%d" % (URL, number) for number in range(10))
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]


def test_a_write_that_fails_leaves_the_old_file(path, monkeypatch):
    fill(path, URL)
    monkeypatch.setattr(os, "rename", lambda old, new: refuse_to_rename())
    with pytest.raises(OSError):
        with Cassette(path, mode="new_episodes", transport=cassettes.counting()) as cassette:
            get(cassette, URL + "?new")
    assert recorded(path) == [URL]
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]


def refuse_to_rename():
    raise OSError("disk full")
