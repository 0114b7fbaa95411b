"""The report of an import, for programs: ``report.json``."""

from __future__ import absolute_import, division, print_function

import collections
import datetime
import json

from tornado.escape import to_unicode

from waterspout_cmdb._version import __version__
from waterspout_cmdb.bulk.writing.new_file import NewFile, failure

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

    from waterspout_cmdb.bulk.recording.journal import Journal  # noqa: F401

#: Of the keys below: more may come, these stay.
VERSION = 1

_MOST_REASONS = 100
_FIRST_ROWS = 5
_MOST_FINDINGS = 100

_LAYOUT = collections.OrderedDict  # So that a person finds the counts first, on 2.7, too.


def report_of(summary, journal):
    # type: (Any, Journal) -> dict
    """Return the report as JSON values.

    Args:
        summary: has ``state``, ``exit_code``, ``seconds``, ``files`` (a namedtuple of paths),
            ``findings``, ``notes``, ``error`` and ``changes``, as `importing.Summary`.
    Returns: a dict:

        - ``version``: 1; ``program``: the release that has written it
        - ``state``: "done", "refused", "stopped", "failed"; ``exit_code``; ``error``: text or null
        - ``source``, ``object``, ``keys``, ``target``; ``size`` in bytes and ``sha256`` of the
          source
        - ``started``: when the import began, before any resume, as 2024-02-29T13:45:00Z;
          ``seconds``: of this run
        - ``rows`` (null until all are checked), ``checked``, ``sent``, ``inserted``, ``updated``,
          ``unchanged``, ``rejected``: numbers of rows
        - ``reasons``: why rows were rejected, the 100 most frequent, as ``{"reason", "rows",
          "first": [{"row", "reason"}]}``, with the first 5 rows of each; ``reasons_total``: how
          many different ones there are
        - ``warnings``: the CMDB's remarks, as ``{"text", "times"}``, the first 200 different ones
        - ``findings``: about the file, and about what is in its rows, texts
        - ``files``: the paths of ``source``, ``journal``, ``rejects``, ``report``, or null
        - ``changes``: of a dry run: ``fields``: in how many rows each would change; else null
    """
    identity, counts = journal.identity, journal.counts()
    report = _LAYOUT()
    report["version"] = VERSION
    report["program"] = u"waterspout-cmdb %s" % __version__
    report["state"] = summary.state
    report["exit_code"] = summary.exit_code
    report["error"] = summary.error
    for name in ("source", "size", "sha256", "object", "keys", "target"):
        report[name] = identity.get(name)
    report["started"] = _iso(journal.started)
    report["seconds"] = round(summary.seconds, 3)
    report.update(counts._asdict())
    report["reasons"] = journal.reasons(_MOST_REASONS, _FIRST_ROWS)
    report["reasons_total"] = journal.number_of_reasons()
    report["warnings"] = [{"text": text, "times": times} for text, times in journal.warnings()]
    report["findings"] = [
        to_unicode(each) for each in list(summary.findings[:_MOST_FINDINGS]) + list(summary.notes)]
    report["files"] = _LAYOUT(summary.files._asdict())
    changes = getattr(summary, "changes", None)
    report["changes"] = None if changes is None else {"fields": dict(changes.by_field)}
    return report


def write_report(path, summary, journal):
    # type: (Text, Any, Journal) -> None
    """Write `report_of` to a file. Raises: BulkError: it cannot be written."""
    text = to_unicode(json.dumps(report_of(summary, journal), indent=2)) + u"\n"
    new = NewFile(path)
    try:
        new.file.write(text.encode("utf-8"))
    except EnvironmentError as error:
        new.discard()
        raise failure(new.path, error)
    new.close()


def _iso(seconds):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(seconds))
    return to_unicode(moment.isoformat()) + u"Z"
