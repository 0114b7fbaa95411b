"""The file of rejected rows: in the input's own format, to be corrected and imported."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout_cmdb.bulk.mapping.columns import REASONS, simplified
from waterspout_cmdb.bulk.rows import ABSENT
from waterspout_cmdb.bulk.writing import open_writer

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

    from waterspout_cmdb.bulk.recording.journal import Journal  # noqa: F401


def write_rejects(path, table, journal, reason_column=REASONS[0]):
    # type: (Text, Any, Journal, Text) -> List[Text]
    """Write the rejected rows of a journal, with their reasons, in flat memory.

    Each row has its cells as they were read, and a column for the reason: the last one, or the one
    that the input has already, because it is such a file itself. Cells that a spreadsheet would
    take for formulas get a quote in front, which the import takes off again.

    Args:
        path: a name that ends in .gz is compressed.
        table: has ``columns``, ``format``, ``encoding``, ``delimiter`` and ``sheet``, as the
            tables of `reading` do.
        reason_column: its name; another one if "reason" is data, see `Mapper.reason_column`.
    Returns: what could not be written as it was, a line for the user each.
    Raises: BulkError: the file cannot be written; one that was there before stays.
    """
    columns = list(journal.columns or table.columns)
    index = _reason_index(columns, reason_column)
    format = native_str(table.format)
    is_text = format in ("csv", "tsv")
    encoding = native_str(table.encoding or "utf-8") if is_text else "utf-8"
    header = columns if index < len(columns) else columns + [reason_column]
    with open_writer(
        path, format, header, encoding, getattr(table, "delimiter", None),
        getattr(table, "sheet", None), neutralize="cells",
        gzip=native_str(path).endswith(".gz") and format != "xlsx",
    ) as writer:
        for _, reason, cells in journal.rejects():
            if is_text:
                reason = _in_encoding(reason, encoding)
            cells = cells + [ABSENT] * (index - len(cells))
            # What a row has beyond its header stays behind the reason.
            replaced = 1 if index < len(columns) else 0
            writer.write(cells[:index] + [reason] + cells[index + replaced :])
    return writer.findings


def _reason_index(columns, wanted):
    """Return the index of the column that takes the reason: that of an earlier import, or a new."""
    for index, name in enumerate(columns):
        if simplified(name) == simplified(wanted):
            return index
    return len(columns)


def _in_encoding(reason, encoding):
    """Return a reason as far as the input's encoding has its characters."""
    try:
        reason.encode(encoding)
    except UnicodeEncodeError:
        return reason.encode(encoding, "backslashreplace").decode(encoding)
    return reason
