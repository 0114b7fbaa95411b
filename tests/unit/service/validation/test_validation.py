"""Validators of any kind: what they may return, raise and yield."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service import BodyError, InvalidBody, InvalidInput, Refusal
from waterspout.service._validation import validation
from waterspout.service._validation.json_pointer import as_fragment, json_pointer
from waterspout.service._validation.validation import MAX_ERRORS, Validation


def errors(validator, value=None):
    with pytest.raises(InvalidBody) as caught:
        Validation(validator, value).run()
    assert caught.value.status_code == 400
    return caught.value.errors


@pytest.mark.parametrize("nothing", [None, [], (), iter([]), iter([None, None])])
def test_validator_that_finds_nothing_accepts(nothing):
    Validation(lambda value: nothing, 1).run()


@pytest.mark.parametrize("returned, expected", [
    ("too late", [BodyError("", "too late")]),
    (u"\u4e2d", [BodyError("", u"\u4e2d")]),
    (["a", ("/b", "c"), BodyError("/d", "e")],
     [BodyError("", "a"), BodyError("/b", "c"), BodyError("/d", "e")]),
    (iter([None, "a", None]), [BodyError("", "a")]),
    (BodyError("/a", "b"), [BodyError("/a", "b")]),
])
def test_validator_may_return_errors_in_several_ways(returned, expected):
    assert errors(lambda value: returned) == expected


def test_refusal_of_a_validator_is_the_answer():
    def validator(value):
        raise InvalidInput("no rows")

    with pytest.raises(InvalidInput, match="no rows"):
        Validation(validator, 1).run()

    def later(value):
        yield None
        raise Refusal(422, "no rows")

    with pytest.raises(Refusal) as caught:
        Validation(later, 1).run()
    assert caught.value.status_code == 422


@pytest.mark.parametrize("wrong", [True, 5, [5], [("a", "b", "c")], [("/a", None)]])
def test_validator_that_returns_something_else_is_a_bug(wrong):
    """Which is answered with 500, and does not let the body in."""
    with pytest.raises(TypeError):
        Validation(lambda value: wrong, 1).run()


def test_errors_are_bounded():
    """And no more are looked for."""
    asked = []

    def validator(value):
        for number in range(1000):
            asked.append(number)
            yield "error %d" % number

    assert len(errors(validator)) == MAX_ERRORS == len(asked)


def test_bug_of_a_validator_is_raised_when_the_body_is_read():
    """And not within the steps, whose errors would end the request in another way."""
    def validator(value):
        yield None
        raise ValueError("a bug")

    run = Validation(validator, 1)
    list(run.steps())
    with pytest.raises(ValueError, match="a bug"):
        run.result()


def test_pauses_end_a_step_when_it_has_taken_its_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(validation, "monotonic", lambda: now[0])
    monkeypatch.setattr(validation, "STEP_SECONDS", 1.0)

    def validator(value):
        for _ in range(10):
            now[0] += 0.5
            yield None

    assert len(list(Validation(validator, 1).steps())) == 5


@pytest.mark.parametrize("path, pointer, fragment", [
    ([], u"", "#"),
    (["datas", 3, "name"], u"/datas/3/name", "#/datas/3/name"),
    (["", "a/b", "m~n", "c%d"], u"//a~1b/m~0n/c%d", "#//a~1b/m~0n/c%25d"),
    ([u"\u4e2d\"", " "], u"/\u4e2d\"/ ", "#/%E4%B8%AD%22/%20"),
])
def test_pointers_are_those_of_the_rfc(path, pointer, fragment):
    """RFC 6901 sections 3 and 6."""
    assert json_pointer(path) == pointer
    assert as_fragment(pointer) == fragment
