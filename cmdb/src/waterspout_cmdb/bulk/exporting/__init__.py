"""An export: instances of the CMDB become a file."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.exporting.exporter import export

__all__ = ["export"]
