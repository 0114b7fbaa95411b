"""The spreadsheet that comes along, to try an import with: ``hosts.csv``, as people have it."""

from __future__ import absolute_import, division, print_function

import os

from tornado.escape import native_str

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: What an import writes beside a spreadsheet, by the names of the options.
_NAMES = {"journal": "%s.csv.journal", "rejects": "%s.rejects.csv", "report": "%s.csv.report.json"}


def of_sample(options, name):
    # type: (Any, str) -> Optional[str]
    """Return where an import of the sample writes a file: not into the installation.

    Args:
        options: of the import. name: "journal", "rejects" or "report".
    Returns: a path in the working directory; None: it is not the sample, or a dry run.
    """
    path = native_str(options.file)
    folder = os.path.dirname(os.path.realpath(__file__))
    if options.dry_run or os.path.dirname(os.path.realpath(path)) != folder:
        return None
    return _NAMES[name] % os.path.splitext(os.path.basename(path))[0]
