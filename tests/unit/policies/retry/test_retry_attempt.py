"""Attempt: one item of ``response.retries`` and ``error.retries``."""

from __future__ import absolute_import, division, print_function

import pickle

from waterspout.exceptions import ReadError
from waterspout.policies.retry import Attempt


def test_an_attempt_names_what_it_has():
    """It is a plain tuple, so that any code can compare and unpack it."""
    error = ReadError("x")
    attempt = Attempt("GET", "http://a.example/b", None, error, 0.25, 1.5)
    assert attempt == ("GET", "http://a.example/b", None, error, 0.25, 1.5)
    assert (attempt.method, attempt.url) == ("GET", "http://a.example/b")
    assert (attempt.status_code, attempt.error) == (None, error)
    assert (attempt.seconds, attempt.waited) == (0.25, 1.5)
    assert repr(attempt).startswith("Attempt(method='GET', url=")


def test_an_attempt_can_be_pickled():
    """As a response can, which has it."""
    attempt = Attempt("GET", "http://a.example/b", 503, None, 0.25, 1.5)
    assert pickle.loads(pickle.dumps(attempt, 2)) == attempt
