"""docs/gateway.md: its config file, its errors and what --show-config prints are the command's."""

from __future__ import absolute_import, division, print_function

import importlib
import io
import os
import re

import doc_pages
import pytest

from waterspout_cmdb.command_line import data_file
from waterspout_cmdb.gateway import command
from waterspout_cmdb.gateway.options.table import TABLE, read_options

PAGE = "docs/gateway.md"
BLOCKS = [block.source for block in doc_pages.blocks(PAGE, "text")]


def text():
    with io.open(os.path.join(doc_pages.ROOT, PAGE), encoding="utf-8") as file:
        return re.sub(r"\s+", " ", file.read())


def block_with(words):
    (found,) = [block for block in BLOCKS if words in block]
    return found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory, for files that are named as on the page."""
    monkeypatch.chdir(tmp_path)
    for name in data_file.TOML_MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        return tmp_path
    pytest.skip("no package reads TOML here")


def test_the_config_file_of_the_page_is_read(folder):
    (folder / "gateway.toml").write_bytes(block_with("# gateway.toml").encode("ascii"))
    options = read_options(["--config=gateway.toml"], {})
    assert (options.port, options.max_body_bytes, options.log_format) == (8888, 1000000, "json")
    assert options.upstream == ["10.0.0.1:8079", "10.0.0.2:8079"]


def test_errors_are_printed_as_on_the_page(folder, capsys):
    (folder / "gateway.toml").write_bytes(b"port = 88888\nupstream = 'a:1'\n")
    code = command.main(
        ["--config=gateway.toml", "--tls-cert=server.pem", "--check-config"],
        {"WATERSPOUT_RATE_BURST": "5"})
    assert code == 2
    assert sorted(capsys.readouterr().err.splitlines()) == sorted(
        block_with("cannot be read").strip().splitlines())


def test_options_are_shown_as_on_the_page(folder, capsys):
    (folder / "gateway.toml").write_bytes(b"port = 8888\n")
    assert command.main(
        ["--config=gateway.toml", "--timeout=5", "--show-config"],
        {"WATERSPOUT_RATE_LIMIT": "100"}) == 0
    shown = capsys.readouterr().out.splitlines()
    for line in block_with("# flag --timeout").strip().splitlines():
        assert line in shown


def test_what_only_a_restart_changes_is_as_on_the_page():
    """Each of these options is of a kind that the page names."""
    kinds = {
        "where it listens": ["port", "address", "reuse_port", "http_server", "operations_port",
                             "operations_address"],
        "the number of processes": ["processes"],
        "the times of a stop": ["drain_grace", "drain_timeout"],
        "the sandbox": ["sandbox_port", "sandbox_db"],
        "the level and the format of the log": ["logging", "log_format"],
        "the pidfile": ["pidfile"],
        "the metrics": ["metrics"],
        "the folder of jobs": ["jobs_dir"],
    }
    fixed = [option.name for option in TABLE.options if option.fixed]
    assert sorted(fixed) == sorted(name for names in kinds.values() for name in names)
    for kind in kinds:
        assert kind in text()
