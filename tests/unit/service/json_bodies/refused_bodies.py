"""Request bodies that are refused, each with a word of the reason."""

from __future__ import absolute_import, division, print_function

from waterspout.service._json_bodies.checks import MAX_DEPTH


def nested(depth):
    """An object that is ``depth`` containers deep."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


REFUSED = {
    "nothing": (b"", "empty"),
    "white space": (b" \r\n\t ", "empty"),
    "a word": (b"hello", "not JSON"),
    "a form": (b"a=1&b=2", "not JSON"),
    "cut short": (b'{"a": [1, 2', "not JSON"),
    "something after it": (b'{"a": 1} {"b": 2}', "not JSON"),
    "a trailing comma": (b'{"a": 1,}', "not JSON"),
    "single quotes": (b"{'a': 1}", "not JSON"),
    "a raw newline in a string": (b'{"a": "b\nc"}', "not JSON"),
    "a raw NUL in a string": (b'{"a": "b\0c"}', "not JSON"),
    "a bad escape": (b'{"a": "\\x41"}', "not JSON"),
    "an array": (b"[]", "not an object"),
    "a string": (b'"a"', "not an object"),
    "a number": (b"1", "not an object"),
    "null": (b"null", "not an object"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte order mark"),
    "UTF-16": (u"{}".encode("utf-16"), "not UTF-8"),
    "latin-1": (b'{"a": "\xe9"}', "not UTF-8"),
    "an overlong form": (b'{"a": "\xc0\xaf"}', "not UTF-8"),
    "beyond Unicode": (b'{"a": "\xf5\x80\x80\x80"}', "not UTF-8"),
    "a raw surrogate": (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
    "half a pair": (b'{"a": "\\ud83d"}', "surrogate"),
    "the other half": (b'{"a": "\\uDE00"}', "surrogate"),
    "a pair the wrong way round": (b'{"a": "\\ude00\\ud83d"}', "surrogate"),
    "half a pair as a name": (b'{"\\ud83d": 1}', "surrogate"),
    "a name twice": (b'{"a": 1, "a": 2}', "twice"),
    "a name twice further in": (b'{"x": [{"a": 1, "b": 0, "a": 1}]}', "twice"),
    "a name twice, once escaped": (b'{"a": 1, "\\u0061": 2}', "twice"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b'{"a": -Infinity}', "Infinity"),
    "an overflowing number": (b'{"a": 1e999}', "out of range"),
    "a negative one": (b'{"a": -1e999}', "out of range"),
    "an endless integer": (b'{"a": ' + b"9" * 100000 + b"}", "digits"),
    "one level too many": (nested(MAX_DEPTH + 1), "deeper"),
    "one object too many": (
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        "deeper",
    ),
    "very deep": (nested(5000), "deeper"),
    "very deep and unclosed": (b'{"a":' + b"[" * 100000, "deeper"),
}
