"""What libraries for tracing put in the place of Tornado's methods is called under the kit."""

from __future__ import absolute_import, division, print_function

import pytest
from programs import wait_until
from served_app import ServedApp
from tornado.web import RequestHandler

from waterspout import service
from waterspout._compat import raw_method


class PingHandler(service.JSONHandler):
    def get(self):
        self.write_json({})


class Wrapper(object):
    """Wraps a method as the wrapt library does: it is equal to what it wraps."""

    def __init__(self, wrapped, before):
        self._wrapped, self._before = wrapped, before
        self.__name__, self.__module__ = wrapped.__name__, wrapped.__module__

    def __eq__(self, other):
        return self._wrapped == other

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._wrapped)

    def __get__(self, instance, owner):
        bound = self._wrapped.__get__(instance, owner)

        def call(*args, **kwargs):
            self._before()
            return bound(*args, **kwargs)

        return Wrapper(bound, self._before) if instance is None else call


def plain_wrapper(wrapped, before):
    """The same as a function, without a trace of what it wraps."""

    def call(*args, **kwargs):
        before()
        return wrapped(*args, **kwargs)

    return call


@pytest.fixture
def served():
    with ServedApp(lambda: service.Application([("/ping", PingHandler)])) as served:
        yield served


@pytest.mark.parametrize("wrapper", [Wrapper, plain_wrapper])
@pytest.mark.parametrize("name", [
    "__init__", "_execute", "prepare", "on_finish", "finish", "flush", "set_etag_header",
    "log_exception"])
@pytest.mark.parametrize("owner", [RequestHandler, PingHandler])
def test_wrapped_method_is_called_once_for_each_request(
        served, monkeypatch, wrapper, name, owner):
    """Of Tornado's class, or of the handler's own class when that is first seen."""
    calls = []
    method = raw_method(owner, name)
    monkeypatch.setattr(owner, name, wrapper(method, lambda: calls.append(name)), raising=False)
    with served.connect() as connection:
        for done in (1, 2):
            assert connection.get("/ping").json == {}
            expected = 0 if name == "log_exception" else done
            # `on_finish` runs when the response has been sent.
            wait_until(lambda least=expected: len(calls) >= least, "the call")
            assert len(calls) == expected


def test_error_is_told_to_a_wrapped_method(served, monkeypatch):
    """A tracer notes it."""
    errors = []
    log_exception = raw_method(PingHandler, "log_exception")

    def noting(self, kind, error, trace):
        errors.append(error)
        log_exception(self, kind, error, trace)

    monkeypatch.setattr(PingHandler, "log_exception", noting)
    monkeypatch.setattr(PingHandler, "get", lambda self: 1 // 0)
    with served.connect() as connection:
        assert connection.get("/ping").status == 500
    assert [type(error) for error in errors] == [ZeroDivisionError]
