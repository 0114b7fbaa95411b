"""Files that are read, looked at before anything starts."""

from __future__ import absolute_import, division, print_function

import os

from tornado.escape import native_str

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List  # noqa: F401


def readable_file(path):
    # type: (str) -> List[str]
    """Return what is wrong with a file that is to be read, at most one line.

    Standard input and URLs are looked at when they are read.
    """
    path = native_str(path)
    if not path:
        return ["the name of the file is empty; name one, or - for standard input"]
    if path == "-" or path.startswith(("http://", "https://")):
        return []
    if os.path.isdir(path):
        return ["%s is a folder; name a file in it" % path]
    if not os.path.exists(path):
        return ["there is no file %s" % path]
    if not os.access(path, os.R_OK):
        return ["%s cannot be read: permission denied" % path]
    return []
