"""Rows of cells become a file."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.writing.opening import FORMATS, open_writer
from waterspout_cmdb.bulk.writing.template import write_template

__all__ = ["FORMATS", "open_writer", "write_template"]
