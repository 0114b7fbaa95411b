# -*- coding: utf-8 -*-
"""Bodies against a JSON Schema: where they are wrong, and what a client is told."""

from __future__ import absolute_import, division, print_function

import json
import sys

import pytest

from waterspout.service import BodyError, JSONSchema
from waterspout.service._validation.references import References

jsonschema = pytest.importorskip("jsonschema")

#: In bodies. It must not come back.
SECRET = u"hunter2"


def errors(schema, value, **keywords):
    return [(each.pointer, each.detail)
            for each in JSONSchema(schema, **keywords)(value) if each is not None]


ROWS = {
    "type": "object",
    "required": ["datas"],
    "properties": {
        "datas": {"type": "array", "items": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string", "maxLength": 5}, "cpu": {"minimum": 1}},
            "additionalProperties": False,
        }},
    },
}


def test_valid_body_has_no_errors():
    assert errors(ROWS, {"datas": [{"name": u"web", "cpu": 4}, {"name": u""}], "more": 1}) == []


def test_each_error_has_its_place():
    """A JSON Pointer (RFC 6901), and a sentence that does not quote the body."""
    body = {"datas": [{"name": u"web"}, {"cpu": 0}, {"name": SECRET}, SECRET, {
        "name": u"a", "a/b~c": SECRET}]}
    assert sorted(errors(ROWS, body)) == [
        (u"/datas/1", u'the property "name" is missing'),
        (u"/datas/1/cpu", u"must be at least 1"),
        (u"/datas/2/name", u"must have at most 5 characters"),
        (u"/datas/3", u"must be of type object"),
        (u"/datas/4/a~1b~0c", u"is not allowed"),
    ]


@pytest.mark.parametrize("schema, value, pointer, detail", [
    ({"type": ["integer", "null"]}, SECRET, u"", u"must be of type integer or null"),
    ({"enum": [1, u"a"]}, SECRET, u"", u"is not one of the values that are allowed"),
    ({"enum": [1]}, True, u"", u"is not one of the values that are allowed"),
    ({"const": 0}, False, u"", u"is not the value that is allowed"),
    (False, SECRET, u"", u"is not allowed"),
    ({"properties": {"a": False}}, {"a": SECRET}, u"/a", u"is not allowed"),
    ({"minimum": 5}, 4, u"", u"must be at least 5"),
    ({"exclusiveMaximum": 5}, 5, u"", u"must be less than 5"),
    ({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 5,
      "exclusiveMinimum": True}, 5, u"", u"must be more than 5"),
    ({"multipleOf": 0.5}, 10 ** 400 + 1, u"", u"must be a multiple of 0.5"),
    ({"pattern": "^[a-z]+$"}, SECRET, u"", u"must match the pattern ^[a-z]+$"),
    ({"minLength": 50}, SECRET, u"", u"must have at least 50 characters"),
    ({"minItems": 2}, [SECRET], u"", u"must have at least 2 items"),
    ({"maxItems": 1}, [SECRET, 1], u"", u"must have at most 1 items"),
    ({"uniqueItems": True}, [1, SECRET, 1.0], u"/2", u"is the same as an item before it"),
    ({"uniqueItems": True}, [{"a": [1]}, {"a": [True]}, {"a": [1]}], u"/2",
     u"is the same as an item before it"),
    ({"contains": {"type": "null"}}, [SECRET], u"",
     u"has too few of the items that it must contain"),
    ({"minProperties": 2}, {"a": SECRET}, u"", u"must have at least 2 properties"),
    ({"maxProperties": 0}, {"a": SECRET}, u"", u"must have at most 0 properties"),
    ({"propertyNames": {"maxLength": 1}}, {"abc": SECRET}, u"/abc",
     u"has a name that is not allowed"),
    ({"patternProperties": {"^n": {"type": "number"}}}, {"n1": SECRET}, u"/n1",
     u"must be of type number"),
    ({"additionalProperties": {"type": "number"}}, {"x": SECRET}, u"/x",
     u"must be of type number"),
    ({"anyOf": [{"type": "null"}, {"minLength": 50}]}, SECRET, u"",
     u"fits none of the alternatives"),
    ({"oneOf": [{"type": "string"}, {"minLength": 1}]}, SECRET, u"",
     u"must fit exactly one of the alternatives, not 2"),
    ({"not": {"type": "string"}}, SECRET, u"", u"fits what is excluded"),
    ({"if": {"type": "string"}, "then": {"minLength": 50}}, SECRET, u"",
     u"must have at least 50 characters"),
    ({"if": {"type": "string"}, "else": {"type": "null"}}, 1, u"", u"must be of type null"),
    ({"allOf": [{"items": {"type": "null"}}]}, [None, SECRET], u"/1", u"must be of type null"),
    ({"definitions": {"n": {"type": "null"}}, "items": {"$ref": "#/definitions/n"}}, [SECRET],
     u"/0", u"must be of type null"),
    ({"$schema": "http://json-schema.org/draft-07/schema#", "items": [True],
      "additionalItems": {"type": "null"}}, [1, SECRET], u"/1", u"must be of type null"),
    ({"$schema": "http://json-schema.org/draft-07/schema#",
      "dependencies": {"a": ["b"]}}, {"a": SECRET}, u"",
     u"lacks a property that it needs beside the others"),
])
def test_sentence_for_each_keyword(schema, value, pointer, detail):
    """With the schema's numbers and names, and nothing of the value."""
    assert errors(schema, value) == [(pointer, detail)]


def test_formats_are_checked_if_that_is_asked_for():
    schema = {"properties": {"ip": {"format": "ipv4"}}}
    assert errors(schema, {"ip": SECRET}) == []
    assert errors(schema, {"ip": SECRET}, formats=True) == [
        (u"/ip", u"must be in the format ipv4")]
    assert errors(schema, {"ip": u"10.0.0.1"}, formats=True) == []


def test_long_names_of_a_client_are_cut():
    (error,) = errors({"additionalProperties": False}, {u"\u4e2d" * 5000: 1})
    assert len(error[0]) == 200 and error[0].endswith(u"\u2026")


@pytest.mark.parametrize("schema, complaint", [
    ({"type": "text"}, "not a valid JSON Schema: at .*/type"),
    ({"properties": {"a": {"minimum": "1"}}}, "at .*/properties/a/minimum"),
    ([], "not a valid JSON Schema"),
    ("schema.json", "not a valid JSON Schema"),
    (None, "not a valid JSON Schema"),
    ({"$ref": "http://127.0.0.1:9/x.json"}, "refers to http://127.0.0.1:9/x.json, which is not"),
    ({"$id": "http://127.0.0.1:9/", "$ref": "x.json"}, "refers to x.json, which is not in it"),
    ({"$id": "http://x/", "items": {"$ref": "#/a"}}, "refers to #/a, which it does not have"),
    ({"items": {"$ref": "file:///etc/passwd"}}, "refers to file:///etc/passwd, which is not in"),
    ({"items": {"$ref": "other.json#/a"}}, "refers to other.json#/a, which is not in it"),
    ({"allOf": [{"$ref": "#/definitions/a"}]}, "which it does not have"),
    ({"$schema": "http://json-schema.org/draft-03/schema#"}, "draft 3 are not supported"),
])
def test_bad_schema_is_refused_when_it_is_made(schema, complaint):
    with pytest.raises(ValueError, match=complaint):
        JSONSchema(schema)


@pytest.mark.parametrize("schema", [
    {"properties": {"$ref": {"type": "string"}}},
    {"const": {"$ref": "http://example.com/"}},
    {"$id": "http://example.com/root.json", "definitions": {
        "a": {"$id": "a.json", "type": "null"}}, "items": {"$ref": "a.json"}},
    {"definitions": {"a/b": True}, "items": {"$ref": "#/definitions/a~1b"}},
    {"definitions": {"a b": True}, "items": {"$ref": "#/definitions/a%20b"}},
    {"items": {"$ref": "#"}},
])
def test_references_within_the_schema_are_found(schema):
    """And what only looks like one is none."""
    assert errors(schema, {"x": 1}) in ([], [(u"", u"is not the value that is allowed")])
    errors(schema, [[], [[]]])


def test_url_is_never_read(monkeypatch):
    """Also where the package would, because a reference was not found before."""
    def connect(*args, **kwargs):
        raise AssertionError("it reads a URL")

    monkeypatch.setattr("socket.socket.connect", connect)
    monkeypatch.setattr("socket.create_connection", connect)
    monkeypatch.setattr(References, "_check", lambda *args: None)
    schema = JSONSchema({"items": {"$ref": "http://127.0.0.1:9/x.json"}})
    with pytest.raises(Exception) as caught:
        list(schema([1]))
    assert not isinstance(caught.value, AssertionError) and "x.json" in str(caught.value)


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(ImportError, match=r'JSONSchema needs jsonschema: pip install "waterspout'):
        JSONSchema({})


def test_schema_may_be_used_by_several_bodies_at_once():
    """Each run has its own place in the schema, also where that has names and references."""
    schema = JSONSchema({
        "$id": "http://example.com/root.json",
        "definitions": {
            "a": {"$id": "http://example.com/sub/a.json", "items": {"$ref": "b.json"}},
            "b": {"$id": "http://example.com/sub/b.json", "type": "null"},
        },
        "properties": {"x": {"$ref": "sub/a.json"}, "y": {"$ref": "sub/b.json"}},
    })
    runs = [schema({"x": [1] * 3, "y": 1}) for _ in range(3)]
    found = [[] for _ in runs]
    for turn in range(4):
        for number in (range(3) if turn % 2 else (2, 0, 1)):
            found[number].append(next(runs[number]))
    assert found[0] == found[1] == found[2] and len(set(found[0])) == 4
    assert sorted(each.pointer for each in found[0]) == ["/x/0", "/x/1", "/x/2", "/y"]


def test_repr_has_the_title_and_not_the_schema():
    assert repr(JSONSchema({"title": "rows", "const": SECRET})) == "<JSONSchema rows>"
    assert repr(JSONSchema(True)) == "<JSONSchema True>"


@pytest.mark.parametrize("schema, value", [
    ({"items": {}}, [1] * 200000),
    ({"items": {"type": "integer"}}, [1] * 50000),
    ({"uniqueItems": True}, [[n] for n in range(100000)]),
    ({"contains": {"type": "null"}}, [1] * 30000),
    ({"additionalProperties": False, "patternProperties": {"": {}}},
     dict((str(n), 1) for n in range(99999))),
    ({"propertyNames": {"maxLength": 9}}, dict((str(n), 1) for n in range(30000))),
    ({"anyOf": [{"items": {"type": "null"}}, {"items": {"type": "integer"}}]}, [1] * 30000),
    ({"not": {"items": {"type": "integer"}}}, [1] * 30000),
    ({"definitions": {"r": {"items": {"type": "integer"}}}, "$ref": "#/definitions/r"},
     [1] * 30000),
])
def test_large_body_is_checked_with_pauses(schema, value):
    """At least one for some hundred items that were looked at, whatever looks at them."""
    found = list(JSONSchema(schema)(value))
    if schema != {"items": {}}:
        assert found.count(None) >= len(value) // 100
    assert len([each for each in found if each is not None]) <= 1


def test_array_of_distinct_objects_takes_linear_time():
    """Jsonschema compares each with each other."""
    schema = JSONSchema({"uniqueItems": True})
    value = [{"a": n, "b": [n]} for n in range(100000)]
    assert all(each is None for each in schema(value))


def test_error_for_a_large_value_quotes_nothing():
    (error,) = errors({"type": "object"}, [SECRET] * 100000)
    assert error == (u"", u"must be of type object")


def test_bodies_are_of_any_class_of_objects():
    import collections
    body = json.loads('{"datas": [{"cpu": 0}]}', object_pairs_hook=collections.OrderedDict)
    assert len(errors(ROWS, body)) == 2


def test_body_error_is_a_value():
    assert BodyError("/a", "b") == BodyError(u"/a", u"b") != BodyError("/a", "c")
    assert len({BodyError("/a", "b"), BodyError("/a", "b")}) == 1
    with pytest.raises(TypeError, match="pointer must be text"):
        BodyError(1, "b")
