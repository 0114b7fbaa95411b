"""Batches of rows on their way to a target: as large, and as many at once, as it copes with.

`Batcher` makes batches, `Sender` sends them and says what became of each row. What they decide is
in plain classes that know neither a loop nor a clock: `BatchSize`, `Concurrency`, `Pauses`,
`next_step`. `Turns` is the only one that waits.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.sending.batch import Batch, BatchResult
from waterspout_cmdb.bulk.sending.batcher import Batcher
from waterspout_cmdb.bulk.sending.limits import Limits
from waterspout_cmdb.bulk.sending.sender import Sender
from waterspout_cmdb.bulk.sending.turns import Stopped

__all__ = ["Batch", "BatchResult", "Batcher", "Limits", "Sender", "Stopped"]
