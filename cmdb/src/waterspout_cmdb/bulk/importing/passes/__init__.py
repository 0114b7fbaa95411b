"""The two passes over the rows of a file; `Passes` takes one after the other.

The first one (`check_pass`, `duplicates`) checks every row, and sends nothing. The second one
(`send_pass`, `dispatch`) sends those that `skipping` does not leave out: what was refused, or
finished by an earlier run. In a dry run, `dry_run` compares where the second one would send. Each
is an iterator of what must be waited for.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.importing.passes.both_passes import Passes
from waterspout_cmdb.bulk.importing.passes.check_pass import CheckPass
from waterspout_cmdb.bulk.importing.passes.dry_run import Comparison, RowChange

__all__ = ["CheckPass", "Comparison", "Passes", "RowChange"]
