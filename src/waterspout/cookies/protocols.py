"""Protocols of requests and responses, for type checkers; `models` imports this package."""

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
            """The call's own jar, or None."""

        @property
        def parsed_url(self):
            # type: () -> URL
            """Decides which cookies are sent."""

        @property
        def headers(self):
            # type: () -> Headers
            """A Host header replaces the URL's host."""

    class ResponseWithCookies(Protocol):
        """A response that may have Set-Cookie headers."""

        @property
        def request(self):
            # type: () -> RequestWithCookies
            """The request of this response."""

        @property
        def headers(self):
            # type: () -> Headers
            """With one Set-Cookie field for each cookie."""
