"""The CMDB's HTTP API as one class, `CMDBSDK`, and its error, `CMDBError`."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sdk.cmdb_error import CMDBError
from waterspout_cmdb.sdk.cmdb_sdk import CMDBSDK
from waterspout_cmdb.sdk.repeatable_imports import is_repeatable_import

__all__ = ["CMDBError", "CMDBSDK", "is_repeatable_import"]
