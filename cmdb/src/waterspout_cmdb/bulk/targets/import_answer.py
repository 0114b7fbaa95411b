"""ImportResult: what a target says about the rows of one request, checked."""

from __future__ import absolute_import, division, print_function

import collections
from numbers import Integral

from tornado.util import basestring_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Mapping, Tuple  # noqa: F401

#: ``failures`` has ``(code, text, row)`` for each row that failed; ``code`` and ``row`` (the row as
#: the CMDB shows it, a dict) are None if the CMDB has not said. ``warnings`` are JSON values.
#: ``inserted + updated + len(failures)`` is the number of rows that were sent.
ImportResult = collections.namedtuple("ImportResult", "inserted updated failures warnings")

#: The text of a failure that the CMDB has counted and not described.
UNSAID = u"the CMDB has not said why"


#: Characters of the reason for a failed row that are kept.
MAX_TEXT = 1000


#: No request has so many rows; the error about a larger number would be long.
_MOST = 10**9


class UnclearAnswer(ValueError):
    """An answer does not say what became of each row."""


def read_import(envelope, rows):
    # type: (Mapping, int) -> ImportResult
    """Return the result of an import of so many ``rows``.

    Args:
        envelope: ``data`` is ``{insert_count, update_count, failed_count, data}``, the inner
            ``data`` a list of ``{code, error, data: [row, ...]}``.
    Raises: UnclearAnswer: it has another form, or its counts are not those of so many rows.
    """
    data = envelope.get("data")
    if not isinstance(data, dict):
        raise UnclearAnswer("its data is no object")
    inserted, updated, failed = [
        _count(data, name) for name in ("insert_count", "update_count", "failed_count")]
    if inserted + updated + failed != rows:
        raise UnclearAnswer("%d rows were sent; it counts %d inserted, %d updated and %d failed"
                            % (rows, inserted, updated, failed))
    failures = _failures(data.get("data"))
    if len(failures) > failed:
        raise UnclearAnswer("it counts %d failed rows and lists %d" % (failed, len(failures)))
    failures += [(None, UNSAID, None)] * (failed - len(failures))
    warnings = data.get("warnings")
    return ImportResult(inserted, updated, failures, warnings if isinstance(warnings, list) else [])


def _count(data, name):
    # type: (Mapping[str, Any], str) -> int
    """Protobuf-based servers send floats. A missing count is 0, as they leave out what is 0."""
    value = data.get(name, 0)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, Integral) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise UnclearAnswer("its %s is not a number of rows" % name)
    return int(value)


def _failures(listed):
    # type: (Any) -> List[Tuple[Any, Any, Any]]
    failures = []  # type: List[Tuple[Any, Any, Any]]
    if listed is None:
        return failures
    if not isinstance(listed, list):
        raise UnclearAnswer("its list of failed rows is no list")
    for each in listed:
        if not isinstance(each, dict):
            raise UnclearAnswer("a failed row in it is no object")
        code, text, rows = each.get("code"), each.get("error"), each.get("data")
        if not isinstance(code, Integral) or isinstance(code, bool):
            code = None
        if not text or not isinstance(text, basestring_type):
            text = UNSAID if code is None else u"code %d" % code
        text = text[:MAX_TEXT]
        rows = [rows] if isinstance(rows, dict) else rows
        rows = rows if isinstance(rows, list) and rows else [None]
        failures += [(code, text, row if isinstance(row, dict) else None) for row in rows]
    return failures
