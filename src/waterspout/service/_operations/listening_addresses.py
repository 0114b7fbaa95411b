"""Where a server listens, as text."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, to_text

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401


def listening_addresses(server):
    # type: (Any) -> List[Text]
    """Return the addresses of a server's sockets: ``"127.0.0.1:8888"``, ``"unix:/run/x.sock"``."""
    found = []
    for sock in list(server._sockets.values()):  # Tornado has no public name for them.
        try:
            found.append(_shown(sock.getsockname()))
        except EnvironmentError:  # It is closed.
            pass
    return sorted(found)


def _shown(address):
    # type: (Any) -> Text
    if isinstance(address, tuple):
        host, port = address[:2]
        return u"%s:%d" % (u"[%s]" % host if ":" in host else host, port)
    if isinstance(address, bytes):
        address = address.decode("utf-8", "replace")
    # Linux: an abstract name begins with a NUL, which is written as "@".
    return u"unix:" + to_text(address).replace(u"\0", u"@")
