"""watch: which events of a socket the IOLoop reports."""

from __future__ import absolute_import, division, print_function

import socket

from waterspout._compat import detached


def watch(io_loop, sock, callback, before, events):
    # type: (IOLoop, Any, Callable, int, int) -> int
    """Have ``callback(sock, events)`` called for ``events``, 0 for none. Return ``events``.

    Pass the socket, or an object with its ``fileno()`` and ``close()``, never the number:
    ``IOLoop.close(all_fds=True)`` would close a bare number, and the socket would later close it
    again, when it may be the number of another file.

    Args:
        before (int): the events that were watched until now.
    """
    if events == before:
        return events
    if not before:
        detached(io_loop.add_handler, sock, callback, events)
    elif events:
        detached(io_loop.update_handler, sock, events)
    else:
        try:
            io_loop.remove_handler(sock)
        except socket.error:
            pass  # py2: a closed IOLoop has closed the socket.
    return events
