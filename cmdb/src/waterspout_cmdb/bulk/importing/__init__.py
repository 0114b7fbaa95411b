"""An import: the steps of the pipeline put together.

`Import` reads a file twice. The first pass (`check_pass`) checks every row, and sends nothing; the
second one (`send_pass`, `dispatch`) sends what was not refused. Each is an iterator of what must be
waited for; `importer` waits. The journal knows what is done, by which `skipping` leaves it out when
an import goes on.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.importing.dry_run import Comparison, RowChange
from waterspout_cmdb.bulk.importing.importer import Import
from waterspout_cmdb.bulk.importing.listener import Listener, Progress
from waterspout_cmdb.bulk.importing.options import ImportOptions
from waterspout_cmdb.bulk.importing.summary import Summary

__all__ = [
    "Comparison", "Import", "ImportOptions", "Listener", "Progress", "RowChange", "Summary",
]  # fmt: skip
