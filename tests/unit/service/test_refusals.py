"""What Refusal accepts: a mistake is noticed where it is made, not when it is answered."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service import InvalidInput, Refusal


@pytest.mark.parametrize("status_code", [400, 404, 499, 500, 503, 599])
def test_client_and_server_errors_are_accepted(status_code):
    """Registered or not."""
    refusal = Refusal(status_code, "no", {"Retry-After": "5"})
    assert (refusal.status_code, refusal.why) == (status_code, "no")
    assert refusal.headers == {"Retry-After": "5"}


@pytest.mark.parametrize("status_code", [-1, 0, 99, 200, 302, 399, 600, 999])
def test_a_status_that_is_no_error_is_refused(status_code):
    """RFC 9110 section 15: 4xx and 5xx are errors."""
    with pytest.raises(ValueError) as caught:
        Refusal(status_code, "no")
    assert str(caught.value) == "status_code must be from 400 to 599, not %d" % status_code


@pytest.mark.parametrize("status_code", ["400", 400.0, None, True])
def test_a_status_that_is_not_an_int_is_refused(status_code):
    """With the argument's name."""
    with pytest.raises(TypeError) as caught:
        Refusal(status_code, "no")
    assert str(caught.value) == "status_code must be an int, not %r" % (status_code,)


def test_exchanged_arguments_are_refused():
    """The error says the order."""
    with pytest.raises(TypeError) as caught:
        Refusal("no", 400)
    assert str(caught.value) == "the order is Refusal(status_code, why), not Refusal('no', 400)"


@pytest.mark.parametrize("why", [None, 400, b"no" if str is not bytes else 1.5, ValueError("no")])
def test_a_reason_that_is_not_text_is_refused(why):
    """An exception is not sent by mistake."""
    for make in (lambda: Refusal(400, why), lambda: InvalidInput(why)):
        with pytest.raises(TypeError) as caught:
            make()
        assert str(caught.value) == "why must be a str, not %r" % (why,)


def test_text_is_accepted_on_python_2():
    """``u"no"`` is a ``unicode`` there."""
    assert Refusal(400, u"no").why == "no"
