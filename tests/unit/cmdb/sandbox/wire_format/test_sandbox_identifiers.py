# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.wire_format import identifiers
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument


@pytest.mark.parametrize("name", ["a", "_ts", "A" * 32, u"cpu2"])
def test_documented_attribute_names_are_accepted(name):
    """At most 32 letters, digits and underscores."""
    assert identifiers.attribute_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "2cpu", "a" * 33, "a b", "a'b", 'a"b', "a.b", "a\n", "a@b", u"名", None, 1, ["a"]]
)
def test_attribute_name_that_could_break_sql_is_refused(name):
    """No character that is special in SQL or in a JSON path is accepted."""
    with pytest.raises(InvalidArgument):
        identifiers.attribute_name(name)


def test_object_id_may_have_a_namespace():
    """Newer models are called NAME@NAMESPACE; attributes are not."""
    assert identifiers.object_id("HOST@CMDB_OF_" + "X" * 40) == "HOST@CMDB_OF_" + "X" * 40
    with pytest.raises(InvalidArgument):
        identifiers.object_id("HOST/x")
