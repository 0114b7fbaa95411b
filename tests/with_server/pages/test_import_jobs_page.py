"""docs/import-jobs.md: its curl lines work, and its table has the options and their defaults."""

from __future__ import absolute_import, division, print_function

import io
import json
import os
import re
import subprocess

import doc_pages
import pytest
from free_ports import free_port
from programs import Program

from waterspout_cmdb.gateway.jobs.uploading.import_options import OPTIONS as OF_IMPORTS
from waterspout_cmdb.gateway.options.jobs import OPTIONS

PAGE = "docs/import-jobs.md"


def text():
    with io.open(os.path.join(doc_pages.ROOT, PAGE), encoding="utf-8") as file:
        return file.read()


@pytest.mark.slow
def test_the_curl_lines_work(tmp_path):
    """One after the other, as on the page."""
    if not any(os.access(os.path.join(folder, "curl"), os.X_OK)
               for folder in os.environ["PATH"].split(os.pathsep)):
        pytest.skip("there is no curl")
    lines = [block.source for block in doc_pages.blocks(PAGE, "sh")][1].replace("\\\n", "")
    (tmp_path / "hosts.csv").write_bytes(b"name,ip\nweb-1,10.0.0.1\nweb-1,10.0.0.2\n")
    (tmp_path / "others.csv").write_bytes(b"Host Name\nweb-3\n")
    arguments = ["-m", "waterspout_cmdb", "--port=0", "--sandbox-port=%d" % free_port(),
                 "--jobs-dir=jobs"]
    first, rest = lines.replace("curl ", "curl -sSf ").split("\n", 1)

    def run(script, port, **variables):
        process = subprocess.Popen(
            ["sh", "-ec", script.replace("127.0.0.1:8888", "127.0.0.1:" + port)],
            cwd=str(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=dict(os.environ, **variables))
        output = process.communicate()[0].decode("utf-8")
        assert process.returncode == 0, output
        return output

    with Program(arguments, cwd=str(tmp_path)) as program:
        port = program.search(r"gateway on http://127.0.0.1:(\d+)").group(1)
        job_id = json.loads(run(first, port))["data"]["id"]
        output = run(rest, port, JOB=str(job_id))
    assert "event: end" in output and '"rejected":1' in output
    assert "The job and its files are removed" in output and '"dry_run":true' in output
    assert b"web-1,10.0.0.2," in (tmp_path / "hosts.rejects.csv").read_bytes()


def test_the_table_has_each_option_with_its_default():
    """In the order of --help."""
    rows = re.findall(r"\| `--([a-z-]+)=[A-Z]+` \| ([^|]+) \|", text())
    assert [name.replace("-", "_") for name, _ in rows] == [each.name for each in OPTIONS]
    shown = {"off": "", "1 GiB": 1 << 30}
    assert [shown.get(value, value) for _, value in rows] == [
        each.default if each.name in ("jobs_dir", "max_upload_bytes") else "%g" % each.default
        for each in OPTIONS]


def test_the_options_of_an_upload_are_named():
    """All of them."""
    named = text().partition("name no file:")[2].partition("for a body")[0]
    assert set(re.findall(r"`(\w+)`", named)) == set(OF_IMPORTS)
