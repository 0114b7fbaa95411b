"""The tests on docs/cassettes.md: pytest runs them, with a server and then without one."""

from __future__ import absolute_import, division, print_function

import io
import os
import subprocess
import sys

import doc_pages
import pytest
import raw_server

BLOCKS = [block for block in doc_pages.blocks("docs/cassettes.md", "python")
          if "def test_" in block.source]


def run(folder):
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "waterspout.testing.cassette.pytest_fixture",
         "-p", "no:cacheprovider", folder],
        env=dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
                 PYTHONPATH=os.pathsep.join(sys.path)),
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8")
    assert process.returncode == 0, output


def test_there_are_tests_on_the_page():
    assert len(BLOCKS) == 2


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: str(block.line))
def test_a_test_on_the_page_is_recorded_and_replayed(serve, tmp_path, block):
    server = serve(raw_server.answering(raw_server.response(
        b'{"name": "web-1"}', headers=[("Content-Type", "application/json")])))
    source = block.source.replace("http://api.example", "http://" + server.address)
    with io.open(str(tmp_path / "test_page.py"), "w", encoding="utf-8") as file:
        file.write(source)
    run(str(tmp_path))
    assert len(server.received) == 1
    server.close()
    run(str(tmp_path))
    assert len(server.received) == 1
