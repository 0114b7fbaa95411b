"""``python -m waterspout_cmdb keys`` prints a key once, and an entry that the gateway accepts."""

from __future__ import absolute_import, division, print_function

import json
import re

import pytest

from waterspout import service
from waterspout_cmdb import __main__ as program
from waterspout_cmdb.gateway.permissions import PERMISSIONS


def test_the_printed_entry_accepts_the_printed_key(capsys):
    assert program.main([
        "keys", "--name=billing", "--allow=search,import", "--orgs=1,2", "--users=ann",
        "--expires=2999-12-31", "--note", "for Li Wei"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    (key,) = re.findall("wsk_[0-9a-f_]+", out)
    entry = json.loads(out.strip().split("\n")[-1])
    assert list(sorted(entry)) == [
        "allow", "expires", "id", "name", "note", "orgs", "sha256", "users"]
    principal = service.APIKeys([entry], PERMISSIONS).find(key)
    assert (principal.name, principal.orgs, principal.users) == ("billing", ("1", "2"), ("ann",))
    assert principal.allows("POST", "/cmdb/import/HOST")
    assert key.split("_")[2] not in out.replace(key, "")


def test_what_is_not_given_is_not_in_the_entry(capsys):
    assert program.main(["keys", "--name=a", "--allow=*"]) == 0
    entry = json.loads(capsys.readouterr()[0].strip().split("\n")[-1])
    assert sorted(entry) == ["allow", "id", "name", "sha256"] and entry["allow"] == ["*"]


@pytest.mark.parametrize("arguments, complaint", [
    ([], "--name is missing"),
    (["--name=a"], "--allow is missing"),
    (["--name=a", "--allow=serach"], "'serach' is not a permission"),
    (["--name=a", "--allow=*", "--expires=soon"], '"expires" must be a date'),
    (["--name=a", "--allow=*", "--expires=2020-01-01"], "--expires is in the past: 2020-01-01"),
    (["--name=a", "--allow=*", "--orgs=a b"], '"orgs" has'),
    (["--nmae=a"], "there is no option --nmae; --help lists them"),
])
def test_mistakes_are_one_line_and_make_no_key(arguments, complaint, capsys):
    assert program.main(["keys"] + arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and complaint in err and "wsk_" not in err and err.count("\n") == 1


def test_help_lists_the_options(capsys):
    assert program.main(["keys", "--help"]) == 0
    out = capsys.readouterr()[0]
    for word in ("--name=NAME", "--allow=PERMISSIONS", "import, search", "--expires=DATE"):
        assert word in out
