from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.options import BadOption, read_options


def test_options_have_defaults_but_the_file_is_to_be_named():
    """Data is not put where nobody asked for it."""
    options = read_options(["--db=x.db"])
    assert (options.port, options.address, options.until_stdin_closes) == (8079, "127.0.0.1", False)
    with pytest.raises(BadOption):
        read_options([])


def test_options_are_read():
    """In either spelling of a two-word name."""
    options = read_options(
        ["--db=x.db", "--port=0", "--address=::1", "--until-stdin-closes", "--max_import_rows=5"]
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
    """And nothing else is printed: no usage text to search the line in."""
    with pytest.raises(BadOption) as caught:
        read_options(["--db=x.db"] + arguments)
    assert mentioned in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capsys.readouterr() == ("", "")


def test_help_is_printed(capsys):
    """To whoever asks for it."""
    with pytest.raises(SystemExit):
        read_options(["--help"])
    assert "--until-stdin-closes" in capsys.readouterr().err
