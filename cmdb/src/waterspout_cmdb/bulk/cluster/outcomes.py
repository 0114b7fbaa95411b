"""What a call on the cluster has given."""

from __future__ import absolute_import, division, print_function

from tornado.concurrent import future_add_done_callback

from waterspout_cmdb.bulk.cluster.plan import Failed
from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def outcome_of(future):
    # type: (Any) -> Any
    """Return the result of a call that is done.

    Raises: BulkError: the task could not do its work, or the cluster was lost.
    """
    result = future.result()
    if isinstance(result, Failed):
        raise BulkError(result.reasons)
    return result


def consumed(future):
    # type: (Any) -> Any
    """Return a Future whose error is not logged if it is given up: another one is raised then."""
    future_add_done_callback(future, lambda each: each.cancelled() or each.exception())
    return future
