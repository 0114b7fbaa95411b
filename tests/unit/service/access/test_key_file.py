"""The file of keys: mistakes in it are found when it is read, and named."""

from __future__ import absolute_import, division, print_function

import json
import logging
import os
import time

import pytest

from waterspout.service import APIKeys, ConfigurationError, make_api_key

NEW = make_api_key()
GOOD = {"name": "billing", "id": NEW.id, "sha256": NEW.sha256, "allow": ["search"]}
NAMES = {"search": ["POST /search"]}


@pytest.fixture
def write(tmpdir):
    def write(content, mode=0o600):
        path = str(tmpdir.join("keys.json"))
        if not isinstance(content, bytes):
            content = json.dumps(content).encode("utf-8")
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    return write


def complaint(path):
    with pytest.raises(ConfigurationError) as caught:
        APIKeys.read(path, NAMES)
    text = str(caught.value)
    assert text.encode("utf-8") if str is not bytes else text.decode("utf-8")  # To be written.
    assert text.startswith("the file of API keys, %s" % path) and "\n" not in text
    return text[len("the file of API keys, %s" % path):]


def test_a_valid_file_is_read_without_a_word(write, caplog):
    """Every field there is, with names of permissions."""
    far = dict(GOOD, id="0" * 12, orgs=[1, "2"], users=["ann"], expires="2999-12-31",
               note=u"\u4e2d")
    certificate = {"name": "crm", "certificate": "DNS:crm.example", "allow": ["*"]}
    keys = APIKeys.read(write({"keys": [GOOD, far, certificate]}), NAMES)
    assert len(keys) == 3 and keys.find(NEW.key).name == "billing"
    assert keys.find(NEW.key).allows("POST", "/search")
    assert not keys.find(NEW.key).allows("POST", "/import")
    assert keys.find_certificate(["DNS:crm.example"]).name == "crm"
    assert caplog.records == []


def test_a_changed_file_is_read_again(write):
    """A reload makes a new APIKeys: the old one does not change."""
    other = make_api_key()
    old = APIKeys.read(write({"keys": [GOOD]}), NAMES)
    new = APIKeys.read(write({"keys": [dict(GOOD, id=other.id, sha256=other.sha256)]}), NAMES)
    assert old.find(NEW.key) and not old.find(other.key)
    assert new.find(other.key) and not new.find(NEW.key)


def test_a_missing_file_is_named(tmpdir):
    path = str(tmpdir.join("none.json"))
    assert complaint(path) == ", cannot be read: No such file or directory"


@pytest.mark.parametrize("content, why", [
    (b"", ": "),
    (b"{", ": it is not JSON: "),
    (b"{", "line 1 column "),
    (b'{"keys": [\n{"name": "a"\n"id": "b"}]}', "line 3 column 1"),
    (b'{"keys": [{"name": "a", "name": "b"}]}', ": an object has 'name' twice"),
    (b'{"keys": [], "\xe4\xb8\xad": 1, "\xe4\xb8\xad": 2}', ": an object has "),
    (b'{"keys": [], "\\ud800": 1, "\\ud800": 2}', ": an object has "),
    (b'{"keys": [{"a": "\xff"}]}', ": it is not UTF-8 (byte 17)"),
    (b"[" * 100000, ": it has too many levels"),
    (b"[]", ': it must be an object with one field, "keys", which is a list'),
    (b'{"keys": {}}', ': it must be an object with one field, "keys", which is a list'),
    (b'{"keys": [], "x": 1}', ': it must be an object with one field, "keys", which is a list'),
    (b"x" * 5000000, ", is longer than 4194304 bytes"),
])
def test_what_is_no_list_of_keys_is_refused(content, why, write):
    """With the line where JSON ends to be JSON."""
    assert why in complaint(write(content))


@pytest.mark.parametrize("change, why", [
    ({"name": None}, '"name" is missing'),
    ({"name": ""}, '"name" must be 1 to 100 printable characters'),
    ({"name": u"\u4e2d"}, '"name" must be 1 to 100 printable characters'),
    ({"name": "a\nb"}, '"name" must be 1 to 100 printable characters'),
    ({"name": 5}, '"name" must be 1 to 100 printable characters'),
    ({"id": None}, '"id" is missing'),
    ({"id": "1d5e"}, '"id" must be 12 hexadecimal digits'),
    ({"sha256": None}, '"sha256" is missing'),
    ({"sha256": NEW.key}, '"sha256" must be 64 hexadecimal digits'),
    ({"sha256": "hunter2"}, '"sha256" must be 64 hexadecimal digits'),
    ({"key": "hunter2"}, "'key' is not a field; the fields are name, id, sha256"),
    ({"allow": None}, '"allow" is missing: write ["*"] to permit everything'),
    ({"allow": "*"}, "\"allow\" must be a list, not '*'"),
    ({"allow": ["serach"]}, "'serach' is not a permission: write \"search\", methods and"),
    ({"orgs": 5}, '"orgs" must be a list, not 5'),
    ({"orgs": [True]}, '"orgs" has True'),
    ({"orgs": [1.5]}, '"orgs" has 1.5'),
    ({"orgs": ["a b"]}, "\"orgs\" has 'a b'"),
    ({"orgs": ["*", 5]}, '"orgs" has "*", which means all, and others'),
    ({"users": ["a,b"]}, "\"users\" has 'a,b'"),
    ({"users": ["a\r\nX: y"]}, '"users" has '),
    ({"expires": "tomorrow"}, '"expires" must be a date such as 2027-12-31'),
    ({"expires": 2027}, '"expires" must be a date such as 2027-12-31'),
    ({"expires": "2027-1-1"}, '"expires" must be a date such as 2027-12-31'),
    ({"expires": "2027-02-30"}, "\"expires\" is '2027-02-30', and there is no such date"),
    ({"note": 5}, '"note" must be text, not 5'),
    ({"certificate": "CN=x"}, 'it has "certificate" and a key; make two entries of it'),
    ({"certificate": "x", "id": None, "sha256": None}, '"certificate" must be CN=name'),
])
def test_entries_that_are_not_valid_are_named(change, why, write):
    """With number and name, so that an operator finds them; never with what may be a key."""
    fields = dict((k, v) for k, v in dict(GOOD, **change).items() if v is not None)
    text = complaint(write({"keys": [dict(GOOD, id="0" * 12), fields]}))
    assert ": entry 2" in text and why in text
    if change.get("name", "billing") == "billing":
        assert "entry 2 ('billing'): " in text
    assert NEW.key not in text and "hunter2" not in text and NEW.sha256 not in text


@pytest.mark.parametrize("change", [
    {"name": NEW.key, "id": "1d5e"}, {NEW.key: "x"}, {"allow": [NEW.key]}, {"allow": NEW.key},
    {"orgs": NEW.key}, {"users": ["a b " + NEW.key]}, {"expires": NEW.key}, {"note": [NEW.key]},
    {"allow": [NEW.key.upper()]}, {"allow": [NEW.key[:-1]]}, {"allow": [NEW.key[17:]]},
])
def test_a_key_in_the_wrong_place_is_not_quoted(change, write):
    """The error goes to the log. Not with a part of the key either."""
    text = complaint(write({"keys": [dict(GOOD, **change)]}))
    assert NEW.key[17:-10].lower() not in text.lower()


@pytest.mark.parametrize("value", [5, None, [], "billing"])
def test_entries_that_are_no_objects_are_refused(value, write):
    assert ": entry 1: it must be an object" in complaint(write({"keys": [value]}))


@pytest.mark.parametrize("fields", [GOOD, {"name": "a", "certificate": "CN=x", "allow": []}])
def test_a_repeated_id_is_refused(fields, write):
    """The second entry would have no effect."""
    assert ": entry 2 (" in complaint(write({"keys": [fields, dict(fields, name="other")]}))


@pytest.mark.parametrize("mode, warned", [(0o644, True), (0o640, False), (0o600, False)])
def test_a_file_that_everyone_may_read_is_reported(mode, warned, write, caplog):
    path = write({"keys": [GOOD]}, mode)
    APIKeys.read(path, NAMES)
    assert ("Every user of this machine may read the file of API keys, %s" % path
            in caplog.text) is warned


def test_warnings_may_be_reported_elsewhere(write, caplog):
    """As text, for a program that shows them in another way."""
    found = []
    APIKeys.read(write({"keys": [dict(GOOD, expires="2026-01-01")]}, 0o644), NAMES, found.append)
    assert len(found) == 2 and "Every user" in found[0] and "expired" in found[1]
    assert caplog.records == []


def test_a_file_without_keys_lets_nobody_in_and_says_so(write, caplog):
    keys = APIKeys.read(write({"keys": []}))
    assert keys.find(NEW.key) is None
    assert "The file of API keys, " in caplog.text
    assert "has no key: every request is refused" in caplog.text


@pytest.mark.parametrize("days, text", [(-2, " expired on "), (3, " expires on "), (16, None)])
def test_keys_near_their_end_are_reported(days, text, write, caplog):
    """With name and id, to whom and to what a new key must go."""
    caplog.set_level(logging.INFO)
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400))
    APIKeys.read(write({"keys": [dict(GOOD, expires=day)]}), NAMES)
    messages = [record.getMessage() for record in caplog.records]
    if text is None:
        assert messages == []
    else:
        assert len(messages) == 1
        assert text in messages[0] and "%s of billing" % NEW.id in messages[0]
