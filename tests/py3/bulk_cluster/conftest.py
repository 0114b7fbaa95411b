from __future__ import absolute_import, division, print_function

from dask_fixtures import cluster, no_dask_logs  # noqa: F401
