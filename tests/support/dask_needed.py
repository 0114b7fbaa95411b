"""Dask for tests that need it, imported as the import command does it: Tornado's logs stay."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk.cluster.dask_import import import_distributed


def need_dask():
    """Return the package; where it is not installed, skip the module or test that asks."""
    try:
        return import_distributed()
    except ImportError:
        pytest.skip("Dask is not installed", allow_module_level=True)
