"""AccessCheck: the head check that lets only known clients in."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING, string_types
from waterspout.service._access.api_key import id_of
from waterspout.service._access.api_keys import APIKeys
from waterspout.service._access.certificate_names import CertificateNames
from waterspout.service._access.permissions import EVERYTHING, Permissions
from waterspout.service._access.principal import Principal
from waterspout.service.bounded_log import BoundedLog
from waterspout.service.exceptions import Refusal
from waterspout.service.log_lines import printable

if TYPE_CHECKING:
    from typing import Any, Callable, FrozenSet, Iterable, Optional  # noqa: F401

#: What the access log calls these refusals.
REFUSAL_KIND = "access"

_NO_KEY = "a valid API key is needed"
_NO_CERTIFICATE = "a client certificate is needed"
_NOT_PERMITTED = "this client may not send this request"

_log = logging.getLogger("waterspout.service")


class AccessCheck(object):
    """Finds the client of each request and sets ``request.principal``, or refuses the request.

    The answer is 401 without a valid key, whatever is wrong with it, and 403 if the client is known
    but may not send this request. Both are logged at a bounded rate, with the client's address and
    the id of the key; the key itself is not.

    Args:
        api_keys (APIKeys or None): who may come in, and what each may do.
        client_certificates (bool): every client with a certificate that the server has verified
            may come in and do everything. Without ``api_keys`` only.
        public_paths (iterable of native str): paths that are served to everybody.
        is_preflight (callable): whether a request is the question of a browser, which cannot have
            a key, whether a page may send a request.
        logger (logging.Logger): to write to.
    Raises:
        TypeError: ``api_keys`` are none, or ``public_paths`` is one text.
        ValueError: there are both kinds of clients, or neither; a path does not begin with a slash.
    """

    def __init__(
        self, api_keys=None, client_certificates=False, public_paths=(),
        is_preflight=lambda request: False, logger=_log
    ):  # fmt: skip
        # type: (Optional[APIKeys], bool, Iterable[str], Callable[[Any], bool], logging.Logger) -> None  # noqa: E501
        if api_keys is not None and not isinstance(api_keys, APIKeys):
            raise TypeError(
                "api_keys must be service.APIKeys, such as APIKeys.read(path), not %s"
                % type(api_keys).__name__)
        if (api_keys is None) is not bool(client_certificates):
            raise ValueError(
                "client_certificates=True lets every certificate in; with api_keys, give the file "
                "of keys an entry for each of them instead")
        self._api_keys = api_keys
        self._names = CertificateNames()
        self._public_paths = _checked_paths(public_paths)
        self._is_preflight = is_preflight
        self._everything = Permissions([EVERYTHING])
        self._log = BoundedLog(logger)

    def __repr__(self):
        # type: () -> str
        return "<AccessCheck %r>" % (self._api_keys or "of client certificates",)

    def __call__(self, request):
        # type: (Any) -> Optional[Refusal]
        """Return why a request is refused; None if it is served."""
        request.principal = None
        if request.path in self._public_paths:
            return None
        if request.method == "OPTIONS" and self._is_preflight(request):
            return None
        if self._api_keys is None:
            return self._by_certificate(request)
        return self._by_key(self._api_keys, request)

    def _by_certificate(self, request):
        # type: (Any) -> Optional[Refusal]
        names = self._names.of(request)
        if not names:
            self._report(request, 403, "no client certificate", None)
            return _refusal(403, _NO_CERTIFICATE)
        request.principal = Principal(names[0], self._everything)
        return None

    def _by_key(self, api_keys, request):
        # type: (APIKeys, Any) -> Optional[Refusal]
        key = _key_of(request.headers)
        if key is not None:
            principal = api_keys.find(key)
        elif api_keys.has_certificates:
            principal = api_keys.find_certificate(self._names.of(request))
        else:
            principal = None
        if principal is None:
            self._report(request, 401, "no valid key", key and id_of(key))
            # RFC 9110 section 11.6.1 and RFC 6750 section 3. It does not say what is wrong.
            return _refusal(401, _NO_KEY, {"WWW-Authenticate": "Bearer"})
        if not principal.allows(request.method, request.path):
            self._report(request, 403, "%s may not send it" % principal.name, principal.key_id)
            return _refusal(403, _NOT_PERMITTED)
        request.principal = principal
        return None

    def _report(self, request, status, why, key_id):
        # type: (Any, int, str, Optional[str]) -> None
        self._log.log(
            logging.WARNING, "Refused with %d: %s (client %s, key id %s, %s %s)", status, why,
            request.remote_ip, key_id or "-", printable(request.method), printable(request.path))


def _checked_paths(paths):
    # type: (Any) -> FrozenSet[str]
    if isinstance(paths, string_types):  # Of its characters, "/" is a path.
        raise TypeError("public_paths=%r: give a list of paths" % paths)
    paths = frozenset(paths)
    for path in paths:
        if not isinstance(path, string_types) or not path.startswith("/"):
            raise ValueError("public_paths has %r: a path begins with a slash" % (path,))
    return paths


def _key_of(headers):
    # type: (Any) -> Optional[str]
    """Return the key that a request has, valid or not; None if it has none.

    X-API-Key comes first: a proxy before the service may need Authorization for itself.
    """
    key = headers.get("X-API-Key")
    if key is None:
        scheme, _, key = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
    return key.strip(" \t")


def _refusal(status, why, headers=None):
    # type: (int, str, Any) -> Refusal
    return Refusal(status, why, headers, kind=REFUSAL_KIND)
