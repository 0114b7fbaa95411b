from __future__ import absolute_import, division, print_function

import os
import sys

import import_rules
import pytest

ROOT = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir)
MODULES = dict(import_rules.modules(os.path.join(ROOT, "src")))
MODULES.update(import_rules.modules(os.path.join(ROOT, "cmdb", "src")))


def source_of(module):
    with open(MODULES[module], "rb") as file:
        return file.read()


def test_every_module_keeps_to_its_layer():
    """What a module imports stands below it; the gateway imports public names only."""
    public = {
        name: import_rules.public_names(source_of(name)) for name in import_rules.PUBLIC
    }
    found = []
    for module in sorted(MODULES):
        found += import_rules.complaints(module, source_of(module), public)
    assert found == []


def test_the_walk_finds_the_modules():
    """The test above looks at both packages, deep modules included."""
    assert {"waterspout", "waterspout._compat", "waterspout_cmdb"} <= set(MODULES)
    assert any(name.count(".") > 1 for name in MODULES)


@pytest.mark.parametrize(
    "module, line",
    [
        ("waterspout._wire.reader", "import socket"),
        ("waterspout._wire.reader", "from waterspout.models.response import Response"),
        ("waterspout._flows.retries", "import time"),
        ("waterspout._flows.retries", "from random import uniform"),
        ("waterspout._flows.retries", "from tornado import gen"),
        ("waterspout._flows.retries", "from waterspout import session"),
        ("waterspout._flows.retries", "def late():\n    import logging"),
        ("waterspout.models.response", "from waterspout.session import Session"),
        ("waterspout.models.response", "from waterspout import Session"),
        ("waterspout.models.response", "import waterspout"),
        ("waterspout.models.response", "from .structures import Headers"),
        ("waterspout._encoding.urls", "import waterspout._driver"),
        ("waterspout.session", "import tornado.web"),
        ("waterspout.session", "from tornado.web import RequestHandler"),
        ("waterspout.session", "from waterspout.service import Application"),
        ("waterspout.transports.base", "from waterspout.session import Session"),
        ("waterspout.service.app", "import waterspout_cmdb"),
        ("waterspout.auth.basic", "from waterspout.models.response import Response"),
        ("waterspout.cookies.jar", "from waterspout.auth.basic import AuthBase"),
        ("waterspout._net.pool", "from waterspout.models import response"),
        ("waterspout.session", "from waterspout._net.pool import Pool"),
        ("waterspout.session", "from waterspout.nothing import Pool"),
        ("waterspout.structures", "import socket"),
        ("waterspout.status_codes", "import logging"),
        ("waterspout.constants", "from tornado import ioloop"),
        ("waterspout.exceptions", "import ssl"),
        ("waterspout.field_names", "import random"),
        ("waterspout._wire.reader", "from waterspout.limits import Limits"),
        ("waterspout._wire.reader", "from waterspout.structures import Headers"),
        ("waterspout.miscellany", "import os"),
        ("waterspout.session", "import sys\nNEW = sys.version_info[0] > 2"),
        ("waterspout.session", "from sys import version_info"),
        ("waterspout.service.app", "import tornado\nif tornado.version_info > (6,): pass"),
        ("waterspout_cmdb.sdk", "from waterspout._compat import to_bytes"),
        ("waterspout_cmdb.sdk", "from waterspout import urls"),
        ("waterspout_cmdb.sdk", "import waterspout.session"),
        ("waterspout_cmdb.handlers", "from waterspout.service.handlers import JSONHandler"),
        ("waterspout_cmdb.handlers", "from waterspout.service import _private"),
    ],
)
def test_a_planted_violation_is_found(module, line):
    """The checker complains about each kind of import that the rules forbid."""
    public = {"waterspout": {"Session"}, "waterspout.service": {"Application"}}
    assert len(import_rules.complaints(module, line, public)) == 1


@pytest.mark.parametrize(
    "module, line",
    [
        ("waterspout", "from waterspout.session import Session"),
        ("waterspout._compat", "import sys\nPY2 = sys.version_info[0] == 2"),
        ("waterspout._flows.retries", "from waterspout._encoding import urls"),
        ("waterspout._flows.retries", "from waterspout._flows.commands import Send"),
        ("waterspout._flows.retries", "if TYPE_CHECKING:\n    from waterspout import Session"),
        ("waterspout.transports.base", "from tornado import ioloop"),
        ("waterspout.service.app", "import tornado.web"),
        ("waterspout.session", "from waterspout.exceptions import Timeout"),
        ("waterspout_cmdb.sdk", "from waterspout import Session"),
        ("waterspout_cmdb.sdk", "import waterspout"),
        ("waterspout_cmdb.app", "from waterspout.service import Application"),
        ("waterspout_cmdb.app", "from waterspout_cmdb._anything import name"),
    ],
)
def test_an_allowed_import_is_left_alone(module, line):
    """The checker does not complain about what the rules allow."""
    public = {"waterspout": {"Session"}, "waterspout.service": {"Application"}}
    assert import_rules.complaints(module, line, public) == []


def test_the_rules_name_what_is_there():
    """A part in the rules that does not exist would allow, or forbid, nothing."""
    named = {part for row in import_rules.ORDER for part in row}
    there = {module.split(".")[1] for module in MODULES if module.startswith("waterspout.")}
    assert named == there
    assert set(import_rules.FORBIDDEN) <= there
    assert set(import_rules.NOT_FOR) <= there
    assert set().union(*import_rules.NOT_FOR.values()) <= there


@pytest.mark.skipif(
    not hasattr(sys, "stdlib_module_names"), reason="Python 3.10 and newer can tell"
)
def test_no_module_is_named_like_one_of_the_standard_library():
    """``import queue`` means the same everywhere, in a script started from inside too."""
    names = {part for module in MODULES for part in module.split(".")} - {"__main__"}
    assert names & sys.stdlib_module_names == set()
