"""Challenges (RFC 9110 section 11): each response is answered at most once."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from stepped_flow import SteppedCall

from waterspout.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from waterspout.cookies import RequestsCookieJar
from waterspout.exceptions import InvalidHeader, TooManyRedirects, UnrewindableBodyError

CHALLENGE = 'Digest realm="r", nonce="%s", qop="auth"'


def challenge(call, nonce="one", status=401, **fields):
    """Answer the request of ``call`` with a Digest challenge."""
    return call.answer(status, WWW_Authenticate=CHALLENGE % nonce, **fields)


def digest_call(method="GET", url="http://a.example/", **arguments):
    return SteppedCall(method, url, auth=HTTPDigestAuth("me", "secret"), **arguments)


def test_a_challenge_is_answered_with_a_signed_copy():
    """The same request once more, with an Authorization for that nonce."""
    call = digest_call("POST", data=b"body", headers={"X-A": "b"})
    signed = challenge(call)
    assert 'nonce="one"' in signed.headers["Authorization"]
    assert (signed.method, signed.url, signed.body) == ("POST", "http://a.example/", b"body")
    assert signed.headers["X-A"] == "b" and "Authorization" not in call.sent[0].headers


def test_the_challenge_is_in_the_history_of_what_follows():
    """As in requests; its connection is let go of."""
    call = digest_call()
    challenge(call)
    call.answer(200)
    assert call.result.history == [call.answers[0]] and call.open_answers == [200]


def test_a_wrong_password_is_tried_once():
    """The second 401 is the result."""
    call = digest_call()
    challenge(call, "one")
    assert challenge(call, "two") is None
    assert call.result is call.answers[1] and len(call.sent) == 2


@pytest.mark.parametrize("fields", [
    {}, {"WWW_Authenticate": 'Basic realm="r"'},
    {"WWW_Authenticate": 'Digest realm="r", nonce="n", algorithm=unknown'},
])
def test_a_challenge_that_digest_cannot_answer_is_the_result(fields):
    """No challenge, another scheme, an unknown algorithm."""
    call = digest_call()
    assert call.answer(401, **fields) is None and call.result is call.answers[0]


def test_a_challenge_is_left_alone_by_auth_that_answers_none():
    """Basic sends all it has with the first request."""
    call = SteppedCall("GET", "http://a.example/", auth=HTTPBasicAuth("me", "secret"))
    assert challenge(call) is None and call.result is call.answers[0]


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_challenge_counts_with_a_status_of_4xx_alone(status):
    """requests' condition."""
    call = digest_call()
    assert challenge(call, status=status) is None and call.result is call.answers[0]


def test_a_redirect_on_the_same_origin_is_signed_for_its_own_target():
    """With the nonce that is known."""
    call = digest_call()
    challenge(call)
    following = call.answer(302, Location="/other?x")
    assert 'uri="/other?x"' in following.headers["Authorization"]
    assert "nc=00000002" in following.headers["Authorization"]
    call.answer(200)
    assert [each.status_code for each in call.result.history] == [401, 302]


def test_the_request_after_a_redirect_may_be_challenged_again():
    """Another part of the site may want another nonce."""
    call = digest_call()
    challenge(call, "one")
    call.answer(302, Location="/other")
    assert 'nonce="two"' in challenge(call, "two").headers["Authorization"]
    assert challenge(call, "three") is None and call.result is call.answers[-1]


def test_another_origin_gets_no_answer_to_its_challenge():
    """The user name and the proof of the password were for the first one."""
    call = digest_call()
    challenge(call)
    assert "Authorization" not in call.answer(302, Location="http://b.example/").headers
    assert challenge(call, "other") is None and call.result.status_code == 401


def test_a_challenge_does_not_count_as_a_redirect():
    """One redirect may be followed, whatever was challenged before."""
    call = digest_call(how={"max_redirects": 1})
    challenge(call, "one")
    call.answer(302, Location="/other")
    challenge(call, "two")
    with pytest.raises(TooManyRedirects):
        call.answer(302, Location="/third")


def test_a_challenge_is_answered_where_redirects_are_not_followed():
    """The redirect after it is the result."""
    call = digest_call(how={"allow_redirects": False})
    assert challenge(call) is not None
    assert call.answer(302, Location="/other") is None
    assert call.result is call.answers[1]


def test_a_file_is_sent_again_from_its_start():
    """As in a redirect."""
    call = digest_call("POST", data=io.BytesIO(b"body"))
    assert b"".join(call.request.body.pieces()) == b"body"
    assert b"".join(challenge(call).body.pieces()) == b"body"


def test_an_iterator_cannot_be_sent_again():
    """The error has the request and the challenge, whose connection is let go of."""
    call = digest_call("POST", data=iter([b"body"]))
    with pytest.raises(UnrewindableBodyError) as caught:
        challenge(call)
    assert (caught.value.request, caught.value.response) == (call.sent[0], call.answers[0])
    assert caught.value.phase == "read" and call.open_answers == []


def test_a_cookie_of_the_challenge_is_sent_with_the_answer():
    """The jar of the session has it, too."""
    jar = RequestsCookieJar()
    call = digest_call(how={"cookies": jar})
    assert challenge(call, Set_Cookie="a=1").headers["Cookie"] == "a=1"
    assert dict(jar) == {"a": "1"}


def test_a_cookie_header_that_was_given_stays_as_it_is():
    """As in requests, it is not merged with what the challenge sets."""
    call = digest_call(headers={"Cookie": "mine=1"})
    assert challenge(call, Set_Cookie="a=1").headers["Cookie"] == "mine=1"


class Answering(AuthBase):
    """Answers every response with a header of this value."""

    def __init__(self, value):
        self.value = value

    def __call__(self, request):
        request.responder = self
        return request

    def respond(self, request, response):
        answer = request.copy()
        answer.headers["X-Token"] = self.value
        return answer


def test_an_answer_is_checked_before_it_is_sent():
    """A header that HTTP forbids fails the call, and the response is closed."""
    call = SteppedCall("GET", "http://a.example/", auth=Answering("a\r\nb"))
    with pytest.raises(InvalidHeader) as caught:
        call.answer(200)
    assert (caught.value.request, caught.value.response) == (call.sent[0], call.answers[0])
    assert call.open_answers == []


def test_what_answers_may_answer_any_response_once():
    """What it sets is a credential, which stays on its origin."""
    call = SteppedCall("GET", "http://a.example/", auth=Answering("secret"))
    assert call.answer(200).headers["X-Token"] == "secret"
    assert "X-Token" not in call.answer(302, Location="http://b.example/").headers
    call.answer(200)
    assert [each.status_code for each in call.result.history] == [200, 302]
