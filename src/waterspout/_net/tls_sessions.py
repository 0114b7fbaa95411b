"""TLSSessions: what makes the next TLS handshake with an origin a short one."""

from __future__ import absolute_import, division, print_function

import ssl

#: Origins of which a session is kept; some KiB each.
_KEPT = 256

_SUPPORTED = hasattr(ssl, "SSLSession")  # py2: Python cannot resume sessions before 3.6


class TLSSessions(object):
    """The last session of each origin, for resumption (RFC 8446 section 2.2).

    An Origin holds everything that was verified, so that a resumed session, whose certificate
    is not looked at again, never stands in for one that would have been refused.
    """

    def __init__(self):
        # type: () -> None
        self._sessions = {}  # type: Dict[Origin, ssl.SSLSession]

    def keep(self, origin, sock):
        # type: (Origin, ssl.SSLSocket) -> None
        """``sock`` is about to be closed; in TLS 1.3 its tickets came behind its handshake."""
        session = sock.session if _SUPPORTED else None
        if session is not None and session.has_ticket:
            if len(self._sessions) >= _KEPT:
                self._sessions.clear()
            self._sessions[origin] = sock.context, session

    def arguments(self, origin, context):
        # type: (Origin, ssl.SSLContext) -> Dict[str, ssl.SSLSession]
        """For ``context.wrap_socket``: the session, if there is one and it is that context's."""
        kept = self._sessions.get(origin)
        return {} if kept is None or kept[0] is not context else {"session": kept[1]}

    def forget(self, origin):
        # type: (Origin) -> None
        self._sessions.pop(origin, None)
