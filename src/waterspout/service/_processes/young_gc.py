"""Lets the garbage collector look at young objects less often.

CPython collects after 700 more containers were made than freed (2,000 on some versions). With 64
requests under way one iteration of the IOLoop makes several times as many, which are all alive: the
collector visits them and frees nothing. That is a twentieth of a gateway's work.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import gc

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Iterator  # noqa: F401

#: Containers that are made between two collections of young objects: more than 64 requests have.
#: Garbage in cycles is kept for longer, with the bodies that it refers to; but the rows of a large
#: body are so many containers that decoding the next one collects it.
YOUNG_OBJECTS = 10000

#: What CPython begins with. Any other number is the program's own decision.
_DEFAULTS = (700, 2000)


@contextlib.contextmanager
def rare_young_collections():
    # type: () -> Iterator[None]
    """Raise the first threshold of `gc` for the time of the block.

    The collector belongs to the process, so use this only in a process that the kit runs. Nothing
    is changed if the program has disabled the collector or set its thresholds.
    """
    before = gc.get_threshold()
    if not gc.isenabled() or before[0] not in _DEFAULTS:
        yield
        return
    gc.set_threshold(YOUNG_OBJECTS, *before[1:])
    try:
        yield
    finally:
        if gc.get_threshold()[0] == YOUNG_OBJECTS:
            gc.set_threshold(*before)
