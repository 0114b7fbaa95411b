"""Redirects: their limit, requests' rules for methods, and no credentials to another origin."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import to_text
from waterspout._encoding import urls
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.cookies.call_jars import jar_after_redirect
from waterspout.exceptions import RequestException, TooManyRedirects

#: Never copied to a redirected request: the URL, the jar and the proxy decide.
OF_ONE_REQUEST = ("Host", "Cookie", "Proxy-Authorization")

#: Methods whose redirected request does not state an empty body (RFC 9110 section 8.6): servers do
#: not expect a body.
_NO_BODY_EXPECTED = frozenset(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"])


def check_redirect_limit(request, options, response, history):
    # type: (PreparedRequest, CallOptions, Response, List[Response]) -> None
    """Raise TooManyRedirects if ``max_redirects`` redirects are in ``history`` already."""
    # Answered challenges are in the history too.
    if sum(each.is_redirect for each in history) >= options.max_redirects:
        raise TooManyRedirects(
            "%s %s: more than %d redirects"
            % (request.method, request.parsed_url.for_messages, options.max_redirects),
            request=request,
            response=response,
            phase="read",
        )


def next_request(request, options, response, cookies, credentials):
    # type: (PreparedRequest, CallOptions, Response, Optional[CookieJar], Callable) -> Tuple[PreparedRequest, CallOptions]
    """The request that follows ``response``, a redirect, and its options.

    Args:
        cookies, credentials: as for `waterspout._flows.call_flow.call_flow`.

    Raises: InvalidURL or a subclass, MissingSchema, InvalidSchema: a bad Location;
        UnrewindableBodyError. Each has ``request`` and ``response``.
    """
    try:
        following = _following(request, response)
        _authenticate(following, credentials)
        if options.routing is not None:
            options = options.replace(route=options.routing.route(following.parsed_url))
    except RequestException as error:
        error.request, error.response, error.phase = request, response, "read"
        raise
    following.prepare_cookies(jar_after_redirect(request, response, cookies))
    return following, options


def _following(request, response):
    url = _location(request.parsed_url, response.headers["Location"])
    following = request.copy()
    following.parsed_url = url
    for name in OF_ONE_REQUEST:
        following.headers.pop(name, None)
    if response.status_code not in (307, 308):
        following.method = _method(request.method, response.status_code)
        following.drop_body(says_empty=following.method not in _NO_BODY_EXPECTED)
    elif isinstance(following.body, StreamedBody):
        following.body.rewind()
    if url.origin != request.parsed_url.origin:
        following.drop_credentials()
    return following


def _authenticate(following, credentials):
    # A responder signs each request to its origin; a netrc file may have another origin's password.
    auth = following.responder or credentials(following.parsed_url)
    if auth:
        following.prepare_auth(auth)
    else:
        following.settle()  # A hook may have changed the request that this one is a copy of.


def _method(method, status_code):
    # As browsers and requests do (RFC 9110 section 15.4 allows it).
    if status_code in (302, 303) and method != "HEAD" or status_code == 301 and method == "POST":
        return "GET"
    return method


def _location(base, location):
    # Header fields are decoded as Latin-1 here, but a Location is often UTF-8, as in requests.
    try:
        text = to_text(location if isinstance(location, bytes) else location.encode("latin-1"))
    except UnicodeDecodeError:
        text = to_text(location, "latin-1")
    url = urls.join(base, text)
    # RFC 9110 section 10.2.2: a fragment is kept unless the Location brings its own.
    return url.with_fragment(base.fragment) if base.fragment and not url.fragment else url
