"""``--show-config`` and ``--check-config`` of a command with a table of its own."""

from __future__ import absolute_import, division, print_function

import pytest
from own_table import TABLE, complaints, needs_toml
from tornado.escape import utf8

from waterspout_cmdb.command_line.command import Command
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.command_line.shown_config import config_as_toml


class Unusable(Exception):
    pass


@pytest.fixture
def run(capsys):
    """``run("--port=1", environment={})`` returns the exit code, stdout and stderr."""
    def run(*arguments, **options):
        def never(*_):
            raise AssertionError("it serves")

        command = Command(
            "own", lambda: "", TABLE, options.get("run", never), (Unusable,),
            complaints, options.get("warnings"))
        code = command.main(arguments, options.get("environment", {}))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_all_options_are_shown_with_their_places(tmp_path, monkeypatch):
    """Under their headings, sources in one column."""
    (tmp_path / "own.conf").write_bytes(b"low = 2\n")
    monkeypatch.chdir(tmp_path)
    options = TABLE.read(
        ["--config=own.conf", "--hosts=a:1", "--hosts", "b:1", "--loud"], {"OWN_RATIO": "0.25"})
    assert config_as_toml(TABLE, options).splitlines() == [
        "# Where",
        "",
        "port = 80                                 # default",
        'hosts = ["a:1", "b:1"]                    # flag --hosts',
        "",
        "# What",
        "",
        "low = 2                                   # file own.conf",
        "the_high = 9                              # default",
        "ratio = 0.25                              # environment OWN_RATIO",
        'colour = "red"                            # default',
        'name = ""                                 # default',
        "loud = true                               # flag --loud",
        'cert = ""                                 # default',
        "",
        "# Secrets",
        "",
        'password = ""                             # default',
        "",
        "# The program",
        "",
        '# config = "own.conf"                     # flag --config',
        'logging = "info"                          # default',
    ]


def test_secret_is_not_shown():
    """Its line is a comment, so that the output is a config file without it."""
    text = config_as_toml(TABLE, TABLE.read([], {"OWN_PASSWORD": "s3cret"}))
    assert "s3cret" not in text
    assert "# password is set and not shown           # environment OWN_PASSWORD" in text


HOSTILE = [u'a"b\\c', u"\u4e2d\U0001f600", u"tab\there", u"# no comment", u"", u"'''", u"\x1b[31m"]


@needs_toml
@pytest.mark.parametrize("text", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_output_is_a_config_file_that_gives_the_same_options(tmp_path, text):
    """What it says is what is used."""
    options = TABLE.read_values({
        "name": text, "hosts": ["a", "b:1"], "ratio": 1e-7, "loud": True, "low": -3})
    path = tmp_path / "shown.toml"
    path.write_bytes(utf8(config_as_toml(TABLE, options)))
    again = TABLE.read(["--config=%s" % path], {})
    for each in TABLE.options:
        if each.name != "config":
            assert getattr(again, each.name) == getattr(options, each.name)


def test_show_config_prints_and_serves_nothing(run):
    code, output, errors = run("--show-config", "--port=7")
    assert (code, errors) == (0, "")
    assert "port = 7                                  # flag --port" in output


def test_show_config_of_options_that_cannot_be_used_is_their_errors(run):
    """On stderr, a line each, with the exit code of a mistake."""
    code, output, errors = run("--show-config", "--port=x", "--low=y")
    assert (code, output) == (2, "")
    assert errors.splitlines() == [
        "own: --port must be a number from 0 to 100, not x",
        "own: --low must be a whole number, not y"]


def test_check_config_of_good_options_is_one_line(run):
    assert run("--check-config", "--port=7") == (0, "own: the configuration is valid\n", "")


def test_check_config_has_all_errors(run):
    """Also from the environment and from a file that does not exist."""
    code, output, errors = run(
        "--check-config", "--config=/no/such/file.json", environment={"OWN_PORT": "x"})
    assert (code, output) == (2, "")
    assert errors.splitlines() == [
        "own: cannot read the config file /no/such/file.json: No such file or directory",
        "own: OWN_PORT must be a number from 0 to 100, not x"]


def test_check_config_finds_values_that_do_not_go_together(run):
    """Beside those that are wrong themselves."""
    code, _, errors = run("--check-config", "--port=1", "--low=x")
    assert code == 2
    assert errors.splitlines() == [
        "own: --low must be a whole number, not x",
        "own: --port: port must not be 1 if the colour is red"]


@pytest.mark.parametrize("error, lines", [
    (Unusable("no\nlibrary"), ["own: no library"]),
    (BadOption(["one", "two"]), ["own: one", "own: two"]),
])
def test_what_the_command_refuses_is_printed_in_the_same_way(run, error, lines):
    def refuse(*_):
        raise error

    code, _, errors = run(run=refuse)
    assert (code, errors.splitlines()) == (2, lines)


def test_check_config_prints_warnings(run):
    """They are no errors."""
    code, output, errors = run(
        "--check-config", warnings=lambda environment: ["OWN_PROT is no option"])
    assert (code, output) == (0, "own: the configuration is valid\n")
    assert errors == "own: OWN_PROT is no option\n"


def test_both_at_once(run):
    """The options are checked, then shown."""
    code, output, _ = run("--check-config", "--show-config")
    assert code == 0 and output.startswith("# Where")


def test_without_them_the_command_runs(run):
    assert run("--port=7", run=lambda options, *_: options.port)[0] == 7
