"""The fixtures for pytest, in a pytest of their own."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import pytest
from programs import ROOT

PASSING = '''
import waterspout
from tornado import gen
from tornado.ioloop import IOLoop

def test_mock(waterspout_mock):
    waterspout_mock.get("/a").respond(json=[1])

    @gen.coroutine
    def run():
        response = yield waterspout.Session().get("http://host.test/a")
        assert response.json() == [1]

    IOLoop().run_sync(run)

def test_clock(waterspout_mock, waterspout_clock):
    waterspout_mock.get("/a").never()

    @gen.coroutine
    def run():
        call = waterspout.Session().get("http://host.test/a", timeout=60)
        yield waterspout_clock.advance(60)
        assert isinstance(call.exception(), waterspout.ReadTimeout)

    IOLoop().run_sync(run)
'''

FAILING = '''
import waterspout
from tornado import gen
from tornado.ioloop import IOLoop

def swallow():
    @gen.coroutine
    def run():
        try:
            yield waterspout.Session().get("http://host.test/a")
        except AssertionError:
            pass

    IOLoop().run_sync(run)

def test_swallowed(waterspout_mock):
    swallow()

def test_unmet(waterspout_mock):
    waterspout_mock.get("/b")

def test_own_error(waterspout_mock):
    waterspout_mock.get("/c")
    assert 1 == 2

def test_own_error_after_an_unexpected_request(waterspout_mock):
    swallow()
    assert 3 == 4

def test_patch_is_gone():
    import waterspout.transports.per_loop as per_loop
    assert per_loop.TransportsPerLoop.of.__name__ == "of"
'''

DIRECT = '''
import waterspout
from tornado.ioloop import IOLoop

def test_not_expected(waterspout_mock):
    io_loop = IOLoop(make_current=False)
    io_loop.run_sync(lambda: waterspout.BaseSDK("host.test").fetch_async("GET", "/a"))
'''


def run_pytest(folder, source, *arguments):
    """Run this file with the plugin and no others, as far as pytest knows it by itself."""
    (folder / "test_it.py").write_text(source if str is not bytes else source.decode())
    environ = dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
                   PYTHONPATH=os.pathsep.join([os.path.join(ROOT, "src")]))
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "waterspout.testing.pytest_plugin", "-rA",
         "-p", "no:cacheprovider", "test_it.py"] + list(arguments),
        cwd=str(folder), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return process.communicate()[0].decode("utf-8", "replace")


def test_the_fixtures_work(tmp_path):
    assert "2 passed" in run_pytest(tmp_path, PASSING)


def test_the_mock_is_checked(tmp_path):
    """After a test that failed only what was unexpected is told, as it may be the cause."""
    output = run_pytest(tmp_path, FAILING)
    assert "GET http://host.test/a was not expected" in output
    assert "GET /b: expected at least 1 call, got 0" in output
    assert "GET /c" not in output.partition("short test summary")[0].replace(
        'waterspout_mock.get("/c")', "")
    assert "2 failed, 3 passed" in output and "3 error" in output


def test_an_unexpected_request_that_failed_the_test_is_told_once(tmp_path):
    """Of the mock no line of code is shown: the last one is in the code under test."""
    output = run_pytest(tmp_path, DIRECT)
    assert "1 failed" in output and " error" not in output.splitlines()[-1]
    assert "GET http://host.test/a was not expected" in output
    assert "raise UnexpectedRequest" not in output and "mock_transport.py" not in output


def test_they_are_listed_with_what_they_do(tmp_path):
    output = run_pytest(tmp_path, PASSING, "--fixtures")
    assert "waterspout_mock" in output and "waterspout_clock" in output


def test_the_plugin_needs_nothing_else():
    """Every run of pytest imports it, most of them for nothing: no package of an extra."""
    program = ("import sys, pytest, waterspout; before = set(sys.modules)\n"
               "import waterspout.testing.pytest_plugin\n"
               "added = set(each.split('.')[0] for each in set(sys.modules) - before)\n"
               "extras = {'requests', 'pycurl', 'asyncio', 'unittest', 'mock'}\n"
               "assert not added & extras, added\n")
    environ = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "src"))
    assert subprocess.call([sys.executable, "-c", program], env=environ) == 0


def test_pytest_finds_it():
    """By the entry point in setup.cfg."""
    with open(os.path.join(ROOT, "setup.cfg")) as file:
        text = file.read()
    assert "[options.entry_points]\npytest11 =\n    waterspout = waterspout.testing.pytest_plugin" \
        in text
    assert pytest.importorskip("waterspout.testing.pytest_plugin").waterspout_mock is not None
