"""What the IOLoop is asked to tell of a socket."""

from __future__ import absolute_import, division, print_function

import socket

from waterspout._compat import detached


def watch(io_loop, sock, callback, before, events):
    # type: (IOLoop, Any, Callable, int, int) -> int
    """Have ``callback(sock, events)`` called for ``events``, 0 for none; returns ``events``.

    Always with the socket, or whatever has its ``fileno()`` and ``close()``, never with the
    number: ``IOLoop.close(all_fds=True)`` would close that, and the socket, which knows nothing
    of it, would close it again when it may be another's.

    Args:
        before (int): the events that are asked for until now.
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
            pass  # py2: the IOLoop is closed, and has closed the socket.
    return events
