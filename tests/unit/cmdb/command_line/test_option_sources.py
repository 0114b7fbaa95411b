"""Options of a table: where values come from, and that an error has every reason."""

from __future__ import absolute_import, division, print_function

import pytest
from own_table import TABLE, complaints

from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway.options.table import TABLE as GATEWAY


def reasons(arguments=(), environment=None):
    with pytest.raises(BadOption) as caught:
        TABLE.read(list(arguments), environment or {}, complaints)
    return caught.value.reasons


@pytest.fixture
def file_of(tmp_path):
    def file_of(content, name="own.conf"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return file_of


def test_each_value_has_its_origin(file_of):
    """The last place that has set it."""
    path = file_of(b"low = 2\nthe_high = 3\nratio = 0.25\n")
    options = TABLE.read(
        ["--the-high=8", "--config", path], {"OWN_RATIO": "0.75", "OWN_THE_HIGH": "4"})
    assert (options.low, options.the_high, options.ratio, options.port) == (2, 8, 0.75, 80)
    assert [tuple(options.origin(name)) for name in ("low", "the_high", "ratio", "port")] == [
        ("file", path + ": low"), ("flag", "--the-high"), ("environment", "OWN_RATIO"),
        ("default", "port")]


def test_all_reasons_are_reported_at_once(file_of):
    """Of each place, in one error, each with the place."""
    path = file_of(b"prot = 1\nport = 101\nlow = 'x'\n")
    found = reasons(
        ["--colour=blue", "--verbose", "--ratio", "--config=" + path],
        {"OWN_LOUD": "perhaps", "OWN_THE_HIGH": "many"})
    assert found == [
        path + ": there is no option prot; --help lists them",
        "there is no option --verbose; --help lists them",
        "--ratio needs a value: --ratio=X",
        path + ": low must be a whole number, not x",
        path + ": port must be a number from 0 to 100, not 101",
        "OWN_LOUD must be true or false, not perhaps",
        "OWN_THE_HIGH must be a whole number, not many",
        "--colour must be one of red, green, not blue",
    ]


def test_text_of_an_error_has_a_line_for_each_reason():
    with pytest.raises(ValueError) as caught:
        TABLE.read(["--port=x", "--low=y\nz"], {})
    assert str(caught.value) == (
        "--port must be a number from 0 to 100, not x\n--low must be a whole number, not y z")


def test_value_of_an_unknown_flag_is_not_another_mistake():
    """What stands after it is probably its value."""
    assert reasons(["--prot", "80", "--port=2"]) == [
        "there is no option --prot; --help lists them"]
    assert reasons(["--prot", "--prat"]) == [
        "there is no option --prot; --help lists them",
        "there is no option --prat; --help lists them"]


@pytest.mark.parametrize("arguments, environment, expected", [
    (["--low=5", "--the-high=3"], {}, "--low and --the-high: low must be at most the_high, 3"),
    (["--low=10"], {}, "--low: low must be at most the_high, 9"),
    ([], {"OWN_THE_HIGH": "0"}, "OWN_THE_HIGH: low must be at most the_high, 0"),
    (["--port=1"], {}, "--port: port must not be 1 if the colour is red"),
])
def test_values_that_do_not_go_together_are_named_with_their_places(
    arguments, environment, expected
):
    assert reasons(arguments, environment) == [expected]


def test_conflict_of_a_value_that_is_wrong_itself_is_not_reported():
    """The others are: they are true whatever that value will be."""
    assert reasons(["--low=x", "--the-high=0", "--port=1"]) == [
        "--low must be a whole number, not x",
        "--port: port must not be 1 if the colour is red"]


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_file_that_must_exist(tmp_path, name):
    (tmp_path / "folder").mkdir()
    path = str(tmp_path / name)
    assert reasons(["--cert=" + path]) == [
        "--cert must be a file that exists and can be read, not " + path]


def test_file_that_exists(file_of):
    path = file_of(b"")
    assert TABLE.read(["--cert=" + path], {}).cert == path
    assert TABLE.read(["--cert="], {}).cert == ""


def test_options_of_a_program():
    """By their names, checked in the same way."""
    options = TABLE.read_values({"low": 3, "hosts": ["a", "b"], "password": "secret"})
    assert (options.low, options.hosts, options.password) == (3, ["a", "b"], "secret")
    assert options.origin("low").kind == "program"
    with pytest.raises(BadOption) as caught:
        TABLE.read_values({"prot": 1, "port": -1})
    assert caught.value.reasons == [
        "there is no option prot", "port must be a number from 0 to 100, not -1"]


# Secrets


def test_secret_comes_from_the_environment_a_config_file_or_a_file_of_its_own(file_of):
    """Without the line break that an editor adds."""
    path = file_of(b"s3cret \n", "secret")
    config = file_of(b"password = 'in file'\n")
    for arguments, environment, value in (
        ([], {"OWN_PASSWORD": "s3cret"}, "s3cret"),
        ([], {"OWN_PASSWORD_FILE": path}, "s3cret "),
        (["--password-file=" + path], {"OWN_PASSWORD": "other"}, "s3cret "),
        (["--config=" + config], {}, "in file"),
    ):
        assert TABLE.read(arguments, environment).password == value


def test_secret_is_refused_on_the_command_line():
    """Every user of the machine can read that."""
    (reason,) = reasons(["--password=s3cret"])
    assert reason == (
        "--password would show a secret to everyone on this machine; "
        "use --password-file=FILE or OWN_PASSWORD")


def test_secret_that_cannot_be_used_is_not_shown():
    (reason,) = reasons([], {"OWN_PASSWORD": "abc"})
    assert reason == "OWN_PASSWORD must be text of at least 4 characters"


def test_secret_cannot_be_given_twice_in_one_place(file_of):
    (reason,) = reasons([], {"OWN_PASSWORD": "s3cret", "OWN_PASSWORD_FILE": file_of(b"s3cret")})
    assert reason == (
        "OWN_PASSWORD_FILE: the value of password is given twice, itself and in a file")


@pytest.mark.parametrize("content, reason", [
    (b"\n", "it is empty"), (b"x" * 65537, "it has more than 65536 bytes"),
    (b"\xff\xfe", "'utf"), (None, "No such file or directory"),
], ids=["empty", "large", "not UTF-8", "missing"])
def test_file_of_a_secret_that_cannot_be_used(file_of, tmp_path, content, reason):
    path = str(tmp_path / "missing") if content is None else file_of(content, "secret")
    (found,) = reasons(["--password-file=" + path])
    assert found.startswith("--password-file: cannot read the file %s: %s" % (path, reason))


def test_file_of_a_secret_must_be_a_name(file_of):
    """A number would be a descriptor."""
    assert reasons(["--config=" + file_of(b"password_file = 0\n")])[0].endswith(
        "password_file must be the name of a file")


# Reading again


def test_options_are_read_again(file_of):
    """Those that cannot change are kept, with a warning that names the place."""
    path = file_of(b"port = 1\ncolour = 'green'\nlow = 2\n")
    arguments = ["--config=" + path]
    running = TABLE.read(arguments, {})
    file_of(b"port = 2\ncolour = 'green'\nlow = 3\n")
    options, warnings = TABLE.read_again(arguments, {}, running)
    assert (options.port, options.low) == (1, 3)
    assert warnings == [
        path + ": port has changed, but only a restart changes it: it stays 1"]


def test_warning_is_not_repeated_for_a_value_that_is_as_before(file_of):
    path = file_of(b"port = 1\ncolour = 'green'\n")
    running = TABLE.read(["--config=" + path], {})
    options, warnings = TABLE.read_again(["--config=" + path], {}, running)
    assert (options.port, warnings) == (1, [])


def test_options_that_are_wrong_when_they_are_read_again_have_all_reasons(file_of):
    path = file_of(b"low = 1\n")
    running = TABLE.read(["--config=" + path], {})
    file_of(b"low = 'x'\nthe_high = 'y'\n")
    with pytest.raises(BadOption) as caught:
        TABLE.read_again(["--config=" + path], {}, running)
    assert len(caught.value.reasons) == 2


def test_new_values_that_do_not_go_with_a_kept_one_are_refused(file_of):
    """The command would otherwise run with a combination that is checked nowhere."""
    path = file_of(b"port = 1\ncolour = 'green'\n")
    running = TABLE.read(["--config=" + path], {})
    file_of(b"port = 2\ncolour = 'red'\n")
    with pytest.raises(BadOption) as caught:
        TABLE.read_again(["--config=" + path], {}, running, complaints)
    assert caught.value.reasons == [
        path + ": port: port must not be 1 if the colour is red"]


# Help


def test_help_shows_files_of_secrets_in_place_of_their_flags():
    lines = TABLE.lines()
    assert "  --password-file=FILE" in lines and "  --password=TEXT" not in lines
    assert lines.index("Where:") < lines.index("  --port=PORT") < lines.index("What:")


def test_a_list_in_a_file_is_shown_without_brackets(file_of):
    path = file_of(b'{"operations_allowed": ["10.0.0.0/33", "x"]}', "own.json")
    with pytest.raises(BadOption) as caught:
        GATEWAY.read(["--config", path], {})
    assert caught.value.reasons[0].endswith(", not 10.0.0.0/33, x")


def test_a_python_file_that_fails_names_the_line(file_of):
    path = file_of(b"port = 1\nlow = int(undefined)\n")
    assert reasons(["--config", path]) == [
        "the config file %s, which is run as Python, fails in line 2: NameError: name 'undefined' "
        "is not defined" % path]
