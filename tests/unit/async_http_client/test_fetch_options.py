"""The options of a fetch: the request's own, then the client's defaults."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.httpclient import HTTPRequest
from tornado_requests import fetched

from waterspout._async_http_client.options import Options, options_of


def test_each_option_is_what_tornados_object_shows():
    """Given or not."""
    for request in (fetched(), fetched(
            method="POST", body=b"x", max_redirects=0, follow_redirects=False, user_agent="me",
            decompress_response=False, auth_username="u", proxy_host="p", allow_ipv6=False)):
        options = options_of(request)
        assert options.request is request
        for name in Options._fields[1:]:
            assert getattr(options, name) == getattr(request, name)


def test_a_default_of_the_client_counts_where_the_request_has_none():
    """False and 0 are given; None is not."""
    request = fetched(follow_redirects=False, max_redirects=None)
    request.defaults.update(follow_redirects=True, max_redirects=3, user_agent="me")
    options = options_of(request)
    assert (options.follow_redirects, options.max_redirects, options.user_agent) == (False, 3, "me")


@pytest.mark.parametrize("defaults", [None, {}])
def test_a_client_may_have_no_defaults(defaults):
    request = fetched()
    request.defaults = defaults
    assert options_of(request).max_redirects is None


def test_a_program_may_pass_a_request_of_its_own():
    """An HTTPRequest, or a wrapper of what Tornado passes, as tracers do."""
    class Wrapper(object):
        def __init__(self, request):
            self._request = request

        def __getattr__(self, name):
            return "other" if name == "user_agent" else getattr(self._request, name)

    assert options_of(HTTPRequest("http://a.example/")).url == "http://a.example/"
    wrapper = Wrapper(fetched())
    options = options_of(wrapper)
    assert (options.request, options.user_agent, options.max_redirects) == (wrapper, "other", 5)
