"""Starts the gateway as a process of its own."""

from __future__ import absolute_import, division, print_function

import pytest
from programs import Program


@pytest.fixture
def gateway(tmp_path):
    """Start a gateway; ``.port`` is where it serves."""
    programs = []

    def start(*arguments, **options):
        program = Program(
            ["-m", "waterspout_cmdb", "--port=0"] + list(arguments), cwd=str(tmp_path), **options
        )
        programs.append(program)
        program.port = int(program.search(r"gateway on http://127.0.0.1:(\d+)").group(1))
        program.search(r"Ctrl-C stops\.\n")
        return program

    yield start
    for program in programs:
        program.__exit__(None, None, None)
