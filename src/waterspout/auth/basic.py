"""Authentication: callables that sign a request, as in requests."""

from __future__ import absolute_import, division, print_function

from base64 import b64encode

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, string_types, to_bytes, to_native
from waterspout.auth.digest import find_challenge

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Tuple  # noqa: F401

    from waterspout.auth.digest import DigestChallenge  # noqa: F401

#: Origins whose challenge `HTTPDigestAuth` keeps.
_KEPT_CHALLENGES = 256


class AuthBase(object):
    """The base class of callables that sign requests, for ``auth=``.

    It is called with each `PreparedRequest`, which is complete but for the signature, and returns
    it. Headers that it sets are validated afterwards, and Content-Length is set from the body.

    To answer challenges (a 401 response), set ``request.responder`` to itself and define
    ``respond``. It then signs each request of the call to the same origin, redirects included, and
    is asked once about each response.
    """

    # "Any" is a request or response of `waterspout.models`, which imports this package. A protocol
    # in its place would make type checkers refuse a subclass that names the model's class.

    def __call__(self, request):
        # type: (Any) -> Any
        raise NotImplementedError("Auth hooks must be callable.")

    def respond(self, request, response):
        # type: (Any, Any) -> Any
        """Return the request to send after ``response``, or None if there is nothing to answer.

        Called before the hooks. The request is a signed copy of ``request``; its body is sent again
        from its start.
        """
        return None

    def __repr__(self):  # Any attribute may be a secret.
        return "<%s>" % type(self).__name__


class _Login(AuthBase):
    def __init__(self, username, password):
        # type: (Any, Any) -> None
        for value in (username, password):
            _check_type(value, "user name and password")
        self.username = username
        self.password = password

    def __eq__(self, other):
        # type: (object) -> bool
        return (self.username == getattr(other, "username", None)
                and self.password == getattr(other, "password", None))

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    __hash__ = None  # type: ignore[assignment]


class HTTPBasicAuth(_Login):
    """Basic authentication (RFC 7617): the meaning of ``auth=(username, password)``.

    Args:
        username, password (text or bytes): text is sent as UTF-8.
    """

    def __call__(self, request):
        # type: (Any) -> Any
        request.headers["Authorization"] = _basic(self.username, self.password)
        return request


class HTTPProxyAuth(HTTPBasicAuth):
    """Basic authentication to a proxy; a user name and password in the proxy's URL work too."""

    def __call__(self, request):
        # type: (Any) -> Any
        request.headers["Proxy-Authorization"] = _basic(self.username, self.password)
        return request


class HTTPBearerAuth(AuthBase):
    """Bearer authentication with a token (RFC 6750).

    Args:
        token (text or bytes): sent as given.
    """

    def __init__(self, token):
        # type: (Any) -> None
        _check_type(token, "token")
        self.token = token

    def __call__(self, request):
        # type: (Any) -> Any
        request.headers["Authorization"] = "Bearer " + to_native(self.token)
        return request


class HTTPDigestAuth(_Login):
    """Digest authentication (RFC 7616).

    Algorithms MD5, SHA (1), SHA-256, SHA-512, each with ``-sess``; qop ``auth`` or none. The first
    call to an origin is sent twice, since its response brings the challenge. Later calls are signed
    at once, until the server asks for another nonce. One object may be used by many calls at once.

    Args:
        username, password (text or bytes): text is encoded as UTF-8.
    """

    def __init__(self, username, password):
        # type: (Any, Any) -> None
        super(HTTPDigestAuth, self).__init__(username, password)
        self._challenges = {}  # type: Dict[Tuple[str, str, int], DigestChallenge]

    def __call__(self, request):
        # type: (Any) -> Any
        request.responder = self
        challenge = self._challenges.get(request.parsed_url.origin)
        if challenge is not None:
            self._sign(request, challenge)
        return request

    def respond(self, request, response):
        # type: (Any, Any) -> Any
        """Answer a Digest challenge; see `AuthBase.respond`."""
        if not 400 <= response.status_code < 500:  # As in requests; some servers send 403.
            return None
        challenge = find_challenge(response.headers.get_list("WWW-Authenticate"))
        if challenge is None:
            return None
        # Each origin whose challenge was removed needs one more exchange.
        keep(self._challenges, request.parsed_url.origin, challenge, _KEPT_CHALLENGES)
        return self._sign(request.copy(), challenge)

    def _sign(self, request, challenge):
        request.headers["Authorization"] = challenge.answer(
            self.username, self.password, request.method, request.path_url)
        return request


def as_auth(auth):
    # type: (Any) -> Callable[[Any], Any]
    """The callable for an ``auth=`` argument. Raises: TypeError."""
    if isinstance(auth, tuple) and len(auth) == 2:
        return HTTPBasicAuth(*auth)
    if (type(auth).__module__, type(auth).__name__) == ("requests.auth", "HTTPDigestAuth"):
        return _digest_of(auth)
    if not callable(auth):
        raise TypeError(
            "auth= takes (user name, password) or a callable, not %s" % type(auth).__name__)
    return auth


def _digest_of(auth):
    # requests' class sends from a hook and blocks. Ours is used instead, and is stored as an
    # attribute of it, so that the nonce is used for more than one call.
    ours = getattr(auth, "_waterspout", None)
    if ours is None or ours != auth:
        ours = auth._waterspout = HTTPDigestAuth(auth.username, auth.password)
    return ours


def _basic(username, password):
    return "Basic " + to_native(b64encode(to_bytes(username) + b":" + to_bytes(password)))


def _check_type(value, what):
    if not isinstance(value, string_types):
        raise TypeError("%s must be text or bytes, not %s" % (what, type(value).__name__))
