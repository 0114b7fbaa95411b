"""Serve. What differs from place to place is in the environment."""

from __future__ import absolute_import, division, print_function

import os
import sys

from waterspout import service

from inventory.app import make_app
from inventory.sdk import InventorySDK


def make_app_of_environment():
    sdk = InventorySDK(
        os.environ.get("CMDB_HOST", "127.0.0.1:8079"),
        org=os.environ.get("CMDB_ORG", "777777"),
        timeout=10)
    return make_app(sdk)


if __name__ == "__main__":
    service.setup_logging()
    sys.exit(service.serve(make_app_of_environment, port=int(os.environ.get("PORT", "8000"))))
