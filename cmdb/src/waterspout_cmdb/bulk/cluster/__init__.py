"""An import on several machines, by Dask distributed; Python 3 only.

`ClusterImport` is an `Import` whose passes have workers do what is done to rows. What is here::

    connection, dask_import, same_code  a cluster, and whether it can be used
    plan, target_description, blocks    what is sent to workers
    tasks, places, gathering, pausing   what runs there
    check_pass, send_pass, cluster_passes, pieces, outcomes
                                        what runs here, in the import command

Nothing here imports Dask when it is imported.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.cluster.cluster_import import ClusterImport
from waterspout_cmdb.bulk.cluster.target_description import TargetDescription

__all__ = ["ClusterImport", "TargetDescription"]
