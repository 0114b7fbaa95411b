"""The options of import: all mistakes at once, before anything starts."""

from __future__ import absolute_import, division, print_function

import sys

import pytest

from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.commands.options import connecting, mapping, reading
from waterspout_cmdb.commands.options.importing import TABLE, complaints, import_options
from waterspout_cmdb.commands.targets import describe_target

NEEDED = ["--object=HOST", "--key=name"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "hosts.csv"
    path.write_bytes(b"name\nweb-1\n")
    return str(path)


def read(arguments, environment=None):
    return TABLE.read(list(arguments), environment or {}, complaints)


def reasons(*arguments, **keywords):
    with pytest.raises(BadOption) as caught:
        read(arguments, **keywords)
    return caught.value.reasons


def test_what_is_needed_is_enough(file):
    options = read([file] + NEEDED)
    assert (options.file, options.object, options.key) == (file, "HOST", ["name"])
    assert connecting.called_urls(options) == ["http://127.0.0.1:8888"]


def test_all_mistakes_are_told_at_once(tmp_path):
    missing = str(tmp_path / "hosts.csv")
    found = reasons(
        missing, "--format=json", "--delimiter=;", "--map-file", missing, "--ca=" + missing,
        "--upstream=cmdb:1", "--gateway=http://a", "--batch-rows=0", "--resume", "--restart")
    assert found[0] == "--batch-rows must be a number from 1 to 100000, not 0"
    for words in (
        "there is no file " + missing,
        "--object=MODEL is missing",
        "--key=ATTRIBUTES is missing",
        "--delimiter: json has none",
        "--map-file: cannot read the mapping file " + missing,
        "gateway and upstream are both given",
        "--ca: it is for https://",
    ):
        assert any(words in each for each in found), (words, found)


def test_resume_and_restart_do_not_go_together(file):
    (found,) = reasons(file, "--resume", "--restart", *NEEDED)
    assert "resume" in found and "restart" in found


@pytest.mark.parametrize("name, words", [
    ("", "the name of the file is empty"), (".", ". is a folder"), ("no.csv", "there is no file")])
def test_file_that_cannot_be_read(name, words):
    (found,) = reasons(name, *NEEDED)
    assert words in found


@pytest.mark.parametrize("name", ["-", "https://example.test/hosts.csv"])
def test_standard_input_and_urls_are_read_later(name):
    assert read([name] + NEEDED).file == name


@pytest.mark.parametrize("flag, words", [
    ("--header-row=0", "a row from 1"), ("--delimiter=ab", "one character, or tab"),
    ("--encoding=klingon", "the name of an encoding"), ("--map=name", "COLUMN=ATTRIBUTE"),
    ("--map==name", "COLUMN=ATTRIBUTE"), ("--peer-key=hosts", "SIDE=ATTRIBUTE"),
    ("--dates=iso", "must be one of dmy, mdy, not iso"),
    ("--utc-offset=CET", "must be an offset such as +08:00, or Z, not CET"),
    ("--empty=null", "one of keep, clear"),
    ("--org=a b", "without spaces"), ("--org=a,b", "commas"),
    ("--cluster=10.0.0.1", "the address of a scheduler"), ("--object=a/b", "the id of a model"),
    ("--gateway=ftp://a", "it must be a URL such as http://127.0.0.1:8888"),
    ("--api-key=secret", "use --api-key-file=FILE or WATERSPOUT_BULK_API_KEY"),
])
def test_value_that_cannot_be_used(file, flag, words):
    assert any(words in each for each in reasons(file, flag, *NEEDED))


def test_what_stands_nearer_to_the_user_is_called(file):
    """A gateway in the environment is for all commands; a flag is for this one."""
    environment = {"WATERSPOUT_BULK_GATEWAY": "http://gateway"}
    options = read([file, "--upstream=cmdb:1"] + NEEDED, environment)
    assert connecting.uses_upstream(options) and connecting.called_urls(options) == ["cmdb:1"]
    options = read([file, "--gateway=http://b"] + NEEDED, {"WATERSPOUT_BULK_UPSTREAM": "cmdb:1"})
    assert connecting.called_urls(options) == ["http://b"]


def test_key_is_for_a_gateway(file):
    (found,) = reasons(
        file, "--upstream=cmdb:1", *NEEDED, environment={"WATERSPOUT_BULK_API_KEY": "wsk_1"})
    assert found.startswith("WATERSPOUT_BULK_API_KEY: ") and "wsk_1" not in found


def test_columns_come_from_a_file_and_from_flags(file, tmp_path):
    """The flag wins; a column may have commas and = in its name."""
    path = tmp_path / "map.txt"
    path.write_bytes(
        b'\xef\xbb\xbfcolumn,attribute\n"Host, Name",name\n\na=b,cpu\nIP,ip\n')
    options = read([file, "--map-file", str(path), "--map=IP=address", "--ignore=x, y"] + NEEDED)
    keywords = mapping.rule_keywords(options)
    assert keywords["map"] == {u"Host, Name": u"name", u"a=b": u"cpu", u"IP": u"address"}
    assert keywords["ignore_columns"] == (u"x, y",)
    path.write_bytes(b'{"Host": "name"}')
    options = read([file, "--map-file", str(path)] + NEEDED)
    assert mapping.rule_keywords(options)["map"] == {u"Host": u"name"}


@pytest.mark.parametrize("content, words", [
    (b"Host\n", "line 1: write a column"), (b"\xff", "is not in UTF-8"),
    (b'{"a": ', "is not JSON"), (b'{"a": 1}', "must have the name of an attribute"),
    (b"a,b\na,c\n", "column a is said to be b and c"), (b'{"a": "b", "a": "c"}', "said to be"),
    (b'{"a":' * 100000, "is not JSON"),
])
def test_file_of_columns_that_cannot_be_used(file, tmp_path, content, words):
    path = tmp_path / "map.txt"
    path.write_bytes(content)
    found = reasons(file, "--map-file", str(path), *NEEDED)
    assert len(found) == 1 and words in found[0] and found[0].startswith("--map-file: ")


@pytest.mark.parametrize("arguments, offset", [
    (["--utc-offset=+0800"], u"+08:00"), (["--utc-offset", "-05:00"], u"-05:00"),
    (["--utc-offset=Z"], u"+00:00"), ([], None)])
def test_the_offset_of_the_times_in_the_cmdb(file, arguments, offset):
    options = read([file] + arguments + NEEDED)
    assert import_options(options).rules.utc_offset == offset


def test_what_is_said_about_the_file(file):
    options = read([file, "--delimiter=tab", "--header-row=3-4", "--encoding=GB18030"] + NEEDED)
    assert reading.read_keywords(options) == {
        "format": None, "encoding": "GB18030", "delimiter": "\t", "sheet": None,
        "header_row": "3-4"}
    options = read([file, "--header-row=3"] + NEEDED)
    assert reading.read_keywords(options)["header_row"] == 3


def test_a_dry_run_is_not_done_on_a_cluster(file):
    found = reasons(file, "--dry-run", "--cluster=tcp://10.0.0.1:8786", *NEEDED)
    assert "--dry-run: a dry run is not done on a cluster; leave out --cluster" in found


@pytest.mark.skipif(sys.version_info[0] == 3, reason="Dask has releases for Python 3")
def test_a_cluster_needs_python_3(file):
    (found,) = reasons(file, "--cluster=tcp://10.0.0.1:8786", *NEEDED)
    assert "Python 3" in found


def test_targets_get_what_the_options_say(file, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"wsk_secret\n")
    options = read([file, "--api-key-file", str(key), "--org=1", "--user=ann"] + NEEDED)
    assert describe_target(options) == (
        GatewayTarget, "http://127.0.0.1:8888",
        {"api_key": "wsk_secret", "org": "1", "user": "ann"})
    options = read([file, "--upstream=cmdb:1"] + NEEDED)
    assert describe_target(options) == (
        CMDBTarget, "cmdb:1", {"org": "777777", "user": "defaultUser"})
    options = read([file, "--upstream=a:1,b:2", "--upstream=c:3", "--org=acme"] + NEEDED)
    assert describe_target(options) == (
        CMDBTarget, ["a:1", "b:2", "c:3"], {"org": "acme", "user": "defaultUser"})


def test_several_addresses_of_a_cmdb_must_go_together(file):
    for second in ("http://b:1/other", "ftp://b"):
        assert any("upstream: it must be a URL" in each for each in reasons(
            file, "--upstream=http://a:1", "--upstream=" + second, *NEEDED))
