# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.wire_format import identifiers
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument


@pytest.mark.parametrize("name", ["a", "_ts", "A" * 32, u"cpu2"])
def test_attribute_name_of_the_contract_is_taken(name):
    """Letters, digits and underscores, 32 of them at most."""
    assert identifiers.attribute_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "2cpu", "a" * 33, "a b", "a'b", 'a"b', "a.b", "a\n", "a@b", u"名", None, 1, ["a"]]
)
def test_attribute_name_that_could_break_sql_is_refused(name):
    """Nothing that means anything to SQL or to a JSON path gets through."""
    with pytest.raises(InvalidArgument):
        identifiers.attribute_name(name)


def test_object_id_may_have_a_namespace():
    """Newer models are called NAME@NAMESPACE, which attributes are not."""
    assert identifiers.object_id("HOST@CMDB_OF_" + "X" * 40) == "HOST@CMDB_OF_" + "X" * 40
    with pytest.raises(InvalidArgument):
        identifiers.object_id("HOST/x")
