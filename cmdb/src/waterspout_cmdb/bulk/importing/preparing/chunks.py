"""Chunks of rows: so many that the loop gets its turns, and references are resolved together."""

from __future__ import absolute_import, division, print_function

import itertools

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Iterator, List  # noqa: F401

    from waterspout_cmdb.bulk.rows import Row  # noqa: F401

#: Rows in a chunk: some 10 ms of work.
SIZE = 500


def chunks(rows, size=SIZE):
    # type: (Iterable[Row], int) -> Iterator[List[Row]]
    """Yield lists of ``size`` rows; the last one may be shorter."""
    rows = iter(rows)
    while True:
        chunk = list(itertools.islice(rows, size))
        if not chunk:
            return
        yield chunk
