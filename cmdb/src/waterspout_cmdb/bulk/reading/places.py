"""Where in a file something is: the first words of an error."""

from __future__ import absolute_import, division, print_function

import os

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional, Text  # noqa: F401


def trouble(path, text, row=None):
    # type: (Text, Text, Optional[int]) -> BulkError
    """Return a BulkError about a file, or about one of its rows.

    Args:
        path: the file; its last part is shown.
        text: what is wrong, and what to do.
        row: the row, from 1, if it is about one.
    """
    place = to_unicode(os.path.basename(path) or path)
    if row is not None:
        place += u", row %d" % row
    text = to_unicode(text)
    # What goes on with a verb is a sentence about the file.
    is_sentence = row is None and text.startswith((u"is ", u"has ", u"cannot "))
    return BulkError(place + (u" " if is_sentence else u": ") + text)
