"""Environment variables that look like options: which are used, ignored or reported."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.command_line.environment_variables import own_variables, variable_warnings
from waterspout_cmdb.gateway.options.table import ENVIRONMENT_PREFIX, TABLE

#: What Kubernetes sets for a Service "waterspout" with a named port, and Docker for a link.
SERVICE = {
    "WATERSPOUT_SERVICE_HOST": "10.96.0.12",
    "WATERSPOUT_SERVICE_PORT": "8888",
    "WATERSPOUT_SERVICE_PORT_HTTP_API": "8888",
    "WATERSPOUT_PORT": "tcp://10.96.0.12:8888",
    "WATERSPOUT_PORT_8888_TCP": "tcp://10.96.0.12:8888",
    "WATERSPOUT_PORT_8888_TCP_PROTO": "tcp",
    "WATERSPOUT_PORT_8888_TCP_PORT": "8888",
    "WATERSPOUT_PORT_8888_TCP_ADDR": "10.96.0.12",
    "WATERSPOUT_PORT_53_UDP": "udp://10.96.0.12:53",
    "WATERSPOUT_NAME": "/web/waterspout",
    "WATERSPOUT_ENV_PATH": "/bin",
    # Services "waterspout-sandbox" and "waterspout-db".
    "WATERSPOUT_SANDBOX_PORT": "tcp://10.96.0.13:8079",
    "WATERSPOUT_SANDBOX_SERVICE_HOST": "10.96.0.13",
    "WATERSPOUT_DB_PORT_5432_TCP_ADDR": "10.96.0.14",
    "WATERSPOUT_DB_PORT": "tcp://10.96.0.14:5432",
}


def said(environment):
    return variable_warnings(environment, ENVIRONMENT_PREFIX, TABLE.variables())


def test_variables_of_a_service_are_ignored_with_one_line():
    """The line names each variable and its source; none sets an option."""
    (line,) = said(SERVICE)
    assert "Kubernetes or Docker" in line
    for name in SERVICE:
        assert name in line
    assert own_variables(SERVICE, TABLE.variables()) == []


@pytest.mark.parametrize("name", sorted(SERVICE))
def test_each_form_of_variable_is_ignored(name):
    """Also if it is the only one."""
    (line,) = said({name: SERVICE[name]})
    assert "Kubernetes" in line and line.endswith(": " + name)


def test_unknown_variables_are_named_once():
    """A misspelt name is logged without its value, which may be a password."""
    (line,) = said({"WATERSPOUT_PROT": "s3cret", "WATERSPOUT_ADRESS": "::1", "PATH": "/bin"})
    assert line.endswith("are not options (--help lists them): WATERSPOUT_ADRESS, WATERSPOUT_PROT")
    assert "s3cret" not in line


def test_known_empty_and_foreign_variables_are_not_logged():
    """They are not mistakes."""
    environment = {"WATERSPOUT_PORT": "80", "WATERSPOUT_X": "", "WATER": "x", "STRICT_TESTS": "1"}
    assert said(environment) == []


@pytest.mark.parametrize("value", ["80", "http", "http://10.0.0.1:80"])
def test_other_values_of_a_port_variable_set_the_option(value):
    """Or are refused because they are not a number."""
    assert own_variables({"WATERSPOUT_PORT": value}, TABLE.variables()) == [
        ("WATERSPOUT_PORT", "port", value)
    ]


def test_control_characters_in_names_are_replaced_in_the_log():
    """A variable's name may have every character but NUL and "="."""
    (line,) = said({"WATERSPOUT_\x1b[31m\n" + "x" * 500: "1"})
    assert "\x1b" not in line and "\n" not in line and len(line) < 300
