"""The result of an import: the counts and warnings in the CMDB's answer."""

from __future__ import absolute_import, division, print_function

import re
from numbers import Integral

from tornado.util import basestring_type

_DIGITS = re.compile(r"[0-9]{1,18}\Z")


class ImportReport(object):
    """The counts and warnings of one import.

    Args:
        envelope: the CMDB's answer; ``data`` is ``{insert_count, update_count, failed_count,
            data}``, and may have ``warnings``.

    Attributes:
        inserted, updated (int): numbers of rows; 0 if the answer has no such count.
        failed (int or None): number of rows; None if the answer has no such count.
        warnings (list): the CMDB's remarks on rows that it has stored, such as attributes that the
            model does not have.
    """

    def __init__(self, envelope):
        # type: (Mapping) -> None
        data = envelope.get("data")
        data = data if isinstance(data, dict) else {}
        self.inserted = _count(data.get("insert_count")) or 0
        self.updated = _count(data.get("update_count")) or 0
        self.failed = _count(data.get("failed_count"))
        warnings = data.get("warnings")
        self.warnings = warnings if isinstance(warnings, list) else []

    def __repr__(self):
        return "<ImportReport %s>" % self

    def __str__(self):
        # type: () -> str
        return "imported %d, updated %d, failed %d" % (
            self.inserted, self.updated, self.failed or 0)


def _count(value):
    """Return a number of rows, or None. Protobuf-based servers send floats, some proxies text."""
    if type(value) is int or value is None:  # Usually. `Integral` takes some time to ask.
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, basestring_type) and _DIGITS.match(value):
        return int(value)
    return None
