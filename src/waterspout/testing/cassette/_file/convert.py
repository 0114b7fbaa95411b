"""Converts a cassette of vcrpy into one of ours."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING
from waterspout.testing.cassette._file.store import Store
from waterspout.testing.cassette.mask import mask_of

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def convert(old, new, mask=True):
    # type: (Any, Any, Any) -> int
    """Write what is recorded in ``old`` to ``new``, masked; return the number of interactions.

    Raises: InvalidCassette; ValueError: ``new`` exists, or is to be YAML; IOError, OSError: a file
        cannot be read or written.
    """
    source, target = Store(old), Store(new)
    if not target.writable:
        raise ValueError("%s: cassettes are written as JSON" % target.path)
    if os.path.exists(target.path):
        raise ValueError("%s exists" % target.path)
    interactions = source.read()
    if interactions is None:
        raise ValueError("%s: there is no such file" % source.path)
    target.write(mask_of(mask).interactions(interactions), keep=False)
    return len(interactions)
