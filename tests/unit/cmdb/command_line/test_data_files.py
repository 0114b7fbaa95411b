"""Config files in TOML and JSON: what they set, and one line for each mistake."""

from __future__ import absolute_import, division, print_function

import pytest
from own_table import TABLE, needs_toml

from waterspout_cmdb.command_line import data_file
from waterspout_cmdb.command_line.option import BadOption

FORMS = pytest.mark.parametrize("form", [pytest.param("toml", marks=needs_toml), "json"])


@pytest.fixture
def read(tmp_path):
    """``read(content, "toml")`` returns the options that the file sets."""
    def read(content, form, environment=None):
        path = tmp_path / ("own." + form)
        path.write_bytes(content)
        return TABLE.read(["--config=%s" % path], environment or {})

    return read


@pytest.fixture
def reasons(read, tmp_path):
    """What is wrong, without the path."""
    def reasons(content, form):
        with pytest.raises(BadOption) as caught:
            read(content, form)
        return [each.replace("%s/own.%s" % (tmp_path, form), "FILE")
                for each in caught.value.reasons]

    return reasons


VALUES = {
    "toml": u'# \u4e2d\nport = 8\nhosts = ["a:1", "b:1"]\nratio = 0.25\nloud = true\n'
            u'name = "\u4e2d"\n',
    "json": u'{"port": 8, "hosts": ["a:1", "b:1"], "ratio": 0.25, "loud": true, "name": "\u4e2d"}',
}


@FORMS
def test_values_are_taken_with_their_types(read, form):
    options = read(VALUES[form].encode("utf-8"), form)
    assert (options.port, options.hosts, options.ratio, options.loud) == (
        8, ["a:1", "b:1"], 0.25, True)
    assert options.name == u"\u4e2d"
    assert options.origin("port").kind == "file"


@FORMS
def test_the_environment_wins_over_the_file(read, form):
    assert read(VALUES[form].encode("utf-8"), form, {"OWN_PORT": "9"}).port == 9


SPELLINGS = {"toml": b"password-file = %s\nlow = 2\n", "json": b'{"password-file": %s, "low": 2}'}


@FORMS
def test_names_may_have_hyphens(read, form, tmp_path):
    """As flags have them; the file of a secret is named as everywhere."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"s3cret\n")
    options = read(SPELLINGS[form].replace(
        b"%s", b'"' + str(secret).encode("ascii") + b'"'), form)
    assert (options.password, options.low) == ("s3cret", 2)


def test_null_is_not_set(read):
    assert read(b'{"port": null, "low": 2}', "json").port == 80


MISTAKES = {
    "toml": b'port = 101\nprot = 1\nlow = "x"\nhosts = [1]\nloud = "perhaps"\nconfig = "x"\n'
            b'[where]\nport = 1\n',
    "json": b'{"port": 101, "prot": 1, "low": "x", "hosts": [1], "loud": "perhaps", '
            b'"config": "x", "where": {"port": 1}}',
}


@FORMS
def test_all_mistakes_are_reported(reasons, form):
    """A table, too: its names would be others than those of flags and variables."""
    example = "port = 8888" if form == "toml" else '"port": 8888'
    assert sorted(reasons(MISTAKES[form], form)) == sorted([
        "FILE: there is no option prot; --help lists them",
        "FILE: where is a table; options are not in tables, write " + example,
        "FILE: port must be a number from 0 to 100, not 101",
        "FILE: low must be a whole number, not x",
        "FILE: hosts must be texts, not [1]",
        "FILE: loud must be true or false, not perhaps",
        "FILE: config: a config file cannot name another one",
    ])


@pytest.mark.parametrize("content, form", [
    pytest.param(b"low = 1\nlow-est = 2\n\"low\" = 3\n", "toml", marks=needs_toml),
    pytest.param(b"port = \n", "toml", marks=needs_toml),
    pytest.param(b"port = [" * 100000, "toml", marks=needs_toml),
    pytest.param(b"= = =\n[[[[", "toml", marks=needs_toml),
    pytest.param(b"\x00", "toml", marks=needs_toml),
    (b"", "json"), (b"{", "json"), (b"[" * 100000, "json"), (b"port = 1", "json"),
    (b"\x00", "json"),
])
def test_what_is_not_toml_or_json(reasons, content, form):
    """One line, whatever the package raises."""
    (reason,) = reasons(content, form)
    assert reason.startswith("the config file FILE is not %s: " % form.upper())
    assert len(reason) > 40 and "\n" not in reason


@FORMS
def test_what_is_not_utf8(reasons, form):
    assert reasons(b"\xff\xfe", form) == ["the config file FILE is not UTF-8"]


@pytest.mark.parametrize("content", [b"[]", b"1", b'"port"', b"null"])
def test_json_must_be_an_object(reasons, content):
    assert reasons(content, "json") == [
        'the config file FILE must be one object: {"port": 8888}']


@pytest.mark.parametrize("content, form", [
    (b'{"low": 1, "low": 2}', "json"),
    pytest.param(b'low_est = 1\n"low-est" = 2\n', "toml", marks=needs_toml)])
def test_an_option_that_is_there_twice(reasons, content, form):
    """Also as two spellings of one name."""
    found = reasons(content.replace(b"low_est", b"password_file").replace(
        b"low-est", b"password-file"), form)
    assert [each for each in found if each.endswith(" is there twice")]


def test_without_a_package_for_toml_the_error_says_what_to_do(reasons, monkeypatch):
    monkeypatch.setattr(data_file, "TOML_MODULES", ("no_such_module_for_toml",))
    (reason,) = reasons(b"port = 1\n", "toml")
    assert reason == (
        "cannot read FILE: TOML needs Python 3.11, or a package: pip install "
        "'waterspout-cmdb[toml]'. A config file in JSON or in Python needs none")
