"""Where rows go: `GatewayTarget` is a CMDB gateway, `CMDBTarget` a CMDB itself.

Both have the same methods; all of them return Futures, and fail with `TargetError`.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.targets.cmdb_target import CMDBTarget
from waterspout_cmdb.bulk.targets.finding import Found
from waterspout_cmdb.bulk.targets.gateway_sdk import GatewayError, GatewaySDK
from waterspout_cmdb.bulk.targets.gateway_target import GatewayTarget
from waterspout_cmdb.bulk.targets.import_answer import ImportResult
from waterspout_cmdb.bulk.targets.patient_target import PatientTarget
from waterspout_cmdb.bulk.targets.target_error import TargetError

__all__ = [
    "CMDBTarget",
    "Found",
    "GatewayError",
    "GatewaySDK",
    "GatewayTarget",
    "ImportResult",
    "PatientTarget",
    "TargetError",
]
