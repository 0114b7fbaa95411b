"""Reading WWW-Authenticate, and answering a Digest challenge."""

from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.auth.digest import find_challenge
from waterspout.auth.www_authenticate import parse_challenges

#: RFC 7616 section 3.9.1.
RFC_NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
RFC_OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
RFC_CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    "fields, expected",
    [
        ([], []),
        ([""], []),
        (["Negotiate"], [("negotiate", {})]),
        (["Negotiate YWJj=="], [("negotiate", {})]),
        (['Basic realm="a"'], [("basic", {"realm": "a"})]),
        (['Basic realm="a, b=c"'], [("basic", {"realm": "a, b=c"})]),
        (['Basic realm="say \\"hi\\" \\\\"'], [("basic", {"realm": 'say "hi" \\'})]),
        (['basic REALM = "a" , charset=UTF-8'], [("basic", {"realm": "a", "charset": "UTF-8"})]),
        (['Digest realm="a",nonce=x==,stale=,qop="auth,auth-int"'],
         [("digest", {"realm": "a", "nonce": "x==", "stale": "", "qop": "auth,auth-int"})]),
        (['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"'],
         [("newauth", {"realm": "apps", "type": "1", "title": 'Login to "apps"'}),
          ("basic", {"realm": "simple"})]),
        (["NTLM, Negotiate abc=, Digest a=1"],
         [("ntlm", {}), ("negotiate", {}), ("digest", {"a": "1"})]),
        (['Digest a="1"', 'Basic realm="b"'], [("digest", {"a": "1"}), ("basic", {"realm": "b"})]),
        (['Digest a=1, a=2'], [("digest", {"a": "1"})]),
        (['Digest a="unfinished'], [("digest", {}), ("a", {})]),
        (['=1, Digest a=1'], []),
    ],
)
def test_www_authenticate_fields_are_parsed(fields, expected):
    """Several challenges in one field or in several, lists within quotes, odd spacing."""
    assert parse_challenges(fields) == expected


@given(field=st.text(alphabet=u'ab=", \\\t', max_size=60))
def test_any_www_authenticate_field_is_parsed_without_error(field):
    """Whatever a server sends, reading it neither fails nor hangs."""
    for scheme, params in parse_challenges([str(field)]):
        assert scheme and all(params)


def challenge(**params):
    fields = dict({"realm": "r", "nonce": "n"}, **params)
    pairs = ", ".join('%s="%s"' % (name, fields[name]) for name in sorted(fields) if fields[name])
    return find_challenge(["Digest " + pairs])


@pytest.mark.parametrize(
    "algorithm, expected",
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_rfc_7616_is_answered_to_the_letter(algorithm, expected):
    """RFC 7616 section 3.9.1, to the last digit."""
    found = challenge(realm="http-auth@example.org", nonce=RFC_NONCE, opaque=RFC_OPAQUE,
                      qop="auth, auth-int", algorithm=algorithm)
    found._client_nonce = RFC_CLIENT_NONCE
    assert found.answer("Mufasa", "Circle of Life", "GET", "/dir/index.html") == (
        'Digest username="Mufasa", realm="http-auth@example.org", nonce="%s", '
        'uri="/dir/index.html", response="%s", opaque="%s", algorithm=%s, qop=auth, nc=00000001, '
        'cnonce="%s"' % (RFC_NONCE, expected, RFC_OPAQUE, algorithm, RFC_CLIENT_NONCE)
    )


@pytest.mark.parametrize(
    "params",
    [
        {"algorithm": "MD6"}, {"algorithm": "-sess"}, {"qop": "auth-int"}, {"qop": "author"},
        {"realm": None}, {"nonce": None},
    ],
)
def test_a_challenge_that_cannot_be_answered_is_skipped(params):
    """An unknown algorithm, a hash over the body, or no challenge at all."""
    assert challenge(**params) is None


def test_the_first_challenge_that_can_be_answered_is_chosen():
    """RFC 7616 section 3.7: the server's order is its preference."""
    found = find_challenge([
        'Basic realm="b"',
        'Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth"',
        'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"',
        'Digest realm="r", nonce="n", algorithm=MD5, qop="auth"',
    ])
    assert "algorithm=SHA-256," in found.answer("u", "p", "GET", "/")


def test_the_nonce_count_goes_up_with_each_answer():
    """Each answer to one challenge is another (RFC 7616 section 3.4, nc)."""
    found = challenge(qop="auth")
    answers = [found.answer("u", "p", "GET", "/") for _ in range(3)]
    assert [answer.partition("nc=")[2][:8] for answer in answers] == [
        "00000001", "00000002", "00000003"]


def test_quotes_in_names_are_escaped():
    """A user name or realm cannot end its string and begin another field."""
    answer = challenge(realm='a\\"b').answer('me", uri="/other', "p", "GET", "/")
    assert 'username="me\\", uri=\\"/other", realm="a\\"b", ' in answer


def test_an_empty_qop_counts_as_missing():
    """As old servers say it, in the words of RFC 2069."""
    for qop in (None, "", " , "):
        assert "cnonce" not in find_challenge(
            ['Digest realm="r", nonce="n"' + ("" if qop is None else ', qop="%s"' % qop)]
        ).answer("u", "p", "GET", "/")


def test_without_qop_a_session_key_needs_the_clients_nonce():
    """Otherwise the server could not compute the key."""
    assert "cnonce" in challenge(algorithm="MD5-sess").answer("u", "p", "GET", "/")
