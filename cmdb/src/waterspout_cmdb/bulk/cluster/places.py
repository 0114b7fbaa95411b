"""What a worker process keeps between the tasks of an import: the model, and the connections."""

from __future__ import absolute_import, division, print_function

import collections
import logging
import random

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout_cmdb._version import __version__
from waterspout_cmdb.bulk.checking import PeerResolver
from waterspout_cmdb.bulk.cluster.pausing import Pausing
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Mapper
from waterspout_cmdb.bulk.sending.batch_size import GOAL
from waterspout_cmdb.bulk.sending.concurrency import Concurrency
from waterspout_cmdb.bulk.sending.delivery import Delivery
from waterspout_cmdb.bulk.sending.pace import Pace
from waterspout_cmdb.bulk.sending.sender import PATIENCE
from waterspout_cmdb.bulk.sending.turns import Turns

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Tuple  # noqa: F401

LOG = logging.getLogger("waterspout_cmdb")

#: Imports whose connections are kept. Each import ends its own; one that was killed cannot.
KEPT = 4

#: (id of a plan, its IOLoop) -> Place, the one used last at the end. A process has several loops
#: only if it runs several workers in threads.
_PLACES = collections.OrderedDict()  # type: collections.OrderedDict[Tuple[str, Any], Place]


class Place(object):
    """One import in one worker process.

    Attributes:
        plan (Plan), target, references
    """

    def __init__(self, plan):
        # type: (Any) -> None
        if plan.version != __version__:  # A worker that came after the import had begun.
            raise BulkError(
                "a worker of the cluster has waterspout-cmdb %s, the import is of %s: install the "
                "same one on all machines" % (__version__, plan.version))
        self.plan = plan
        self.target = plan.target.make()
        self.references = PeerResolver(self.target, rules=plan.rules)
        # What batches have in common here; the pace of the import is kept by the import command.
        self._pace = Pace(plan.limits, GOAL, PATIENCE, random.random)

    def delivery(self):
        # type: () -> Delivery
        """Return what delivers one batch, in one request at a time: the import counts batches."""
        return Delivery(
            Pausing(self.target), self.plan.object_id, self.plan.keys,
            Turns(Concurrency(1), self._pace.paused_until), self._pace, LOG.warning)

    def mapper(self, columns):
        # type: (list) -> Mapper
        """Return a mapper for one task: it notes what it is used for."""
        mapper = Mapper(self.plan.model, self.plan.keys, self.plan.rules)
        mapper.use(columns, self.plan.is_json)
        return mapper


def place_of(packed):
    # type: (Any) -> Place
    """Return the place of a plan (`PackedPlan`) in this process. Raises: BulkError."""
    key = (packed.id, IOLoop.current())
    place = _PLACES.pop(key, None) or Place(packed.unpacked())
    _PLACES[key] = place
    while len(_PLACES) > KEPT:
        _, oldest = _PLACES.popitem(last=False)
        oldest.target.close()
    return place


@gen.coroutine
def leave(plan_id):
    """Close the connections that an import has in this process."""
    place = _PLACES.pop((plan_id, IOLoop.current()), None)
    if place is not None:
        yield place.target.close()
