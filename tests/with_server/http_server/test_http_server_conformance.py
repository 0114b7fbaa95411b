"""The page that compares servers says what ours, and h11, do."""

from __future__ import absolute_import, division, print_function

import io
import os

import pytest
from programs import ROOT
from raw_server import PATIENCE
from served_http import ServedHTTP
from server_answers import answer, answer_of, answer_of_h11, columns_of, h11, page
from server_scripts import SCRIPTS
from tornado import httputil

with io.open(os.path.join(ROOT, "docs", "server-conformance.md"), encoding="utf-8") as file:
    PAGE = file.read()

COLUMNS = columns_of(PAGE)


def requires_host():
    """Whether the installed Tornado itself refuses a request without a Host."""
    try:
        httputil.HTTPServerRequest("GET", "/", "HTTP/1.1")
    except httputil.HTTPInputError:
        return True
    return False


def test_page_is_what_its_script_writes():
    assert page(COLUMNS) == PAGE
    assert len(set(script.name for script in SCRIPTS)) == len(SCRIPTS)


@pytest.mark.parametrize("index", range(len(SCRIPTS)), ids=[each.name for each in SCRIPTS])
def test_server_does_what_the_page_says(served, index):
    script, (heading, answers) = SCRIPTS[index], COLUMNS[0]
    assert heading == "Waterspout"
    if script.name == "no Host" and not requires_host():
        pytest.skip("this Tornado serves it, and so does a plain server")
    assert answer_of(served.port, script, PATIENCE) == answers[index]


@pytest.fixture(scope="module")
def served():
    with ServedHTTP(answer) as server:
        yield server


def test_no_script_has_a_request_that_nobody_meant():
    for script, answered in zip(SCRIPTS, COLUMNS[0][1]):
        if script.group != "Served":
            assert "200" not in answered, script.name


@pytest.mark.skipif(h11 is None, reason="h11 is not installed")
def test_h11_does_what_the_page_says():
    heading, answers = COLUMNS[-1]
    if heading != "h11 " + h11.__version__:
        pytest.skip("the page has %s" % heading)
    assert [answer_of_h11(script) for script in SCRIPTS] == answers
