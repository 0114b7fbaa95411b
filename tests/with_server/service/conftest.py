"""Starts the small service whose processes are tested."""

from __future__ import absolute_import, division, print_function

import pytest
from running_service import Service


@pytest.fixture
def start(tmp_path):
    """Start ``service_program.py`` with options and wait until it serves."""
    services = []

    def start(environment=None, prepare=lambda: None, **options):
        service = Service(tmp_path, options, environment=environment, prepare=prepare)
        services.append(service)
        return service.wait_until_ready()

    yield start
    for service in services:
        service.__exit__(None, None, None)
