"""What workers are given: the plan of an import, and shipments of rows."""

from __future__ import absolute_import, division, print_function

import collections
import pickle
import uuid

from waterspout_cmdb._version import __version__

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Text  # noqa: F401


class Plan(object):
    """What is the same for all rows of an import.

    Args:
        object_id, keys: as in `Import`.
        model (Model)
        rules (Rules), limits (Limits)
        target (TargetDescription)
        is_json (bool): the cells are JSON values.
    """

    def __init__(self, object_id, keys, model, rules, limits, target, is_json):
        # type: (Text, Sequence[Text], Any, Any, Any, Any, bool) -> None
        self.object_id = object_id
        self.keys = list(keys)
        self.model = model
        self.rules = rules
        self.limits = limits
        self.target = target
        self.is_json = is_json
        self.version = __version__

    def packed(self):
        # type: () -> PackedPlan
        return PackedPlan(uuid.uuid4().hex, pickle.dumps(self, pickle.HIGHEST_PROTOCOL))


class PackedPlan(object):
    """A plan as bytes, which a worker unpacks once; it may hold a key, so nothing of it is shown.

    Attributes:
        id (str): for an import one that no other has.
    """

    def __init__(self, id, data):
        # type: (str, bytes) -> None
        self.id = id
        self._data = data

    def unpacked(self):
        # type: () -> Plan
        return pickle.loads(self._data)

    def __repr__(self):
        return "<plan %s>" % self.id


class Shipment(object):
    """What one task is given. Dask writes its repr into logs: it says nothing about cells or keys.

    Args:
        plan (PackedPlan)
        block (Block): loaded.
        first_row, last_row: of the rows in it that are meant; None: to the end of the block.
        refused (list of int): numbers of rows among these that are left out, in order.
        most (int or None): rows that may be in a batch now.
    """

    def __init__(self, plan, block, first_row, last_row, refused=(), most=None):
        # type: (PackedPlan, Any, int, Optional[int], Sequence[int], Optional[int]) -> None
        self.plan = plan
        self.block = block
        self.first_row = first_row
        self.last_row = last_row
        self.refused = refused
        self.most = most

    def __repr__(self):
        return "<rows %s to %s>" % (self.first_row, self.last_row or "the last")


#: What the check of a block found: ``rows``, how many it has; ``rejects``, (row number, reason,
#: cells) of each that is refused; ``keys``, (row number, key) of each that is not; ``offsets``,
#: what `LeftOutOffsets` has found.
Checked = collections.namedtuple("Checked", "rows rejects keys offsets")


class Sent(object):
    """What became of one batch, or why it was not sent.

    Args:
        last_row (int or None): the rows up to this one are finished; None: none are.
        result (BatchResult or None): what the CMDB said; None if there was nothing to send.
        rows (int): how many were sent.
        rejects (list): (row number, reason, cells) of those that the CMDB refused, or that could
            be sent no more.
        is_last (bool): no row of the shipment is left.
        seconds (float): that the target took.
        pause (TargetError or None): why the batch was not taken, and all have to wait.
    """

    def __init__(self, last_row=None, result=None, rows=0, rejects=(), is_last=False, seconds=0.0,
                 pause=None):
        # type: (...) -> None
        self.last_row = last_row
        self.result = result
        self.rows = rows
        self.rejects = rejects
        self.is_last = is_last
        self.seconds = seconds
        self.pause = pause


class Failed(object):
    """Why a task could not do its work: a BulkError's lines.

    They are returned and not raised, or Dask would write a traceback into the worker's log, and
    the error's class and lines would not be the same here.
    """

    def __init__(self, reasons):
        # type: (List[str]) -> None
        self.reasons = reasons
