"""Imports into a CMDB that is a dict, in this process."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_importing import Workshop


@pytest.fixture
def workshop(io_loop, tmpdir):
    """A folder, a CMDB, and imports from the one into the other."""
    return Workshop(io_loop, tmpdir)
