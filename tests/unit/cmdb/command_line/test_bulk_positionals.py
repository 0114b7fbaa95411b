"""Arguments without a flag, and repeated flags whose values may have commas."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.util import basestring_type

from waterspout_cmdb.command_line.option import ANY_TEXT, BadOption, OptionGroup, one_of, option
from waterspout_cmdb.command_line.option_table import OptionTable

_TEXTS = "texts", lambda texts: all("=" in text for text in texts)

TABLE = OptionTable(
    [OptionGroup("What it reads", (
        option("map", basestring_type, [], "COLUMN=ATTRIBUTE", "a column's attribute", _TEXTS,
               several=True, whole=True),
        option("key", basestring_type, [], "NAMES", "the key", ANY_TEXT, several=True),
        option("quiet", bool, False, "", "say less", ANY_TEXT),
    ))],
    "OWN_",
    [option("file", basestring_type, "", "FILE", "what to read", ANY_TEXT),
     option("mode", basestring_type, "fast", "MODE", "how", one_of(("fast", "slow")))],
    needed=1,
)  # fmt: skip


def reasons(*arguments):
    with pytest.raises(BadOption) as caught:
        TABLE.read(list(arguments), {})
    return caught.value.reasons


@pytest.mark.parametrize("arguments", [
    ["hosts.csv", "slow", "--key", "a,b", "--quiet"],
    ["--quiet", "hosts.csv", "--key=a,b", "slow"],
    ["--key=a", "--key", "b", "--quiet", "--", "hosts.csv", "slow"],
])
def test_arguments_stand_before_between_and_after_flags(arguments):
    options = TABLE.read(arguments, {})
    assert (options.file, options.mode, options.key, options.quiet) == (
        "hosts.csv", "slow", ["a", "b"], True)


def test_a_hyphen_alone_is_an_argument_and_so_is_what_follows_two():
    """Standard input; a file whose name begins like a flag."""
    assert TABLE.read(["-"], {}).file == "-"
    assert TABLE.read(["--", "--odd.csv"], {}).file == "--odd.csv"
    assert TABLE.read(["--", "--"], {}).file == "--"


def test_an_argument_has_a_default_and_an_origin():
    options = TABLE.read(["hosts.csv"], {})
    assert options.mode == "fast"
    assert tuple(options.origin("file")) == ("flag", "FILE")


def test_only_the_command_line_gives_an_argument():
    """A file that is imported by a forgotten variable would be a surprise."""
    with pytest.raises(BadOption) as caught:
        TABLE.read([], {"OWN_FILE": "hosts.csv"})
    assert caught.value.reasons == ["FILE is missing: what to read"]


@pytest.mark.parametrize("arguments, expected", [
    ([], ["FILE is missing: what to read"]),
    (["a", "slow", "b"], ["b is one argument too many; there can be FILE and MODE"]),
    (["a", "quick"], ["MODE must be one of fast, slow, not quick"]),
    (["--quite", "a"], ["there is no option --quite; --help lists them"]),
    (["--file=a"], ["there is no option --file; --help lists them"]),
])
def test_mistakes_are_told(arguments, expected):
    assert reasons(*arguments) == expected


def test_a_repeated_flag_keeps_its_commas():
    options = TABLE.read(["a", "--map", "Host, Name=name", "--map=CPU=cpu"], {})
    assert options.map == ["Host, Name=name", "CPU=cpu"]
    assert TABLE.read(["a"], {"OWN_MAP": "Host, Name=name"}).map == ["Host, Name=name"]


def test_help_names_the_arguments_first():
    lines = TABLE.lines()
    assert lines[:7] == [
        "  FILE", "        what to read", "  MODE", "        how (default fast)", "",
        "What it reads:", ""]
