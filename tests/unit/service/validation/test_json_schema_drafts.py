"""Any schema and any value: valid for us if and only if it is for the package jsonschema."""

from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterspout.service import JSONSchema

jsonschema = pytest.importorskip("jsonschema")

DRAFTS = {
    "http://json-schema.org/draft-04/schema#": "Draft4Validator",
    "http://json-schema.org/draft-06/schema#": "Draft6Validator",
    "http://json-schema.org/draft-07/schema#": "Draft7Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
}
NAMES = st.sampled_from([u"a", u"b", u"ab", u"c1"])
SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, 2, -1.5, u"", u"a", u"ab", u"b1"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12)
TYPES = st.sampled_from(
    ["object", "array", "string", "number", "integer", "boolean", "null"])
COUNTS = st.integers(0, 3)
PATTERNS = st.sampled_from([u"a", u"^b", u"1$", u""])


def keywords(inner):
    schemas = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries({}) | st.dictionaries(st.just("unused"), st.just(1)) | st.tuples(
        *[st.none() | strategy for strategy in [
            st.tuples(
                st.just("type"), TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True)),
            st.tuples(st.just("enum"), st.lists(VALUES, min_size=1, max_size=3)),
            st.tuples(st.just("const"), VALUES),
            st.tuples(st.sampled_from(["minimum", "maximum"]), st.integers(-1, 2)),
            st.tuples(st.sampled_from(["minLength", "maxLength", "minItems", "maxItems",
                                       "minProperties", "maxProperties"]), COUNTS),
            st.tuples(st.just("pattern"), PATTERNS),
            st.tuples(st.just("multipleOf"), st.sampled_from([1, 2, 0.5])),
            st.tuples(st.just("items"), inner | schemas),
            st.tuples(st.just("prefixItems"), schemas),
            st.tuples(st.sampled_from(["additionalItems", "contains", "propertyNames", "not", "if",
                                       "additionalProperties", "unevaluatedItems",
                                       "unevaluatedProperties"]), inner),
            st.tuples(st.sampled_from(["minContains", "maxContains"]), COUNTS),
            st.tuples(st.sampled_from(["then", "else"]), inner),
            st.tuples(st.just("uniqueItems"), st.booleans()),
            st.tuples(st.sampled_from(["properties", "dependentSchemas", "dependencies"]),
                      st.dictionaries(NAMES, inner, max_size=2)),
            st.tuples(st.just("patternProperties"), st.dictionaries(PATTERNS, inner, max_size=2)),
            st.tuples(st.just("required"), st.lists(NAMES, min_size=1, max_size=2, unique=True)),
            st.tuples(st.sampled_from(["anyOf", "oneOf", "allOf"]), schemas),
            st.tuples(st.just("$ref"), st.just("#/definitions/d")),
        ]]).flatmap(lambda pairs: st.lists(
            st.sampled_from([pair for pair in pairs if pair is not None] or [("title", "x")]),
            max_size=4)).map(dict)


SCHEMAS = st.recursive(st.booleans() | keywords(st.booleans()), keywords, max_leaves=6)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(DRAFTS)), SCHEMAS, st.booleans(), VALUES)
def test_verdict_is_that_of_the_package(uri, schema, definition, value):
    """In each draft; keywords that a draft does not have mean nothing in it."""
    draft = getattr(jsonschema, DRAFTS[uri], None)
    if draft is None or isinstance(schema, bool):
        return
    schema = dict(schema, definitions={"d": {} if definition else {"type": "null"}})
    schema["$schema"] = uri
    try:
        draft.check_schema(schema)
    except jsonschema.SchemaError:
        with pytest.raises(ValueError):
            JSONSchema(schema)
        return
    found = [each for each in JSONSchema(schema)(value) if each is not None]
    try:
        expected = draft(schema).is_valid(value)
    except TypeError:  # The package does not expect additionalItems beside items that are a bool.
        return
    assert (found == []) is expected, found
