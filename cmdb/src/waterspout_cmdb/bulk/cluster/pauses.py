"""Pausing: a target that does not wait when the CMDB asks to; the import as a whole has to."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.bulk.targets import TargetError
from waterspout_cmdb.bulk.targets.target_error import BUSY

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class Paused(Exception):
    """The target asks for a pause, and has stored nothing of the batch.

    Attributes:
        seconds (float or None): for how long; None if it does not say.
    """

    def __init__(self, seconds):
        # type: (Optional[float]) -> None
        self.seconds = seconds
        super(Paused, self).__init__("a pause of %s s is asked for" % seconds)


class Pausing(object):
    """A target, for the sender of one batch, which raises `Paused` instead of a busy `TargetError`.

    A sender would wait by itself, and only those calls of the import that it knows of. Once a part
    of the batch is stored it has to wait here: another beginning would count those rows twice.
    """

    def __init__(self, target):
        # type: (Any) -> None
        self.name = target.name
        self._target = target
        self._has_stored = False

    @gen.coroutine
    def import_rows(self, object_id, keys, encoded_rows):
        # type: (...) -> Future
        try:
            result = yield self._target.import_rows(object_id, keys, encoded_rows)
        except TargetError as error:
            if error.kind == BUSY and not self._has_stored:
                raise Paused(error.retry_after)
            raise
        self._has_stored = True
        raise gen.Return(result)

    def __getattr__(self, name):
        return getattr(self._target, name)
