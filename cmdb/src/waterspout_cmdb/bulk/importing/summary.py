"""Summary: how an import ended."""

from __future__ import absolute_import, division, print_function

import collections

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

#: The ways an import ends, and the exit codes of the command. A failed one can be resumed unless
#: its error says otherwise; so can a stopped one.
DONE, REFUSED, STOPPED, FAILED = "done", "refused", "stopped", "failed"
ALL_IN, SOME_REJECTED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

#: What a journal remembers of the times whose offset was left out: `LeftOutOffsets.found`.
LEFT_OUT_OFFSETS = "left_out_offsets"

#: How an import ended. ``state``: "done"; "refused" if the check refused rows and it was to be all
#: or nothing; "stopped"; "failed". ``counts`` is the journal's `Counts`. ``seconds`` are those of
#: this run. ``files`` is a `Files`; its ``rejects`` is None if no row was refused. ``findings`` are
#: lines about the file; ``problems`` the first refused rows, as (row number, reason).
#: ``changes`` is the `Comparison` of a dry run, else None. ``error`` is a text, or None.
#: ``reasons`` are the most frequent ones, as `Journal.reasons` has them. ``notes`` are lines about
#: what is in the rows, which may not be what the user wants.
Summary = collections.namedtuple(
    "Summary", "state exit_code counts seconds files findings problems changes error reasons notes")
Summary.__new__.__defaults__ = ((), ())


def exit_code_of(state, rejected):
    # type: (Text, int) -> int
    """Return the exit code of an import that ended in ``state`` with so many rejected rows."""
    if state == STOPPED:
        return INTERRUPTED
    if state == FAILED:
        return COULD_NOT_RUN
    return SOME_REJECTED if rejected or state == REFUSED else ALL_IN
