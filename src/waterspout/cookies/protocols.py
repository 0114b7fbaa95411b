"""What cookies need of requests and responses, for type checkers: `models` imports this package."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import Optional, Protocol  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401
    from waterspout.structures import Headers  # noqa: F401

    class RequestWithCookies(Protocol):
        """A request to which a Cookie header may be added."""

        @property
        def cookies(self):
            # type: () -> Optional[CookieJar]
            """Of the call, or None where it has none of its own."""

        @property
        def parsed_url(self):
            # type: () -> URL
            """Decides which cookies are sent."""

        @property
        def headers(self):
            # type: () -> Headers
            """Its Host, if there is one, counts in the place of the URL's."""

    class ResponseWithCookies(Protocol):
        """A response that may have Set-Cookie headers."""

        @property
        def request(self):
            # type: () -> RequestWithCookies
            """What it answers."""

        @property
        def headers(self):
            # type: () -> Headers
            """Set-Cookie once for each cookie."""
