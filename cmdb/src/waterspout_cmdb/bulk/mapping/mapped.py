"""What a mapper makes of a row, and the sentence about something wrong in it."""

from __future__ import absolute_import, division, print_function

import collections
import json

from tornado.escape import to_unicode
from tornado.util import unicode_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

#: What a row becomes: ``document``, attribute ids and the values that the CMDB takes; a list of
#: `Problem`, empty if the row is good; a list of `Reference`, whose ids the document still lacks.
Mapped = collections.namedtuple("Mapped", "document problems references")

#: An instance of the model ``object_id`` that the field ``side`` is to list: the one whose
#: ``attribute`` is ``text``. ``attribute`` None: the first ``show_key`` of that model.
#: ``row`` and ``column`` say where it stands.
Reference = collections.namedtuple("Reference", "side object_id attribute text row column")

#: Characters of a value in a sentence.
MAX_SHOWN = 80


def problem_text(problem):
    # type: (Problem) -> Text
    """Return what is wrong as a sentence for a person, without the number of the row."""
    if problem.column is None:
        return problem.reason
    if problem.value is None:
        return u"%s %s" % (problem.column, problem.reason)
    return u"%s: %s %s" % (problem.column, shown(problem.value), problem.reason)


def shown(value):
    # type: (Any) -> Text
    """Return a cell for a sentence: in quotation marks if it is text, on one line, not too long.

    What is neither text nor date is shown as it is in JSON.
    """
    is_text = isinstance(value, unicode_type)
    text = value if is_text else _plain(value)
    text = u"".join(
        u"\\u%04x" % ord(each) if each < u" " or u"\x7f" <= each <= u"\x9f" else each
        for each in text[:MAX_SHOWN].replace(u"\r\n", u" ").replace(u"\n", u" ")
    ) + (u"..." if len(text) > MAX_SHOWN else u"")
    return u'"%s"' % text if is_text else text


def _plain(value):
    if isinstance(value, (bool, list, dict)):
        value = to_unicode(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
    return u"%s" % (value,)
