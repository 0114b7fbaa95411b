"""What an import has done, by the counts in the CMDB's answer (contract section 4)."""

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
        inserted, updated (int): rows; 0 where the CMDB does not say.
        failed (int or None): rows; None where the CMDB does not say.
        warnings (list): what the CMDB says of rows that it has stored: attributes that the model
            does not have, say.
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
    """A number of rows; floats are integers to protobuf, and texts are what some proxies make."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, basestring_type) and _DIGITS.match(value):
        return int(value)
    return None
