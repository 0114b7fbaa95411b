"""The test cases of docs/testing-applications.md pass, and its table of errors is right."""

from __future__ import absolute_import, division, print_function

import re
import sys
import unittest

import doc_pages
import pytest
from raw_server import PATIENCE
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.httputil import HTTPOutputError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

import waterspout
from waterspout import PooledHTTPClient
from waterspout.testing import patch_fetch

PAGE = "docs/testing-applications.md"

BLOCKS = [
    block for block in doc_pages.blocks(PAGE, "python")
    if re.search(r"\(AsyncTestCase\)", block.source)
    and not (sys.version_info[0] == 2 and doc_pages.needs_python_3(block.source))]


def test_there_are_cases():
    assert len(BLOCKS) == 3


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: "line %d" % block.line)
def test_the_cases_pass(block):
    names = {"__name__": "example"}
    doc_pages.run(block, names)
    cases = [each for each in names.values() if isinstance(each, type)
             and issubclass(each, unittest.TestCase) and each.__module__ == "example"]
    suite = unittest.TestSuite(
        map(unittest.defaultTestLoader.loadTestsFromTestCase, cases))
    result = suite.run(unittest.TestResult())
    assert result.testsRun == 1
    assert result.errors + result.failures == []
    assert AsyncHTTPClient.configured_class() is not PooledHTTPClient


RAISED = [
    (waterspout.ConnectTimeout, "HTTPTimeoutError", HTTPTimeoutError),
    (waterspout.ReadTimeout, "HTTPTimeoutError", HTTPTimeoutError),
    (waterspout.ConnectError, "OSError", IOError),
    (waterspout.ProxyError, "HTTPClientError", HTTPClientError),
    (waterspout.ReadError, "HTTPStreamClosedError", HTTPStreamClosedError),
    (waterspout.RemoteProtocolError, "HTTPStreamClosedError", HTTPStreamClosedError),
    (waterspout.LocalProtocolError, "HTTPOutputError", HTTPOutputError),
    (AssertionError, "the same error", AssertionError),
]


class Failing(object):

    def __init__(self, error_class):
        self._error_class = error_class

    def send(self, request, options):
        raise self._error_class("it fails")

    def close(self):
        pass


@pytest.mark.parametrize("error_class, words, raised", RAISED)
def test_the_table_of_errors(io_loop, error_class, words, raised):
    with open(doc_pages.ROOT + "/" + PAGE) as file:
        rows = [line for line in file if line.startswith("|")]
    row, = [line for line in rows if "`%s`" % error_class.__name__ in line.split("|")[1]]
    assert words in row.split("|")[2]

    def fetch():
        return PooledHTTPClient(force_instance=True).fetch("http://a.test/")

    with patch_fetch(Failing(error_class)), pytest.raises(raised):
        io_loop.run_sync(fetch, timeout=PATIENCE)
