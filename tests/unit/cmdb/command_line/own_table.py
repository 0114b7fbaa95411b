"""A table of options for tests of the command line, which no command has."""

from __future__ import absolute_import, division, print_function

import importlib

import pytest
from tornado.util import basestring_type

from waterspout_cmdb.command_line import data_file
from waterspout_cmdb.command_line.option import (
    ANY_NUMBER,
    ANY_TEXT,
    READABLE_FILE,
    YES_OR_NO,
    OptionGroup,
    between,
    one_of,
    option,
)
from waterspout_cmdb.command_line.option_table import OptionTable


def _reads_toml():
    for name in data_file.TOML_MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        return True
    return False


needs_toml = pytest.mark.skipif(not _reads_toml(), reason="no package reads TOML here")

_LONG_ENOUGH = "text of at least 4 characters", lambda text: not text or len(text) >= 4


def complaints(options):
    """What is wrong with values together."""
    if options.low > options.the_high:
        yield "low must be at most the_high, %d" % options.the_high
    if options.colour == "red" and options.port == 1:
        yield "port must not be 1 if the colour is red"


TABLE = OptionTable(
    [
        OptionGroup("Where", (
            option("port", int, 80, "PORT", "the port", between(0, 100), fixed=True),
            option("hosts", basestring_type, [], "HOST", "the hosts", ("texts", lambda texts: True),
                   several=True),
        )),
        OptionGroup("What", (
            option("low", int, 1, "N", "the lowest", ANY_NUMBER),
            option("the_high", int, 9, "N", "the highest", ANY_NUMBER),
            option("ratio", float, 0.5, "X", "a share", between(0, 1)),
            option("colour", basestring_type, "red", "NAME", "one", one_of(("red", "green"))),
            option("name", basestring_type, "", "TEXT", "of it", ANY_TEXT),
            option("loud", bool, False, "", "louder", YES_OR_NO),
            option("cert", basestring_type, "", "FILE", "a certificate", READABLE_FILE),
        )),
        OptionGroup("Secrets", (
            option("password", basestring_type, "", "TEXT", "it is a secret", _LONG_ENOUGH,
                   secret=True),
        )),
        OptionGroup("The program", (
            option("config", basestring_type, "", "FILE", "a file", ANY_TEXT),
            option("logging", basestring_type, "info", "LEVEL", "how much", ANY_TEXT),
        )),
    ],
    "OWN_",
)  # fmt: skip
