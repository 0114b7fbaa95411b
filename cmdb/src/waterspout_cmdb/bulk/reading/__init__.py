"""A file becomes rows of cells."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.reading import ranges
from waterspout_cmdb.bulk.reading.inputs import fetch_input
from waterspout_cmdb.bulk.reading.opening import open_table
from waterspout_cmdb.bulk.reading.options import ReadOptions

__all__ = ["ReadOptions", "fetch_input", "open_table", "ranges"]
