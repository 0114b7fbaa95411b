"""The fixture ``waterspout_cassette``, in runs of pytest of their own."""

from __future__ import absolute_import, division, print_function

import io
import json
import os
import subprocess
import sys

import pytest

import waterspout

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(waterspout.__file__)))
PLUGIN = "waterspout.testing.pytest_plugin"

TEST = u"""\
import os
import pytest
import waterspout
from tornado import gen
from tornado.ioloop import IOLoop


class Transport(object):
    @gen.coroutine
    def send(self, request, options):
        raise gen.Return(waterspout.Response(
            request, 200, "OK", waterspout.Headers(), os.environ["ANSWER"].encode("ascii")))

    def close(self):
        pass


@pytest.fixture
def waterspout_cassette_options():
    return {"transport": Transport()}


def answer(cassette):
    io_loop = IOLoop(make_current=False)
    try:
        return io_loop.run_sync(
            lambda: waterspout.Session(transport=cassette).get("http://host.test/")).text
    finally:
        io_loop.close()


def test_plain(waterspout_cassette):
    assert answer(waterspout_cassette) == "first"


class TestInClass(object):
    @pytest.mark.parametrize("value", ["a-b c"])
    def test_parameters(self, waterspout_cassette, value):
        assert answer(waterspout_cassette) == "first"
"""

NOT_RECORDED = u"""\
import waterspout
from tornado.ioloop import IOLoop


def test_not_recorded(waterspout_cassette):
    sdk = waterspout.BaseSDK("host.test", transport=waterspout_cassette)
    IOLoop(make_current=False).run_sync(lambda: sdk.fetch_async("GET", "/a"))
"""

SIMILAR = u"""\
import pytest


@pytest.mark.parametrize("value", ["a/b", "a:b", "a_b", "a b", "x" * 300, "x" * 301])
def test_it(waterspout_cassette, value):
    with open("paths.txt", "a") as file:
        file.write(waterspout_cassette.path + "\\n")


class TestOuter(object):
    class TestInner(object):
        def test_it(self, waterspout_cassette):
            test_it(waterspout_cassette, None)


class TestOther(object):
    class TestInner(object):
        def test_it(self, waterspout_cassette):
            test_it(waterspout_cassette, None)
"""

NAMES = ["TestInClass.test_parameters[a-b_c]-d9873fca.json", "test_plain.json"]


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_it.py").write_bytes(TEST.encode("ascii"))

    def run(answer, *arguments, **files):
        for name, text in files.items():
            (tmp_path / (name + ".ini")).write_bytes(text.encode("ascii"))
        environment = dict(
            os.environ, ANSWER=answer, PYTHONPATH=SOURCES, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider",
             str(tmp_path)] + list(arguments),
            env=environment, cwd=str(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = process.communicate()[0].decode("utf-8")
        return process.returncode, output

    return run


def test_a_call_that_failed_the_test_is_told_once(run, tmp_path):
    """The last line of code that is shown is in the code under test, and it says what to do."""
    (tmp_path / "test_it.py").write_bytes(NOT_RECORDED.encode("ascii"))
    status, output = run("", "--waterspout-record=none")
    assert status == 1 and "1 failed" in output and " error" not in output.splitlines()[-1]
    assert "GET http://host.test/a: not recorded in" in output
    assert "there is no such file; mode 'once' records into a new one" in output
    assert "raise error" not in output and "cassette.py" not in output


def test_each_test_has_a_file_of_its_own(run, tmp_path):
    """Recorded by the first run, replayed by the second, beside the test's file."""
    status, output = run("first")
    assert status == 0, output
    folder = tmp_path / "cassettes" / "test_it"
    assert sorted(os.listdir(str(folder))) == NAMES
    status, output = run("second")
    assert status == 0, output


def test_no_two_tests_share_a_file(run, tmp_path):
    """Values of parameters have any characters and any length, and classes are nested."""
    (tmp_path / "test_it.py").write_bytes(SIMILAR.encode("ascii"))
    status, output = run("")
    assert status == 0, output
    names = [os.path.basename(path) for path in (tmp_path / "paths.txt").read_text().split()]
    assert len(set(names)) == 8, names
    assert "test_it[a_b].json" in names and "TestOuter.TestInner.test_it.json" in names
    assert max(map(len, names)) < 200


def test_the_option_chooses_the_mode(run, tmp_path):
    status, output = run("first", "--waterspout-record=none")
    assert status == 1 and "NotRecorded" in output and "no such file" in output
    assert run("first")[0] == 0
    status, output = run("second", "--waterspout-record=all")
    assert status == 1, output  # The new answer is another one.
    with io.open(str(tmp_path / "cassettes" / "test_it" / NAMES[1]), encoding="utf-8") as file:
        [interaction] = json.loads(file.read())["interactions"]
    assert interaction["response"]["body"] == {"text": "second"}
    status, output = run("first", "--waterspout-record=sometimes")
    assert status == 4 and "new_episodes" in output


def test_the_ini_value_chooses_it_too(run):
    status, output = run("first", pytest=u"[pytest]\nwaterspout_record = none\n")
    assert status == 1 and "no such file" in output
    status, output = run("first", "--waterspout-record=once",
                         pytest=u"[pytest]\nwaterspout_record = none\n")
    assert status == 0, output


def test_what_a_failed_test_has_recorded_may_be_dropped(run, tmp_path):
    """By ``record_on_exception=False``; it is written otherwise."""
    failing = TEST.replace(u'== "first"', u'== "another"')
    dropping = failing.replace(u'Transport()}', u'Transport(), "record_on_exception": False}')
    for text, is_written in ((dropping, False), (failing, True)):
        (tmp_path / "test_it.py").write_bytes(text.encode("ascii"))
        status, output = run("first")
        assert status == 1 and "2 failed" in output, output
        assert (tmp_path / "cassettes").exists() is is_written
