"""`waterspout._json_text.encoder`: the results and the errors of `json.dumps`."""

from __future__ import absolute_import, division, print_function

import collections
import json

import pytest

from waterspout._compat import monotonic
from waterspout._json_text import encoder as module
from waterspout._json_text.encoder import encoder

pytestmark = pytest.mark.parametrize("options", [
    {}, {"separators": (",", ":")}, {"ensure_ascii": False, "separators": (",", ":")},
], ids=["default", "compact", "unescaped"])


def dumps(value, options):
    return json.dumps(value, allow_nan=False, **options)


@pytest.mark.parametrize("value", [
    {}, [], (), u"", None, True, 0, -1, 2 ** 70, 0.1, 1e300, u"text", b"".decode("ascii"),
    u"\xe9\n\"\\/\x00\x7f\u2028\U0001f600", u"\ud800",
    {"a": {"b": [1, [2, (3, u"x")], {}]}},
    {2: "int", 2.5: "float", True: "bool", None: "none"},
    collections.OrderedDict([("z", 1), ("a", 2)]),
    [[]] * 50,
], ids=repr)
def test_the_text_is_that_of_json_dumps(value, options):
    encode = encoder(**options)
    assert encode(value) == dumps(value, options)
    assert type(encode(value)) is type(dumps(value, options))


def circular():
    value = {"a": []}
    value["a"].append(value)
    return value


def deep():
    value = []
    for _ in range(100000):
        value = [value]
    return value


@pytest.mark.parametrize("value", [
    {"set": set()}, {"a": float("nan")}, [float("inf")], {("a",): 1}, object(), circular(),
], ids=["set", "nan", "infinity", "key", "object", "circular"])
def test_the_error_is_that_of_json_dumps_and_the_next_value_is_encoded(value, options):
    encode = encoder(**options)
    with pytest.raises((TypeError, ValueError)) as expected:
        dumps(value, options)
    with pytest.raises((TypeError, ValueError)) as raised:
        encode(value)
    assert raised.type is expected.type
    assert str(raised.value) == str(expected.value)
    assert encode([1]) == dumps([1], options)


def test_a_circular_value_is_refused_at_its_first_round(options):
    """A thousand rounds would take gigabytes."""
    value = {"rows": [u"x" * 1000] * 1000}
    value["me"] = value
    encode = encoder(**options)
    started = monotonic()
    with pytest.raises(ValueError, match="Circular reference"):
        encode(value)
    assert monotonic() - started < 1.0


def test_a_value_that_is_too_deep_is_an_error_and_no_crash(options):
    value = deep()
    with pytest.raises(RuntimeError):  # RecursionError on Python 3, a subclass.
        encoder(**options)(value)
    while value:  # Freed from outside: the destructor of so deep a list could overflow the stack.
        value = value[0]


def test_a_value_that_was_mended_after_an_error_is_encoded(options):
    value = circular()
    encode = encoder(**options)
    with pytest.raises(ValueError):
        encode(value)
    del value["a"][:]
    assert encode(value) == dumps(value, options)


@pytest.mark.parametrize("replacement", [
    None, lambda *arguments: (lambda value, level: ("other",)), lambda one: None,
], ids=["absent", "other-result", "other-arguments"])
def test_without_the_known_encoder_in_c_that_of_json_is_used(monkeypatch, options, replacement):
    monkeypatch.setattr(module, "_CEncoder", replacement)
    value = {"a": [1, u"\xe9"]}
    assert encoder(**options)(value) == dumps(value, options)
