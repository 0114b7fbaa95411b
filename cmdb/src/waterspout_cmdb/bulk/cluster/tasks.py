"""The tasks of an import, as a worker runs them: on its own IOLoop, a chunk of rows at a turn.

They are coroutines, so that a worker process needs neither a loop nor connections for each thread.
A task returns what it found; what it could not do is returned, too (`Failed`).
"""

from __future__ import absolute_import, division, print_function

import functools

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.cluster.gathering import Gathering
from waterspout_cmdb.bulk.cluster.pausing import Paused
from waterspout_cmdb.bulk.cluster.places import place_of
from waterspout_cmdb.bulk.cluster.plan import Checked, Failed, Sent
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.passes import CheckPass
from waterspout_cmdb.bulk.importing.preparing.preparation import Preparation

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from tornado.concurrent import Future  # noqa: F401


def _task(coroutine):
    """Have a coroutine with a shipment return a `Failed` rather than raise a BulkError."""
    @gen.coroutine
    @functools.wraps(coroutine)
    def wrapper(shipment):
        try:
            result = yield coroutine(shipment, place_of(shipment.plan))
        except BulkError as error:
            result = Failed(error.reasons)
        raise gen.Return(result)

    return wrapper


@_task
@gen.coroutine
def check(shipment, place):
    """Check the rows of a shipment, except for duplicates: other blocks may have those."""
    block = shipment.block
    found = _Found(place.plan.keys)
    mapper = place.mapper(block.columns)
    preparation = Preparation(mapper, place.references)
    check_pass = CheckPass(block.rows(), preparation, found, found)
    for waiting in check_pass.steps():
        yield gen.moment if waiting is None else waiting
    raise gen.Return(Checked(check_pass.rows, found.rejects, found.keys, mapper.offsets.found))


class _Found(object):
    """Stands for the journal, and for what knows duplicates, in a check: it keeps what is told."""

    def __init__(self, names):
        self._names = names
        self.rejects, self.keys = [], []

    def problem(self, number, document):
        self.keys.append((number, tuple([document[name] for name in self._names])))

    def reject(self, number, reason, cells):
        self.rejects.append((number, reason, cells))

    def note_checked(self, rows):
        pass


@_task
@gen.coroutine
def send(shipment, place):
    """Send one batch of a shipment: its first rows. The import asks for the next one itself.

    So each batch is recorded before the next one of these rows leaves, and if this process dies,
    only this batch can have been stored without being recorded.
    """
    gathering = Gathering(shipment, place)
    for waiting in gathering.steps():
        yield gen.moment if waiting is None else waiting
    result, seconds, rejects = None, 0.0, gathering.rejects
    if gathering.batch is not None:
        delivery = place.delivery()
        started = IOLoop.current().time()
        try:
            result = yield delivery.deliver(gathering.batch.rows)
        except Paused as pause:
            raise gen.Return(Sent(pause=pause.error))
        seconds = IOLoop.current().time() - started
        rejects = rejects + [
            (number, reason, gathering.cells[number]) for number, reason in result.rejected]
    raise gen.Return(Sent(
        gathering.last_row, result, gathering.count, rejects, gathering.is_last, seconds))
