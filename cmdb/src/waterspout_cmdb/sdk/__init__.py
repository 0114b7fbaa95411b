"""The CMDB's HTTP API as one class, `CMDBSDK`, its error, `CMDBError`, and the error codes."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sdk.cmdb_error import CMDBError
from waterspout_cmdb.sdk.cmdb_sdk import CMDBSDK
from waterspout_cmdb.sdk.error_codes import ERROR_CODES, ErrorCode
from waterspout_cmdb.sdk.repeatable_imports import is_repeatable_import

__all__ = ["CMDBError", "CMDBSDK", "ERROR_CODES", "ErrorCode", "is_repeatable_import"]
