"""What code on a BaseSDK of its own counts on: names of arguments and attributes."""

from __future__ import absolute_import, division, print_function

import logging
import os

import pytest

import waterspout
import waterspout._sdk.paths as paths_module
import waterspout_cmdb
from waterspout._sdk.paths import expand


@pytest.fixture
def sdk():
    return waterspout.BaseSDK("10.0.0.1:8079", 1888, "me")


def test_an_sdk_has_the_attributes_that_subclasses_read(sdk):
    """Those that such classes read."""
    assert sdk.api_host == "10.0.0.1:8079"
    assert sdk.base_url == "http://10.0.0.1:8079"
    assert (sdk.headers["org"], sdk.headers["user"]) == ("1888", "me")
    assert isinstance(sdk.logger, logging.Logger)


def test_the_headers_of_an_sdk_may_be_replaced(sdk):
    """By any mapping, as by those who add one for each call."""
    sdk.headers = dict(sdk.headers, org="2")
    assert sdk.session.headers["org"] == "2"


@pytest.mark.parametrize("arguments, org, user", [
    ({}, None, None),
    ({"org": 1888}, "1888", "defaultUser"),
    ({"org": u"1888", "user": "me"}, "1888", "me"),
    ({"org": 0, "user": 0}, "0", "0"),
    ({"user": "me"}, None, "me"),
    ({"user": "defaultUser"}, None, "defaultUser"),
    ({"org": None}, None, None),
    ({"org": None, "user": "me"}, None, "me"),
    ({"org": 1888, "user": None}, "1888", None),
    ({"org": None, "user": None}, None, None),
    ({"headers": {"org": "5"}}, "5", None),
], ids=repr)
@pytest.mark.parametrize("kind", [waterspout.BaseSDK, waterspout_cmdb.CMDBSDK])
def test_organisation_and_user_are_optional(kind, arguments, org, user):
    """None sends no header; there is a default user only where there is an organisation."""
    headers = kind("h", **arguments).headers
    assert (headers.get("org"), headers.get("user")) == (org, user)


def test_an_environment_variable_that_is_not_set_names_no_tenant(monkeypatch):
    """It is None, not the organisation "None"."""
    monkeypatch.delenv("ORG", raising=False)
    sdk = waterspout.BaseSDK("h", org=os.environ.get("ORG"), user=os.environ.get("ORG"))
    request = sdk.session.prepare_request(waterspout.Request("GET", "http://h/"))
    assert "None" not in repr(request.headers)


@pytest.mark.parametrize("name, replacement", [
    ("executor", "run_in_executor"),
    ("io_loop", "IOLoop.current()"),
    ("host", "base_url"),
    ("org", 'headers["org"]'),
    ("user", 'headers["user"]'),
])
def test_a_missing_attribute_is_named_with_its_replacement(sdk, name, replacement):
    """It is an AttributeError, so that ``hasattr`` and ``getattr`` with a default go on working."""
    with pytest.raises(AttributeError) as caught:
        getattr(sdk, name)
    assert name in str(caught.value)
    assert replacement in str(caught.value)
    assert not hasattr(sdk, name)


def test_a_subclass_may_define_the_missing_attributes(sdk):
    """An executor for other work, a logger."""
    sdk.executor = executor = object()
    sdk.logger = logger = logging.getLogger("inventory")
    assert (sdk.executor, sdk.logger) == (executor, logger)


@pytest.mark.parametrize("arguments", [{}, {"uri": "/a", "api": "/a"}])
def test_exactly_one_of_uri_and_api_is_required(sdk, arguments):
    """Neither or both is a mistake at once."""
    with pytest.raises(TypeError) as caught:
        sdk.fetch_async("GET", **arguments)
    assert "uri" in str(caught.value)


@pytest.mark.parametrize("host", [None, 8079, {"10.0.0.1": 1}])
def test_a_host_that_is_not_text_is_a_type_error(host):
    """Such as the None of a variable that is not set."""
    with pytest.raises(waterspout.exceptions.InvalidURL) as caught:
        waterspout.BaseSDK(host)
    assert str(caught.value) == "host must be text, not " + type(host).__name__


def test_a_call_without_a_uri_says_that_the_method_comes_first(sdk):
    """``fetch_async("/path")`` takes the path for the method."""
    with pytest.raises(TypeError) as caught:
        sdk.fetch_async("/path")
    assert "needs a uri; the method comes first" in str(caught.value)


def test_uri_and_api_exclude_each_other(sdk):
    """They are one argument with two names."""
    with pytest.raises(TypeError) as caught:
        sdk.fetch_async("GET", "/a", api="/a")
    assert "uri= or api=" in str(caught.value) and "not both" in str(caught.value)


@pytest.mark.parametrize("uri", ["http://host/ok", "HTTPS://me:secret@host/ok?token=secret"])
def test_a_whole_url_as_uri_is_refused(uri):
    """The error says that it is relative to the host; it has no secret."""
    with pytest.raises(ValueError) as caught:
        expand(uri, None)
    assert "uri is relative to the host" in str(caught.value)
    assert "//host/ok" in str(caught.value) and "secret" not in str(caught.value)


def test_a_uri_may_have_a_url_inside():
    """Only a URL at its beginning is refused."""
    assert expand("fetch/http://a/b?next=http://c/", None) == "/fetch/http://a/b?next=http://c/"


@pytest.mark.parametrize("make, name", [
    (waterspout.Session, "Session"),
    (lambda **given: waterspout.BaseSDK("host", **given), "BaseSDK")])
def test_an_unknown_keyword_is_refused_by_the_class_that_was_called(make, name):
    """Not by the class that the keywords are passed on to."""
    with pytest.raises(TypeError) as caught:
        make(orgg=1)
    assert str(caught.value) == "%s() got an unexpected keyword argument 'orgg'" % name


@pytest.mark.parametrize("uri", ["/x/{name}?token=SECRET", "/SECRET@{name}", "/x/{name}#SECRET",
                                 "/" + "SECRET" * 100 + "/{name}", u"/SECRET\xe9/{name}"])
def test_a_uri_that_may_hold_a_secret_is_not_kept(uri):
    """Nor a long one; what is made of it is the same each time."""
    assert expand(uri, {"name": "a"}) == expand(uri, {"name": "a"})
    assert "SECRET" not in repr(paths_module._templates)


def test_the_uris_that_are_kept_are_bounded():
    for number in range(3 * paths_module._TEMPLATE_ENTRIES):
        assert expand("/%d/{name}" % number, {"name": "a"}) == "/%d/a" % number
        assert len(paths_module._templates) <= paths_module._TEMPLATE_ENTRIES
