"""Pausing: a target that does not wait when the CMDB cannot take rows; the whole import has to."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.bulk.targets import TargetError
from waterspout_cmdb.bulk.targets.target_error import BUSY, UNREACHABLE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class Paused(Exception):
    """The target cannot take the batch now.

    Attributes:
        error (TargetError)
    """

    def __init__(self, error):
        # type: (TargetError) -> None
        self.error = error
        super(Paused, self).__init__(str(error))


class Pausing(object):
    """A target for the sender of one batch, which raises `Paused` where the sender would wait.

    That one knows only its own calls, and the upstream gets those of all workers. Only the first
    call raises it, that of the whole batch. Of one that is sent in parts, some may be stored: it is
    brought to its end here.
    """

    def __init__(self, target):
        # type: (Any) -> None
        self._target = target
        self._calls = 0

    @gen.coroutine
    def import_rows(self, object_id, keys, encoded_rows):
        # type: (...) -> Future
        self._calls += 1
        is_first = self._calls == 1
        try:
            result = yield self._target.import_rows(object_id, keys, encoded_rows)
        except TargetError as error:
            if error.kind in (BUSY, UNREACHABLE) and is_first:
                raise Paused(error)
            raise
        raise gen.Return(result)

    def __getattr__(self, name):
        return getattr(self._target, name)
