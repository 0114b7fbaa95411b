"""The tests on docs/testing.md are run as a user would: by pytest, with its plug-ins."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import doc_pages
import pytest

BLOCKS = [block for block in doc_pages.blocks("docs/testing.md", "python")
          if "def test_" in block.source and "RequestsTransport" not in block.source]

#: What the examples with this word need; the module that pytest is to load.
PLUGINS = {"mark.asyncio": "pytest_asyncio.plugin", "mark.gen_test": "pytest_tornado.plugin"}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: "line_%d" % block.line)
def test_the_tests_of_the_page_pass(tmp_path, block):
    """All of each block."""
    if sys.version_info[0] == 2 and doc_pages.needs_python_3(block.source):
        pytest.skip("await is Python 3")
    plugins = ["waterspout.testing.pytest_plugin"]
    for word, plugin in PLUGINS.items():
        if word in block.source:
            pytest.importorskip(plugin)
            plugins.append(plugin)
    (tmp_path / "test_page.py").write_text(block.source)
    environ = dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
                   PYTHONPATH=os.path.join(doc_pages.ROOT, "src"))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_page.py"]
    for plugin in plugins:
        command += ["-p", plugin]
    process = subprocess.Popen(command, cwd=str(tmp_path), env=environ,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8", "replace")
    tests = block.source.count("def test_")
    assert process.returncode == 0 and "%d passed" % tests in output, output
