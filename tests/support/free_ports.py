"""Ports for programs that are told which one to listen on."""

from __future__ import absolute_import, division, print_function

import random
import socket

#: Below those that systems give to connections, which would take one in the meantime.
PORTS = range(20000, 32000)


def free_port():
    # type: () -> int
    """A port on which no server listens, and most probably none will."""
    while True:
        port = random.SystemRandom().choice(PORTS)  # Not seeded: other runs choose as well.
        probe = socket.socket()
        try:
            probe.bind(("127.0.0.1", port))
            return port
        except socket.error:
            pass  # Taken.
        finally:
            probe.close()
