"""Serve with two processes."""

import os
import sys

from waterspout import service

from weather.app import make_app_of_environment

if __name__ == "__main__":
    service.setup_logging()
    port = int(os.environ.get("PORT", "8000"))
    sys.exit(service.serve(make_app_of_environment, port=port, processes=2))
