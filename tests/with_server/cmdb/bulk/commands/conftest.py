"""A gateway with its sandbox, and the commands that call it."""

from __future__ import absolute_import, division, print_function

import json
import re

import pytest
from free_ports import free_port
from programs import Program

PROGRAM = ["-m", "waterspout_cmdb"]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """A gateway with an embedded sandbox: the program, and its URL."""
    folder = str(tmp_path_factory.mktemp("gateway"))
    with Program(PROGRAM + ["--port=0", "--sandbox-port=%d" % free_port()], cwd=folder) as program:
        program.search("Ctrl-C stops")
        program.url = re.search(r"gateway on (\S+)", program.output).group(1)
        yield program


@pytest.fixture
def run(gateway, tmp_path):
    """Run a command in a folder; its exit code, standard output and standard error."""

    def run(*arguments):
        with Program(PROGRAM + list(arguments) + ["--gateway=" + gateway.url],
                     cwd=str(tmp_path)) as program:
            return program.wait(), program.output, program.errors

    def found(query):
        """The instances of HOST that match."""
        code, out, err = run("search", "HOST", "--query", json.dumps(query), "--limit=100000")
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    run.folder, run.found = tmp_path, found
    return run
