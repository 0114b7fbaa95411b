"""An import: the steps of the pipeline put together.

`Import` reads a file twice: the first pass checks every row, and sends nothing; the second one
sends what was not refused. The journal knows what is done; an import that goes on leaves that out.
What is here::

    importer, waiting           an import from its beginning to its end; the one place that waits
    options, listener, summary  what a caller asks for, hears, and gets
    files, identity             where an import writes; by what its source is known again
    source, spool               the file's rows, which can be read twice
    opening, ending             the journal at the beginning; the files that are written at the end
    preparing/                  rows become what can be sent
    passes/                     what is done to all rows, once before and once while they are sent
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.importing.importer import Import
from waterspout_cmdb.bulk.importing.listener import Listener, Progress
from waterspout_cmdb.bulk.importing.options import ImportOptions
from waterspout_cmdb.bulk.importing.passes import Comparison, RowChange
from waterspout_cmdb.bulk.importing.summary import Summary

__all__ = [
    "Comparison", "Import", "ImportOptions", "Listener", "Progress", "RowChange", "Summary",
]  # fmt: skip
