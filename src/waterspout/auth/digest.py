"""DigestChallenge: answers a challenge of digest authentication (RFC 7616)."""

from __future__ import absolute_import, division, print_function

import binascii
import itertools
import os
import re

from waterspout._compat import hexdigest, to_bytes, to_native
from waterspout.auth.www_authenticate import parse_challenges

#: The algorithms of RFC 7616 section 3.3 and those of requests, with hashlib's names; each may be
#: followed by ``-sess``.
_HASHES = {"MD5": "md5", "SHA": "sha1", "SHA-256": "sha256", "SHA-512": "sha512"}

_SPECIAL = re.compile(r'(["\\])')


class DigestChallenge(object):
    """A server's challenge, which may be answered any number of times.

    Each answer has its own count, so that many calls may use one challenge at once.

    Args:
        params (dict of native str): the parameters, with ``realm`` and ``nonce``.
        algorithm (native str): a supported one, in upper case, without ``-SESS``.
        session (bool): the algorithm had ``-sess``.
    """

    __slots__ = ("_params", "_hash", "_session", "_has_qop", "_client_nonce", "_counts")

    def __init__(self, params, algorithm, session):
        # type: (Dict[str, str], str, bool) -> None
        self._params = params
        self._hash = _HASHES[algorithm]
        self._session = session
        self._has_qop = bool(_qop(params))  # RFC 2069 had none.
        # The same for all answers, so that -sess has one session key (section 3.4.2).
        self._client_nonce = to_native(binascii.hexlify(os.urandom(8)))
        self._counts = itertools.count(1)

    def answer(self, username, password, method, target):
        # type: (Any, Any, str, str) -> str
        """The Authorization header for one request.

        Args:
            username, password (text or bytes): text is encoded as UTF-8 (section 4).
            target (native str): the request target as it is sent.
        """
        params, username = self._params, to_bytes(username)
        count = "%08x" % next(self._counts)
        fields = [
            ("username", _quoted(to_native(username, "latin-1"))),
            ("realm", _quoted(params["realm"])),
            ("nonce", _quoted(params["nonce"])),
            ("uri", _quoted(target)),
            ("response", _quoted(self._response(username, password, method, target, count))),
        ]
        if "opaque" in params:
            fields.append(("opaque", _quoted(params["opaque"])))
        if "algorithm" in params:
            fields.append(("algorithm", params["algorithm"]))
        if self._has_qop:
            fields += [("qop", "auth"), ("nc", count)]
        if self._has_qop or self._session:
            fields.append(("cnonce", _quoted(self._client_nonce)))
        return "Digest " + ", ".join("%s=%s" % field for field in fields)

    def _response(self, username, password, method, target, count):
        # Sections 3.4.1 to 3.4.3. The server's values are hashed byte for byte.
        nonce = self._params["nonce"]
        secret = self._hashed(username, self._params["realm"], to_bytes(password))
        if self._session:
            secret = self._hashed(secret, nonce, self._client_nonce)
        what = self._hashed(method, target)
        if not self._has_qop:
            return self._hashed(secret, nonce, what)
        return self._hashed(secret, nonce, count, self._client_nonce, "auth", what)

    def _hashed(self, *parts):
        return hexdigest(self._hash, b":".join(to_bytes(part, "latin-1") for part in parts))


def find_challenge(fields):
    # type: (Iterable[str]) -> Optional[DigestChallenge]
    """The first supported Digest challenge in the values of WWW-Authenticate, or None.

    Not supported are ``auth-int`` alone (which hashes the body too, and is rare) and unknown
    algorithms.
    """
    for scheme, params in parse_challenges(fields):
        if scheme == "digest" and "realm" in params and "nonce" in params:
            algorithm, session = _algorithm(params.get("algorithm", "MD5"))
            if algorithm in _HASHES and "auth" in (_qop(params) or ("auth",)):
                return DigestChallenge(params, algorithm, session)
    return None


def _algorithm(name):
    name = name.upper()
    session = name.endswith("-SESS")
    return (name[:-len("-SESS")] if session else name), session


def _qop(params):
    options = params.get("qop", "").lower().split(",")
    return [option.strip() for option in options if option.strip()]


def _quoted(value):
    return '"%s"' % _SPECIAL.sub(r"\\\1", value)
