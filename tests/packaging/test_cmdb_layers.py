from __future__ import absolute_import, division, print_function

import os

import cmdb_import_rules
import import_rules
import pytest

ROOT = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir)
MODULES = dict(import_rules.modules(os.path.join(ROOT, "cmdb", "src")))


def source_of(module):
    with open(MODULES[module], "rb") as file:
        return file.read()


def test_every_module_keeps_to_its_layer():
    """What a module of the gateway or the sandbox imports is below it."""
    found = []
    for module in sorted(MODULES):
        found += cmdb_import_rules.complaints(module, source_of(module))
    assert found == []


@pytest.mark.parametrize("package", sorted(cmdb_import_rules.ORDER))
def test_the_order_names_what_is_there(package):
    """The table of a package lists each of its modules and folders once, and nothing else."""
    listed = [name for row in cmdb_import_rules.ORDER[package] for name in row]
    there = {
        module[len(package) + 1 :].split(".")[0]
        for module in MODULES if module.startswith(package + ".")
    }
    assert sorted(listed) == sorted(there - {"__main__"})


def test_the_rules_name_what_is_there():
    """Each part that a rule is about exists."""
    parts = set(cmdb_import_rules.FORBIDDEN) | set(cmdb_import_rules.NOT_FOR)
    parts |= set().union(*cmdb_import_rules.NOT_FOR.values()) | {cmdb_import_rules.GATEWAY_SEES}
    assert parts <= set(MODULES)


@pytest.mark.parametrize(
    "module, line",
    [
        ("sandbox.app", "from waterspout_cmdb.gateway import handlers"),
        ("sandbox.app", "import waterspout_cmdb"),
        ("sandbox.app", "from waterspout_cmdb import CMDBSDK"),
        ("command_line.option_table", "from waterspout_cmdb.gateway.options import table"),
        ("sdk.cmdb_error", "from waterspout_cmdb.sdk.cmdb_sdk import CMDBSDK"),
        ("sdk.cmdb_sdk", "from waterspout_cmdb.command_line import option_table"),
        ("gateway.app", "from waterspout_cmdb.gateway.server import start_server"),
        ("gateway.server", "from waterspout_cmdb.sandbox.app import make_app"),
        ("gateway.miscellany", "from waterspout_cmdb.sdk import CMDBSDK"),
        ("sandbox.models.model", "from waterspout_cmdb.sandbox.query.parser import parse_query"),
        ("sandbox.models.model", "from waterspout_cmdb.sandbox.storage import Store"),
        ("sandbox.models.model", "import sqlite3"),
        ("sandbox.query.parser", "from tornado import gen"),
        ("sandbox.operations.peers", "from waterspout_cmdb.sandbox.storage import links"),
        ("sandbox.operations.peers", "from waterspout_cmdb.sandbox.handlers import envelope"),
        ("bulk.reading.csv_text.table", "from waterspout_cmdb.bulk.reading.json_text import lines"),
        ("bulk.reading.table", "from waterspout_cmdb.bulk.reading.csv_text import table"),
        ("bulk.reading.xlsx.cells", "from tornado import gen"),
    ],
)
def test_a_planted_violation_is_found(module, line):
    """The checker complains about each kind of import that the rules forbid."""
    assert len(cmdb_import_rules.complaints("waterspout_cmdb." + module, line)) == 1


@pytest.mark.parametrize(
    "module, line",
    [
        ("__main__", "from waterspout_cmdb.gateway.command import main"),
        ("gateway.server", "from waterspout_cmdb.sdk import CMDBSDK"),
        ("gateway.command", "from waterspout_cmdb.sandbox.sandbox_options import TABLE"),
        ("sandbox.sandbox_options", "from waterspout_cmdb.command_line import option_table"),
        ("sandbox.storage.store", "import sqlite3"),
        ("sandbox.storage.store", "from waterspout_cmdb.sandbox.storage import schema"),
        ("sandbox.query.parser", "from tornado.escape import to_unicode"),
        ("sandbox.handlers.search", "from waterspout_cmdb.sandbox.operations import searching"),
        ("bulk.reading.sources.inputs", "from tornado import gen"),
        ("bulk.reading.xlsx.table", "from waterspout_cmdb.bulk.reading import header"),
    ],
)
def test_an_allowed_import_is_left_alone(module, line):
    """The checker does not complain about what the rules allow."""
    assert cmdb_import_rules.complaints("waterspout_cmdb." + module, line) == []
