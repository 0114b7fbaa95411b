"""The gateway's handlers."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.gateway.handlers.cmdb_handler import CMDB, CMDBHandler, PostHandler
from waterspout_cmdb.gateway.handlers.error_form import GatewayHandler, NotServed
from waterspout_cmdb.gateway.handlers.import_handler import ImportHandler
from waterspout_cmdb.gateway.handlers.reading_handlers import ModelHandler, SearchHandler

__all__ = [
    "CMDB",
    "CMDBHandler",
    "GatewayHandler",
    "ImportHandler",
    "ModelHandler",
    "NotServed",
    "PostHandler",
    "SearchHandler",
]
