"""Sender: sends batches to a target, several at a time, and says what became of each row."""

from __future__ import absolute_import, division, print_function

import random

from tornado import gen
from tornado.concurrent import Future

from waterspout_cmdb.bulk.sending.batch_size import GOAL
from waterspout_cmdb.bulk.sending.delivery import Delivery
from waterspout_cmdb.bulk.sending.limits import Limits
from waterspout_cmdb.bulk.sending.pace import Pace
from waterspout_cmdb.bulk.sending.turns import Stopped, Turns

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Sequence, Text  # noqa: F401

    from waterspout_cmdb.bulk.sending.batch import Batch, BatchResult  # noqa: F401

#: Seconds for which a target may fail before the sender gives up.
PATIENCE = 600.0


class Sender(object):
    """Sends batches to a target, and learns how large and how many at once it wants them.

    ::

        batcher = Batcher(sender)
        for number, key, encoded in rows:
            batch = batcher.add(number, key, encoded)
            if batch is not None:
                futures.append(sender.send(batch))

    It keeps all batches that it is given: the caller limits how many these are.
    After the first `BulkError` nothing more is sent: all batches that are not done fail with it.
    Batches that are sent again are harmless: see `waterspout_cmdb.sdk.is_repeatable_import`. Of
    rows that were stored before an answer got lost, the counts say "updated".

    Args:
        target: a `CMDBTarget` or a `GatewayTarget`; is not closed by `close`.
        object_id (text): of the model.
        keys (list of text): attributes that together identify a row; those of the rows of batches.
        limits (Limits)
        patience (float): seconds for which the target may fail, 429 and 503 included.
        goal (float): seconds that the answer to a batch should take at most.
        on_message (callable): gets a line for the user when there is a pause.
        draw (callable): returns a number from 0 to 1, by which pauses differ.
    Attributes:
        limits (Limits)
        error (BaseException or None): why nothing more is sent.
    """

    def __init__(self, target, object_id, keys, limits=None, patience=PATIENCE, goal=GOAL,
                 on_message=None, draw=random.random):
        # type: (Any, Text, Sequence[Text], Optional[Limits], float, float, Optional[Callable[[str], None]], Callable[[], float]) -> None  # noqa: E501
        self.limits = limits or Limits()
        self.error = None  # type: Optional[BaseException]
        self._what = target, object_id, list(keys)
        self._tell = on_message or (lambda text: None)
        self._pace = Pace(self.limits, goal, patience, draw)
        self._turns = Turns(self._pace.concurrency, self._pace.paused_until)
        self._batches = 0
        self._done = []  # type: List[Future[None]]

    @property
    def wanted_rows(self):
        # type: () -> int
        """Rows that a batch should have now."""
        return self._pace.size.rows

    def send(self, batch):
        # type: (Batch) -> Future[BatchResult]
        """Send a batch, as soon as it has its turn.

        Raises: through the Future: BulkError: nothing more can be sent, with the reason and what
            to do; `Stopped`: the sender was closed before.
        """
        self._batches += 1
        future = self._send(batch)
        future.add_done_callback(_see)  # `error` and `close` tell it, too.
        return future

    @gen.coroutine
    def _send(self, batch):
        # type: (Batch) -> Future[BatchResult]
        try:
            if self.error is not None:
                raise self.error
            target, object_id, keys = self._what
            delivery = Delivery(target, object_id, keys, self._turns, self._pace, self._tell)
            result = yield delivery.deliver(batch.rows)
        except Stopped:
            raise
        except Exception as error:
            self._fail(error)
            raise
        finally:
            self._batches -= 1
            self._wake()
        raise gen.Return(result)

    def close(self):
        # type: () -> Future[None]
        """Let the batches end that have begun, and send no other; during a pause, none at all.

        Batches that do not end fail with `Stopped`. Idempotent.

        Raises: through the Future, when all is done: `error`, if there is one.
        """
        self._turns.stop()
        future = Future()  # type: Future[None]
        self._done.append(future)
        self._wake()
        return future

    def _fail(self, error):
        # type: (BaseException) -> None
        if self.error is None:
            self.error = error
            self._turns.fail(error)

    def _wake(self):
        # type: () -> None
        """Tell those that wait in `close`."""
        if not self._batches:
            done, self._done = self._done, []
            for future in done:
                _end(future, self.error)


def _end(future, error):
    # type: (Future[None], Optional[BaseException]) -> None
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
        future.exception()  # It is seen, also by callers that do not look.


def _see(future):
    # type: (Future[Any]) -> None
    if not future.cancelled():
        future.exception()
