"""The modules of ``waterspout.service`` import each other in one direction."""

from __future__ import absolute_import, division, print_function

import os

import import_rules
import pytest
import service_import_rules
from service_import_rules import MAY_IMPORT, PREFIX

ROOT = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir)
MODULES = {
    name: path for name, path in import_rules.modules(os.path.join(ROOT, "src"))
    if name.startswith(PREFIX)
}


def test_every_module_of_the_kit_imports_only_what_the_table_allows():
    """The folders and modules of service_import_rules.py."""
    found = []
    for module in sorted(MODULES):
        with open(MODULES[module], "rb") as file:
            found += service_import_rules.complaints(module, file.read())
    assert found == []


def test_the_table_names_what_exists():
    """A folder or module that was moved leaves no name behind."""
    parts = {name[len(PREFIX):].split(".")[0] for name in MODULES}
    assert set(MAY_IMPORT) == parts
    for name in service_import_rules.DECIDES:
        assert PREFIX + name in MODULES


def test_the_table_has_no_cycle():
    """Taking away what imports nothing that is left, again and again, leaves nothing."""
    left = {part: set(others) for part, others in MAY_IMPORT.items()}
    while left:
        lowest = [part for part in left if not left[part] & set(left)]
        assert lowest, "a cycle among %s" % sorted(left)
        for part in lowest:
            del left[part]


@pytest.mark.parametrize(
    "module, line",
    [
        ("exceptions", "from waterspout.service.handlers import JSONHandler"),
        ("_server.server", "from waterspout.service.app import Application"),
        ("_server.server", "from waterspout.service import app"),
        ("_processes.worker", "from waterspout.service.app import Application"),
        ("_json_bodies.checks", "from tornado.ioloop import IOLoop"),
        ("_processes.restart_policy", "import time"),
        ("handlers", "from waterspout.session import Session"),
        ("miscellany", "import os"),
    ],
)
def test_a_forbidden_import_is_found(module, line):
    """The checker complains once about each."""
    assert len(service_import_rules.complaints(PREFIX + module, line)) == 1


@pytest.mark.parametrize(
    "module, line",
    [
        ("app", "from waterspout.service import log_lines"),
        ("_server.server", "from waterspout.service._server.drain import Drain"),
        ("_server.server", "from tornado import gen"),
        ("serving", "if TYPE_CHECKING:\n    from waterspout.service.app import Application"),
        ("_json_handler.large_json", "from waterspout._driver.turns import in_turns"),
    ],
)
def test_an_allowed_import_is_accepted(module, line):
    """The checker does not complain."""
    assert service_import_rules.complaints(PREFIX + module, line) == []
