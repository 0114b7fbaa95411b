"""A cell as text, as it is written to a text file."""

from __future__ import absolute_import, division, print_function

import datetime
import json

from tornado.escape import to_unicode
from tornado.util import unicode_type

from waterspout_cmdb.bulk.rows import ABSENT

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401


def cell_text(cell):
    # type: (Any) -> Text
    """Return a cell as text that the import reads as the same value; None and ABSENT are empty."""
    if cell.__class__ is unicode_type:
        return cell
    if cell is None or cell is ABSENT:
        return u""
    if isinstance(cell, bool):
        return u"true" if cell else u"false"
    if isinstance(cell, float):
        return to_unicode(repr(cell))
    if isinstance(cell, datetime.datetime):  # py2: strftime knows no years before 1900.
        return to_unicode(cell.isoformat(str(" ")))
    if isinstance(cell, datetime.date):
        return to_unicode(cell.isoformat())
    if isinstance(cell, (list, dict)):
        return to_unicode(json.dumps(cell, ensure_ascii=False, sort_keys=True))
    if isinstance(cell, bytes):
        return to_unicode(cell)
    return u"%s" % (cell,)
