"""What code on a BaseSDK of its own counts on: names of arguments and attributes."""

from __future__ import absolute_import, division, print_function

import logging

import pytest

import waterspout


@pytest.fixture
def sdk():
    return waterspout.BaseSDK("10.0.0.1:8079", 1888, "me")


def test_attributes(sdk):
    """Those that such classes read."""
    assert sdk.api_host == "10.0.0.1:8079"
    assert sdk.base_url == "http://10.0.0.1:8079"
    assert (sdk.headers["org"], sdk.headers["user"]) == ("1888", "me")
    assert isinstance(sdk.logger, logging.Logger)


def test_headers_may_be_replaced(sdk):
    """By any mapping, as by those who add one for each call."""
    sdk.headers = dict(sdk.headers, org="2")
    assert sdk.session.headers["org"] == "2"


def test_an_organisation_is_optional():
    """None is not sent."""
    assert "org" not in waterspout.BaseSDK("h").headers


@pytest.mark.parametrize("name, replacement", [
    ("executor", "run_in_executor"),
    ("io_loop", "IOLoop.current()"),
    ("host", "base_url"),
    ("org", 'headers["org"]'),
    ("user", 'headers["user"]'),
])
def test_what_is_not_there_is_named_with_its_replacement(sdk, name, replacement):
    """It is an AttributeError, so that ``hasattr`` and ``getattr`` with a default go on working."""
    with pytest.raises(AttributeError) as caught:
        getattr(sdk, name)
    assert name in str(caught.value)
    assert replacement in str(caught.value)
    assert not hasattr(sdk, name)


def test_a_subclass_may_have_its_own(sdk):
    """An executor for other work, a logger."""
    sdk.executor = executor = object()
    sdk.logger = logger = logging.getLogger("inventory")
    assert (sdk.executor, sdk.logger) == (executor, logger)


@pytest.mark.parametrize("arguments", [{}, {"uri": "/a", "api": "/a"}])
def test_one_of_uri_and_api_is_given(sdk, arguments):
    """Neither or both is a mistake at once."""
    with pytest.raises(TypeError) as caught:
        sdk.fetch_async("GET", **arguments)
    assert "uri" in str(caught.value)


@pytest.mark.parametrize("host", [None, 8079, ["10.0.0.1"]])
def test_a_host_that_is_no_text_is_named(host):
    """Such as the None of a variable that is not set."""
    with pytest.raises(waterspout.exceptions.InvalidURL) as caught:
        waterspout.BaseSDK(host)
    assert str(caught.value) == "host must be text, not " + type(host).__name__
