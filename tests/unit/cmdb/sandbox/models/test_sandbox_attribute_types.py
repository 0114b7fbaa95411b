# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import json

import pytest

from waterspout_cmdb.sandbox.models.attribute_types import value_type
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.values import MAX_INTEGER, InvalidValue

STRUCT = [{"id": "cores", "type": "int"}, {"id": "vendor", "type": "str"}]

#: Definition, what is sent, what is stored.
ACCEPTED = [
    ({"type": "str"}, u"", u""),
    ({"type": "str"}, u"中文 \U0001f600 '\"\\", u"中文 \U0001f600 '\"\\"),
    ({"type": "str", "regex": ""}, u"anything", u"anything"),
    ({"type": "str", "regex": "^[a-z]+$"}, u"abc", u"abc"),
    ({"type": "str", "regex": "b"}, u"abc", u"abc"),
    ({"type": "int"}, 18, 18),
    ({"type": "int"}, 18.0, 18),
    ({"type": "int"}, -MAX_INTEGER - 1, -MAX_INTEGER - 1),
    ({"type": "float"}, 18, 18.0),
    ({"type": "float"}, 0.1, 0.1),
    ({"type": "float"}, 10**30, 1e30),
    ({"type": "bool"}, False, False),
    ({"type": "enum", "regex": ["dev", "prod"]}, u"dev", u"dev"),
    ({"type": "enums", "regex": ["dev", "prod"]}, [u"dev", u"dev"], [u"dev", u"dev"]),
    ({"type": "enums", "regex": ["dev", "prod"]}, [], []),
    ({"type": "arr"}, [u"a", 1, 2.0, 0.5, 1e30, True], [u"a", 1, 2, 0.5, 1e30, True]),
    ({"type": "date"}, u"2024-02-29", u"2024-02-29"),
    ({"type": "datetime"}, u"2024-02-29 23:59:59", u"2024-02-29 23:59:59"),
    ({"type": "ip"}, u"10.0.0.1", u"10.0.0.1"),
    ({"type": "ip"}, u"fe80::1", u"fe80::1"),
    ({"type": "json"}, {u"a": [1.0, None, {u"b": u"c"}]}, {u"a": [1, None, {u"b": u"c"}]}),
    ({"type": "struct", "struct_define": STRUCT}, {u"cores": 4.0, u"x": 1}, {u"cores": 4}),
    ({"type": "struct", "struct_define": STRUCT}, {u"vendor": None}, {}),
    ({"type": "structs", "struct_define": STRUCT}, [{u"cores": 4}, {}], [{u"cores": 4}, {}]),
]

#: Definition, what is sent, a part of the complaint.
REFUSED = [
    ({"type": "str"}, 1, "text"),
    ({"type": "str"}, u"a\x00b", "U+0000"),
    ({"type": "str", "regex": "^[a-z]+$"}, u"ABC", "does not match ^[a-z]+$"),
    ({"type": "int"}, 1.5, "integer"),
    ({"type": "int"}, True, "number"),
    ({"type": "int"}, u"1", "number"),
    ({"type": "int"}, MAX_INTEGER + 1, "64 bits"),
    ({"type": "int"}, 1e300, "64 bits"),
    ({"type": "int"}, float("nan"), "number"),
    ({"type": "float"}, u"0.1", "number"),
    ({"type": "float"}, float("inf"), "number"),
    ({"type": "float"}, 10**400, "number"),
    ({"type": "bool"}, 1, "true or false"),
    ({"type": "enum", "regex": ["dev", "prod"]}, u"Dev", "dev, prod"),
    ({"type": "enum", "regex": ["dev", "prod"]}, [u"dev"], "dev, prod"),
    ({"type": "enums", "regex": ["dev", "prod"]}, u"dev", "list"),
    ({"type": "enums", "regex": ["dev", "prod"]}, [u"dev", 1], "dev, prod"),
    ({"type": "arr"}, u"a", "list"),
    ({"type": "arr"}, [u"a", None], "null at index 1"),
    ({"type": "enums", "regex": ["dev"]}, [None], "null at index 0"),
    ({"type": "structs", "struct_define": STRUCT}, [{}, None], "null at index 1"),
    ({"type": "enum", "regex": [u"%d" % number for number in range(9999)]}, u"x", "9949 more"),
    ({"type": "arr"}, [[u"a"]], "text"),
    ({"type": "arr"}, [2**64], "64 bits"),
    ({"type": "date"}, u"2023-02-29", "date"),
    ({"type": "date"}, u"2023-2-9", "date"),
    ({"type": "date"}, u"２０２３-02-09", "date"),
    ({"type": "datetime"}, u"2024-02-29", "time"),
    ({"type": "datetime"}, u"2024-02-29 24:00:00", "time"),
    ({"type": "ip"}, u"10.1", "IP address"),
    ({"type": "ip"}, u"10.0.0.256", "IP address"),
    ({"type": "ip"}, u"主机", "IP address"),
    ({"type": "json"}, {u"a": [u"\x00"]}, "U+0000"),
    ({"type": "json"}, {u"\x00": 1}, "U+0000"),
    ({"type": "struct", "struct_define": STRUCT}, [], "map"),
    ({"type": "struct", "struct_define": STRUCT}, {u"cores": u"4"}, ".cores must be a number"),
    ({"type": "structs", "struct_define": STRUCT}, [{u"cores": u"4"}], ".cores must be a number"),
    ({"type": "structs", "struct_define": STRUCT}, {}, "list"),
]


@pytest.mark.parametrize("definition, sent, stored", ACCEPTED)
def test_value_is_converted_to_the_form_of_its_type(definition, sent, stored):
    """An accepted value is stored in one form, with the right JSON type."""
    assert json.dumps(value_type(definition).convert(sent)) == json.dumps(stored)


@pytest.mark.parametrize("definition, sent, complaint", REFUSED)
def test_wrong_value_is_refused_with_a_reason(definition, sent, complaint):
    """The reason describes the values that the attribute accepts."""
    with pytest.raises(InvalidValue) as caught:
        value_type(definition).convert(sent)
    assert complaint in caught.value.args[0]


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"type": "FK"},
        {"type": ["str"]},
        {"type": "str", "regex": "["},
        {"type": "str", "regex": ["a"]},
        {"type": "enum"},
        {"type": "enum", "regex": []},
        {"type": "struct", "struct_define": [{"id": "a'b", "type": "int"}]},
        {"type": "struct", "struct_define": [{"id": "a", "type": "what"}]},
    ],
)
def test_invalid_type_definition_is_refused(definition):
    """An unknown type, or one without its details, is an InvalidArgument."""
    with pytest.raises(InvalidArgument):
        value_type(definition)
