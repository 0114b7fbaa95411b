"""Listener: what is told while an import runs."""

from __future__ import absolute_import, division, print_function

import collections

#: The stages of an import, in order. A dry run compares where an import sends.
HASHING, CHECKING, COMPARING, SENDING, FINISHING = (
    "hashing", "checking", "comparing", "sending", "finishing")  # fmt: skip

#: How far an import is. ``rows`` are those of this stage that are done, also those that an earlier
#: run has finished (bytes while hashing); ``total_rows`` is None until all have been read once.
#: ``unchanged`` is counted by a dry run only: a CMDB does not tell which rows it left as they were.
Progress = collections.namedtuple(
    "Progress", "stage rows total_rows inserted updated unchanged rejected")


class Listener(object):
    """Hears nothing; derive from it, and override what you want to hear.

    All is called in the loop, between two batches: what takes long holds the import up.
    """

    def on_findings(self, lines):
        # type: (List[Text]) -> None
        """Called with what was found out about the file, then about its columns, a line each."""

    def on_progress(self, progress):
        # type: (Progress) -> None
        """Called after each chunk of rows that was checked, and each batch that was sent."""

    def on_message(self, text):
        # type: (Text) -> None
        """Called with what a person should know now, such as that the CMDB asked to wait."""
