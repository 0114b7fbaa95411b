"""API keys: which ones are accepted, until when, and what nobody may see of them."""

from __future__ import absolute_import, division, print_function

import hashlib
import re

import pytest

from waterspout.service import APIKeys, make_api_key

DAY = 86400.0
NOW = 1798761600.0  # 2027-01-01 00:00:00 UTC


def entry(new, **fields):
    return dict({"name": "billing", "id": new.id, "sha256": new.sha256, "allow": ["*"]}, **fields)


def keys_of(*entries, **kwargs):
    return APIKeys(entries, clock=lambda: kwargs.get("now", NOW))


def test_made_keys_are_random_and_have_a_prefix_for_scanners():
    """Of a form that no other text has by chance."""
    made = [make_api_key() for _ in range(100)]
    assert len(set(new.key for new in made)) == len(set(new.id for new in made)) == 100
    for new in made:
        assert re.match("wsk_[0-9a-f]{12}_[0-9a-f]{64}$", new.key)
        assert new.key.split("_")[1] == new.id
        assert new.sha256 == hashlib.sha256(new.key.encode("ascii")).hexdigest()


def test_a_key_is_found_with_what_it_permits():
    first, second = make_api_key(), make_api_key()
    keys = keys_of(entry(first, orgs=[4711, "5"], users=["ann"]), entry(second, name="ops"))
    principal = keys.find(first.key)
    assert (principal.name, principal.key_id) == ("billing", first.id)
    assert (principal.orgs, principal.users) == (("4711", "5"), ("ann",))
    assert principal.allows_org("4711") and not principal.allows_org("47")
    assert principal.allows_user("ann") and not principal.allows_user("*")
    other = keys.find(second.key)
    assert (other.name, other.orgs, other.users) == ("ops", (), ())
    assert not other.allows_org("4711") and not other.allows_user("ann")
    assert len(keys) == 2


def test_a_star_means_every_org_and_user():
    new = make_api_key()
    principal = keys_of(entry(new, orgs=["*"], users=["*"])).find(new.key)
    assert principal.allows_org("1") and principal.allows_user("anybody")


def test_keys_that_are_wrong_in_any_way_are_not_found():
    """Also the hash itself, which a thief of the file would have."""
    new, other = make_api_key(), make_api_key()
    keys = keys_of(entry(new))
    secret = new.key.rsplit("_", 1)[1]
    for wrong in [
        other.key, new.key[:-1] + ("0" if new.key[-1] != "0" else "1"), new.key + "0",
        new.key[:-1], new.key.upper(), " " + new.key, new.key + "\n", "", new.id, secret,
        new.sha256, "wsk_%s_%s" % (new.id, new.sha256), "wsk_%s_%s" % (other.id, secret),
        "wsk_%s_" % new.id, new.key + "," + new.key, u"wsk_\xe9", "0" * 64, "x" * 100000,
    ]:
        assert keys.find(wrong) is None, wrong
    assert keys.find(new.key) is not None


def test_an_unknown_id_is_compared_as_a_wrong_key_is(monkeypatch):
    """So the time says nothing about which ids there are."""
    compared = []

    def compare_digest(expected, found):
        compared.append((len(expected), len(found)))
        return expected == found

    monkeypatch.setattr("hmac.compare_digest", compare_digest)
    new, unknown = make_api_key(), make_api_key()
    wrong = new.key[:-64] + unknown.key[-64:]
    expired = make_api_key()
    keys = keys_of(entry(new), entry(expired, expires="2026-01-01"))
    for key in (wrong, unknown.key, expired.key):
        assert keys.find(key) is None
    assert compared == [(64, 64)] * 3


@pytest.mark.parametrize("expires, valid_until", [
    ("2026-12-31", NOW), ("2027-01-01", NOW + DAY), ("2027-01-01T12:30:00Z", NOW + 12.5 * 3600)])
def test_a_key_ends_with_its_last_day_in_utc(expires, valid_until):
    new = make_api_key()
    for now, found in ((valid_until - 1, True), (valid_until, False), (valid_until + 1, False)):
        assert (keys_of(entry(new, expires=expires), now=now).find(new.key) is not None) is found


def test_certificates_are_found_by_the_first_name_that_has_an_entry():
    keys = keys_of(
        {"name": "crm", "certificate": "DNS:crm.example", "allow": ["GET /"]},
        {"name": "old", "certificate": "CN=old", "allow": ["*"], "expires": "2026-12-01"},
        {"name": "any", "certificate": "CN=any", "allow": ["*"]})
    assert keys.has_certificates and not keys_of(entry(make_api_key())).has_certificates
    principal = keys.find_certificate(["URI:x", "DNS:crm.example", "CN=any"])
    assert (principal.name, principal.key_id) == ("crm", None)
    assert keys.find_certificate(["CN=crm.example"]) is None
    assert keys.find_certificate(["CN=old"]) is None
    assert keys.find_certificate([]) is None


def test_no_secret_is_in_any_repr():
    """Nor the hash, which belongs into the file alone."""
    new = make_api_key()
    keys = keys_of(entry(new))
    for value in (new, keys, keys.find(new.key)):
        assert new.key[-64:] not in repr(value) and new.sha256 not in repr(value)
        assert "<" in repr(value)
