"""Policy: what a call does about the responses it gets."""

from __future__ import absolute_import, division, print_function


class Policy(object):
    """What a session and the keywords of one call come to.

    Args:
        allow_redirects (bool), max_redirects (int).
        cookies (CookieJar or None): the jar that learns from every response and is asked for
            every redirect.
        route (callable): ``route(url)`` gives the Route to a redirect's URL, or None.
        credentials (callable): ``credentials(url)`` gives what authenticates there unasked (a
            netrc entry), or None.
    """

    __slots__ = ("allow_redirects", "max_redirects", "cookies", "route", "credentials")

    def __init__(self, allow_redirects, max_redirects, cookies, route, credentials):
        # type: (bool, int, Any, Callable, Callable) -> None
        self.allow_redirects = allow_redirects
        self.max_redirects = max_redirects
        self.cookies = cookies
        self.route = route
        self.credentials = credentials
