"""How much memory this process has."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401


def resident_bytes():
    # type: () -> Optional[int]
    """Return the bytes that are in memory now (RSS); None where the system has no ``/proc``.

    ``getrusage`` of other systems has the most that it ever was, which is something else.
    """
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (EnvironmentError, IndexError, ValueError):
        return None
