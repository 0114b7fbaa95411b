"""The server's side of digest authentication, written from RFC 7616 and without our code."""

from __future__ import absolute_import, division, print_function

import hashlib
import itertools
import threading

from raw_server import response

try:
    from urllib.request import parse_http_list, parse_keqv_list
except ImportError:  # py2: one module for all
    from urllib2 import parse_http_list, parse_keqv_list

HASHES = {"MD5": hashlib.md5, "SHA": hashlib.sha1, "SHA-256": hashlib.sha256,
          "SHA-512": hashlib.sha512}


class DigestGuard(object):
    """A behaviour for `RawServer`: lets in who proves to know the password, once per count.

    Args:
        algorithm (native str or None), qop (native str or None): what the challenge says.
        uses (int): requests that one nonce is good for; then it is stale.
        place (callable): ``place(request)`` gives the answer for who is let in.

    Attributes:
        challenged, admitted (lists of Received).
    """

    username, password = b"Mufasa", b"Circle of Life"

    def __init__(self, algorithm="MD5", qop="auth", uses=1000, realm="the pride", opaque="xyz",
                 place=None):
        self.algorithm = algorithm
        self.qop = qop
        self.uses = uses
        self.realm = realm
        self.opaque = opaque
        self.place = place or (lambda request: response(b"come in"))
        self.challenged, self.admitted = [], []
        self._nonces = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def __call__(self, peer):
        for request in peer.requests():
            with self._lock:
                answer = self.answer(request)
            peer.send(answer)

    def answer(self, request):
        scheme, _, rest = authorization(request).partition(" ")
        given = parse_keqv_list(parse_http_list(rest)) if scheme == "Digest" else {}
        used = self._nonces.get(given.get("nonce"))
        if used is None or not self.proves(given, request):
            return self.challenge(request)
        count = given.get("nc", "00000001")
        if count in used and self.qop or len(used) >= self.uses:
            return self.challenge(request, stale=True)
        used.append(count)
        self.admitted.append(request)
        return self.place(request)

    def challenge(self, request, stale=False):
        self.challenged.append(request)
        nonce = "nonce-%d" % next(self._numbers)
        self._nonces[nonce] = []
        field = 'Digest realm="%s", nonce="%s"' % (self.realm, nonce)
        for name in ("algorithm", "qop", "opaque"):
            value = getattr(self, name)
            if value is not None:
                field += ', %s="%s"' % (name, value)
        if stale:
            field += ", stale=true"
        return response(b"who?", status=401, reason="Unauthorized",
                        headers=[("WWW-Authenticate", field)])

    def proves(self, given, request):
        algorithm = (self.algorithm or "MD5").upper()
        hashed = HASHES[algorithm.replace("-SESS", "")]

        def digest(*parts):
            whole = b":".join(p if isinstance(p, bytes) else p.encode("latin-1") for p in parts)
            return hashed(whole).hexdigest()

        secret = digest(self.username, self.realm, self.password)
        if algorithm.endswith("-SESS"):
            secret = digest(secret, given["nonce"], given.get("cnonce", ""))
        what = digest(request.method, request.target)
        if self.qop is None:
            expected = digest(secret, given["nonce"], what)
        else:
            expected = digest(
                secret, given["nonce"], given["nc"], given["cnonce"], given["qop"], what)
        return (given["response"] == expected and given["uri"] == request.target
                and given.get("opaque") == self.opaque and given["realm"] == self.realm)


def authorization(request):
    """The header as native ``str``, which is Latin-1 on Python 3; empty where there is none."""
    value = dict(request.headers).get("authorization", u"")
    return value if isinstance(value, str) else value.encode("latin-1")


def challenging_chunks(peer):
    """A behaviour: read bodies in chunks, and ask who sent them."""
    for _ in peer.requests():
        peer.send(DigestGuard().challenge(None))
