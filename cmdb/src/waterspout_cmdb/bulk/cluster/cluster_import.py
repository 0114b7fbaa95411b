"""ClusterImport: an import whose rows are checked and sent by the workers of a Dask cluster."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.bulk.cluster.cluster_passes import ClusterPasses
from waterspout_cmdb.bulk.cluster.connection import connect
from waterspout_cmdb.bulk.cluster.places import leave
from waterspout_cmdb.bulk.cluster.plan import Plan
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import Import

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional, Sequence, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout_cmdb.bulk.cluster.target_description import TargetDescription  # noqa: F401


class ClusterImport(Import):
    """As an `Import`, on a cluster: the file and the journal are here, all else is done there.

    Each can go on with what the other one has begun.

    Args:
        address (text): of the scheduler, such as ``tcp://10.0.0.1:8786``.
        source, object_id, keys, options, listener: of `Import`. A dry run is not done on a cluster.
        target (TargetDescription): a target is made here, and one in each worker.
        security: a ``distributed.Security``, for TLS; without: as Dask is configured.
    """

    def __init__(self, address, source, object_id, keys, target, options=None, listener=None,
                 security=None):
        # type: (...) -> None
        super(ClusterImport, self).__init__(
            source, object_id, keys, target.make(), options, listener)
        self._address = address
        self._description = target
        self._security = security
        self._connection = self._plan = None  # type: Any

    @gen.coroutine
    def run(self):
        # type: () -> Future
        """Import the file; see `Import.run`.

        Raises: BulkError: also if the cluster cannot be used, or is lost.
        """
        try:
            if self._options.dry_run:
                raise BulkError("a dry run is not done on a cluster: leave out --cluster")
            self._connection = yield connect(
                self._address, self._security, self._listener.on_message)
            try:
                self._listener.on_message(
                    "the cluster %s runs up to %d tasks at a time"
                    % (self._address, self._connection.slots))
                summary = yield super(ClusterImport, self).run()
            finally:
                yield self._leave()
        finally:
            yield self._target.close()
        raise gen.Return(summary)

    @gen.coroutine
    def _leave(self):
        if self._plan is not None:
            yield self._connection.everywhere(leave, self._plan.id)
        yield self._connection.close()

    def _make_passes(self, source, mapper, journal):
        # type: (Any, Any, Any) -> ClusterPasses
        self._plan = Plan(
            self._object_id, mapper.keys, mapper.model, self._options.rules.for_table(source.table),
            self._options.limits, self._description, source.is_json).packed()
        return ClusterPasses(
            self._connection, self._plan, source, mapper, journal, self._target, self._object_id,
            self._options, self._listener.on_message)
