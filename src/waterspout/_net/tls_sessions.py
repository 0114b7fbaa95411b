"""TLSSessions: resumes TLS sessions, so that later handshakes with an origin are shorter."""

from __future__ import absolute_import, division, print_function

import ssl

from waterspout._bounded_stores import keep

#: Origins whose last session is kept; some KiB each.
_KEPT = 256

_SUPPORTED = hasattr(ssl, "SSLSession")  # py2: Python cannot resume sessions before 3.6


class TLSSessions(object):
    """The last session of each origin, for resumption (RFC 8446 section 2.2).

    The certificate of a resumed session is not verified again. That is safe, because an Origin
    includes everything that was verified.
    """

    def __init__(self):
        # type: () -> None
        self._sessions = {}  # type: Dict[Origin, ssl.SSLSession]

    def keep(self, origin, sock):
        # type: (Origin, ssl.SSLSocket) -> None
        """Keep the session of ``sock``, about to be closed. (TLS 1.3 sends tickets late.)"""
        session = sock.session if _SUPPORTED else None
        if session is not None and session.has_ticket:
            keep(self._sessions, origin, (sock.context, session), _KEPT)

    def arguments(self, origin, context):
        # type: (Origin, ssl.SSLContext) -> Dict[str, ssl.SSLSession]
        """Keywords for ``context.wrap_socket``: the session, if there is one of this context."""
        kept = self._sessions.get(origin)
        return {} if kept is None or kept[0] is not context else {"session": kept[1]}

    def forget(self, origin):
        # type: (Origin) -> None
        self._sessions.pop(origin, None)
