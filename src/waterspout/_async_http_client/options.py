"""Options: what a request asks of the client, with the client's defaults."""

from __future__ import absolute_import, division, print_function

import collections
import operator

from tornado import httpclient

#: The class of the object that ``AsyncHTTPClient.fetch`` passes to ``fetch_impl``.
_REQUEST_PROXY = getattr(httpclient, "_RequestProxy", None)

_NAMES = (
    "url", "method", "headers", "body", "body_producer", "header_callback", "streaming_callback",
    "follow_redirects", "max_redirects", "auth_username", "auth_password", "auth_mode",
    "user_agent", "decompress_response", "expect_100_continue", "allow_nonstandard_methods",
    "proxy_host", "network_interface", "allow_ipv6",
)

#: The options of an HTTPRequest that are read for every hop, by the names that they have there, and
#: that request.
Options = collections.namedtuple("Options", ("request",) + _NAMES)  # type: ignore[misc]

_given = operator.attrgetter(*_NAMES)


def options_of(request):
    # type: (HTTPRequest) -> Options
    """Read the options of ``request``, as ``fetch_impl`` gets it.

    Tornado passes an object that looks in the request, then in the client's defaults, at each
    access to an attribute; here all are read together, which costs much less. A program may pass
    any other object.
    """
    if type(request) is not _REQUEST_PROXY:
        return Options(request, *_given(request))
    given, defaults = _given(request.request), request.defaults
    if defaults is not None:
        given = [default if value is None else value
                 for value, default in zip(given, map(defaults.get, _NAMES))]
    return Options(request, *given)
