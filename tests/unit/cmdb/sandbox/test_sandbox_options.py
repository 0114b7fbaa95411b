from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.sandbox.sandbox_options import OPTIONS, read_options, usage


def test_every_option_but_db_has_a_default():
    """Data is stored only where the user asked for it."""
    options = read_options(["--db=x.db"], {})
    assert (options.port, options.address, options.until_stdin_closes) == (8079, "127.0.0.1", False)
    with pytest.raises(BadOption):
        read_options([], {})


def test_options_are_read():
    """With hyphens and with underscores."""
    options = read_options(
        ["--db=x.db", "--port=0", "--address=::1", "--until-stdin-closes", "--max_import_rows=5"],
        {},
    )
    assert (options.db, options.port, options.address) == ("x.db", 0, "::1")
    assert (options.until_stdin_closes, options.max_import_rows) == (True, 5)


@pytest.mark.parametrize(
    "arguments, mentioned",
    [
        (["--prot=1"], "--prot"),
        (["-h"], "-h"),
        (["serve"], "serve"),
        (["--port=http"], "--port"),
        (["--port"], "--port"),
        (["--logging=loud"], "--logging"),
        (["--max-import-rows=0"], "--max-import-rows"),
    ],
)
def test_bad_option_is_named_in_one_line(capsys, arguments, mentioned):
    """No usage text is printed."""
    with pytest.raises(BadOption) as caught:
        read_options(["--db=x.db"] + arguments, {})
    assert mentioned in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capsys.readouterr() == ("", "")


def test_errors_have_the_form_of_the_gateways_errors():
    """The option, the allowed values, the given value."""
    for arguments, complaint in [
        (["--port=http"], "--port must be a number from 0 to 65535, not http"),
        (["--port=99999"], "--port must be a number from 0 to 65535, not 99999"),
        (["--prot=1"], "there is no option --prot; --help lists them"),
        (["--port"], "--port needs a value: --port=PORT"),
        (["--logging=x"], "--logging must be one of debug, info, warning, error, not x"),
        (["--max-import-rows", "0"],
         "--max-import-rows must be a number from 1 to 2147483648, not 0"),
        (["--until-stdin-closes=maybe"], "--until-stdin-closes must be true or false, not maybe"),
    ]:
        with pytest.raises(BadOption) as caught:
            read_options(["--db=x.db"] + arguments, {})
        assert str(caught.value) == complaint


def test_flag_wins_over_environment_over_default():
    """WATERSPOUT_SANDBOX_PORT is the gateway's --sandbox-port, and it means the same here."""
    environment = {
        "WATERSPOUT_SANDBOX_DB": "env.db", "WATERSPOUT_SANDBOX_PORT": "2",
        "WATERSPOUT_SANDBOX_LOGGING": "", "WATERSPOUT_PORT": "3",
        "WATERSPOUT_SANDBOX_SEED": "models.json",
    }  # fmt: skip
    options = read_options(["--port", "1"], environment)
    assert (options.port, options.db, options.seed) == (1, "env.db", "models.json")
    assert (options.logging, options.address) == ("warning", "127.0.0.1")
    assert read_options([], environment).port == 2


def test_address_of_a_kubernetes_service_is_not_a_port_option():
    """A Service called `waterspout-sandbox` sets this variable."""
    environment = {"WATERSPOUT_SANDBOX_PORT": "tcp://10.96.0.12:8079"}
    assert read_options(["--db=x.db"], environment).port == 8079


def test_usage_names_every_option_and_fits_a_terminal():
    """``--help`` lists all options in lines of at most 100 characters."""
    text = usage()
    for option in OPTIONS:
        assert "--" + option.name.replace("_", "-") in text
    assert "--until-stdin-closes\n" in text
    assert max(map(len, text.split("\n"))) <= 100
