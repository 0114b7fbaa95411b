"""What docs/testing.md shows does what it says."""

from __future__ import absolute_import, division, print_function

import unittest

import doc_pages
import pytest
from raw_server import answering, response

import waterspout


@pytest.fixture
def session(io_loop):
    """A session on the transport of the recipe."""
    pytest.importorskip("requests")
    names = {}
    recipe = [block for block in doc_pages.blocks("docs/testing.md", "python")
              if "class RequestsTransport" in block.source]
    doc_pages.run(recipe[0], names)
    session = waterspout.Session(transport=names["RequestsTransport"]())
    yield session
    io_loop.run_sync(session.close)


@pytest.fixture
def asked(monkeypatch):
    """What requests was asked for, by the method that is patched to fake its responses."""
    requests = pytest.importorskip("requests")
    asked, send = [], requests.adapters.HTTPAdapter.send

    def patched(self, request, **kwargs):
        asked.append((request.method, request.url, request.body))
        return send(self, request, **kwargs)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", patched)
    return asked


@pytest.mark.parametrize("code, failures", [(0, 0), (1, 1)])
def test_the_first_test_of_the_page_runs(code, failures):
    """It passes, and fails if the SDK gives something else."""
    (block,) = [each for each in doc_pages.blocks("docs/testing.md", "python")
                if "class SDKTest" in each.source]
    names = {"__name__": "example"}
    doc_pages.run(block, names, [(u'json={"code": 0}', u'json={"code": %d}' % code)])
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(names["SDKTest"]).run(result)
    assert (result.testsRun, len(result.failures), result.errors) == (1, failures, [])


def test_the_transport_asks_requests(serve, io_loop, session, asked):
    """For each exchange, redirects included; the session is what it is on any transport."""
    server = serve(answering(
        response(status=302, reason="Found",
                 headers=[("Location", "/next"), ("Set-Cookie", "a=1")]),
        response(b'{"a": 1}', headers=[("Content-Type", "application/json")])))
    answer = io_loop.run_sync(lambda: session.post(server.url(), json={"x": 1}, params={"q": 2}))
    assert answer.json() == {"a": 1}
    assert len(answer.history) == 1
    assert asked == [("POST", server.url("/?q=2"), b'{"x": 1}'), ("GET", server.url("/next"), None)]
    assert [request.headers for request in server.received if "cookie" in dict(request.headers)]
    names = set(name for name, _ in server.received[0].headers)
    sent = set(name.lower() for name in answer.history[0].request.headers)
    assert names == sent | {"host"}


def test_no_other_transport_asks_requests_adapters(serve, io_loop, asked):
    """This is why there is a recipe."""
    server = serve(answering(response(b"ok")))
    session = waterspout.Session()
    io_loop.run_sync(lambda: session.get(server.url()))
    io_loop.run_sync(session.close)
    assert asked == []
