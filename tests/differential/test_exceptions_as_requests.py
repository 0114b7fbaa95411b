"""Every name of requests.exceptions, its parents, and where it is raised."""

from __future__ import absolute_import, division, print_function

import inspect
import io
import os

import pytest
from requests import exceptions as theirs

from waterspout import exceptions as ours

TESTS = os.path.join(os.path.dirname(__file__), os.pardir)

#: For each name the test in which its situation comes about, or why there is none.
SITUATIONS = {
    "ChunkedEncodingError": "hostile/test_closes_early.py::test_a_body_cut_short_is_an_error",
    "ConnectTimeout":
        "hostile/test_cannot_be_reached.py::test_a_host_that_never_answers_is_a_connect_timeout",
    "ConnectionError":
        "hostile/test_cannot_be_reached.py::test_a_refused_connection_is_a_connect_error",
    "ContentDecodingError":
        "hostile/test_closes_early.py::test_a_compressed_body_cut_short_is_an_error",
    "HTTPError":
        "differential/test_answers_as_requests.py::test_ok_and_raise_for_status_agree_about_the_status",
    "InvalidHeader": "differential/test_encodes_as_requests.py::test_bad_headers_are_refused_alike",
    "InvalidJSONError":
        "differential/test_encodes_as_requests.py::test_values_that_json_cannot_encode_are_refused",
    "InvalidSchema": "differential/test_encodes_as_requests.py::test_bad_urls_are_refused_alike",
    "InvalidURL": "differential/test_encodes_as_requests.py::test_bad_urls_are_refused_alike",
    "JSONDecodeError":
        "with_server/client/test_response.py::test_json_errors_are_those_of_the_json_module",
    "MissingSchema": "differential/test_encodes_as_requests.py::test_bad_urls_are_refused_alike",
    "ProxyError":
        "hostile/net/test_net_proxy.py::test_a_proxy_that_cannot_be_reached_is_an_error_of_the_proxy",
    "ReadTimeout": "hostile/test_never_answers.py::test_silence_is_a_read_timeout",
    "RequestException":
        "hostile/test_cannot_be_reached.py::test_a_refused_connection_is_a_connect_error",
    "SSLError":
        "hostile/test_has_an_untrusted_certificate.py::test_a_self_signed_certificate_is_refused",
    "StreamConsumedError":
        "with_server/client/test_response.py::test_a_streamed_body_can_be_pulled_once",
    "Timeout": "hostile/test_never_answers.py::test_silence_is_a_read_timeout",
    "TooManyRedirects": "with_server/httpbin/test_httpbin.py::test_too_many_redirects",
    "UnrewindableBodyError":
        "with_server/client/test_session_streaming.py::test_redirected_iterator_is_refused",
}

#: Of names that nothing of ours raises.
REASONS = {
    "BaseHTTPError": "urllib3's own errors, which requests lets through here and there; we none",
    "FileModeWarning": "a file in text mode is a TypeError, which cannot be overlooked",
    "InvalidProxyURL": "of proxies=, whose tests stand with those of the routes",
    "RequestsDependencyWarning": "nothing but Tornado is needed, whose version pip has checked",
    "RequestsWarning": "the parent of the other two",
    "RetryError": "retries are not made unasked; in requests they need an adapter of one's own",
    "URLRequired": "requests never raises it either",
}


def names():
    """The classes of requests.exceptions, but for the name that it gives the json module's."""
    for name, value in vars(theirs).items():
        if inspect.isclass(value) and issubclass(value, Exception) and name[:6] != "Compat":
            yield name, value


@pytest.mark.parametrize("name, their_class", sorted(names()), ids=lambda value: str(value)[-40:])
def test_every_exception_of_requests_has_a_counterpart(name, their_class):
    """With every parent class that requests gives it, so that the same ``except`` catches ours."""
    our_class = getattr(ours, name)
    parents = set(each.__name__ for each in our_class.__mro__)
    expected = set("BaseHTTPError" if each.__module__.startswith("urllib3") else each.__name__
                   for each in their_class.__mro__)
    assert expected <= parents


def test_every_exception_has_a_test_or_a_reason():
    """Nothing is left out, and nothing is claimed of a name that is not there."""
    known = set(SITUATIONS) | set(REASONS)
    assert set(name for name, _ in names()) <= known
    assert all(hasattr(ours, name) for name in known)


@pytest.mark.parametrize("test", sorted(set(SITUATIONS.values())))
def test_every_test_named_for_an_exception_exists(test):
    path, _, name = test.partition("::")
    with io.open(os.path.join(TESTS, path), encoding="utf-8") as file:
        assert "def %s(" % name in file.read()


def test_an_error_finds_its_request_in_its_response():
    """As in requests, where only the response is given."""

    class Answer(object):
        request = object()

    assert ours.HTTPError("x", response=Answer()).request is Answer.request
