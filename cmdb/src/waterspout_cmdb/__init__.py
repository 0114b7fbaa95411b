"""The CMDB gateway: imports and searches CMDB instances over HTTP, in one or more processes.

::

    gateway/        the HTTP service and its command, ``python -m waterspout_cmdb``
    sdk/            the CMDB's API as one class, `CMDBSDK`
    sandbox/        a CMDB for development, ``python -m waterspout_cmdb.sandbox``
    bulk/           files of many rows into the CMDB, and back
    commands/       `waterspout-cmdb import` and the other commands of the terminal
    command_line/   what the commands share
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb._version import __version__
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.server import start_server
from waterspout_cmdb.sdk import CMDBSDK, ERROR_CODES, CMDBError

__all__ = ["CMDBError", "CMDBSDK", "ERROR_CODES", "__version__", "make_app", "start_server"]
