# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import collections

import pytest

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, NotFound, Unimplemented

HOSTS = [
    {"name": u"a", "cpu": 4, "env": u"prod", "tags": [u"x"]},
    {"name": u"B", "cpu": 8, "env": u"dev"},
    {"name": u"b", "cpu": 4},
    {"name": u"中", "env": u"dev"},
]


@pytest.fixture
def hosts(data):
    data.load("HOST", [u"name"], HOSTS)
    return data


def sort(*pairs):
    return collections.OrderedDict(pairs)


def test_newest_instances_come_first(hosts):
    """Without a sort, instances are in descending order of their ids."""
    assert hosts.names("HOST") == [u"中", u"b", u"B", u"a"]


@pytest.mark.parametrize(
    "order, names",
    [
        (sort(("name", 1)), [u"B", u"a", u"b", u"中"]),
        (sort(("name", -1)), [u"中", u"b", u"a", u"B"]),
        (sort(("cpu", 1), ("name", 1)), [u"中", u"a", u"b", u"B"]),
        (sort(("cpu", -1), ("name", -1)), [u"B", u"b", u"a", u"中"]),
        (sort(("name", 1), ("cpu", 1)), [u"B", u"a", u"b", u"中"]),
        (sort(("cpu", 1.0)), [u"中", u"a", u"b", u"B"]),
        (sort(("cpu", -1)), [u"B", u"b", u"a", u"中"]),
        (sort(("instanceId", 1)), [u"a", u"B", u"b", u"中"]),
        (sort(("_version", 1), ("ctime", 1)), [u"a", u"B", u"b", u"中"]),
        (sort(("_version", 1), ("ctime", -1)), [u"中", u"b", u"B", u"a"]),
        ({}, [u"中", u"b", u"B", u"a"]),
        ([], [u"中", u"b", u"B", u"a"]),
    ],
)
def test_sort_uses_its_keys_in_order(hosts, order, names):
    """No value comes first; texts are compared by code points, equal instances by age."""
    assert hosts.names("HOST", sort=order) == names


@pytest.mark.parametrize(
    "order, error",
    [
        ({"name": 0}, InvalidArgument),
        ({"name": u"asc"}, InvalidArgument),
        ({"name": True}, InvalidArgument),
        ({"name": 2}, Unimplemented),
        ({"name": -2}, Unimplemented),
        ({"tags": 1}, InvalidArgument),
        ({"typo": 1}, InvalidArgument),
        ({"name; DROP TABLE models": 1}, InvalidArgument),
        ([u"name"], InvalidArgument),
        (u"name", InvalidArgument),
    ],
)
def test_invalid_sort_is_refused(hosts, order, error):
    """An unknown attribute, a list, an unknown direction, or the form of version 2."""
    with pytest.raises(error):
        hosts.search("HOST", sort=order)


def test_pages_divide_the_result(hosts):
    """Every page has the total; a page after the last one is empty."""
    pages = [hosts.search("HOST", page=page, page_size=3) for page in (1, 2, 3)]
    assert [[host["name"] for host in page["list"]] for page in pages] == [
        [u"中", u"b", u"B"], [u"a"], [],
    ]
    assert [(page["total"], page["page"], page["page_size"]) for page in pages] == [
        (4, 1, 3), (4, 2, 3), (4, 3, 3),
    ]


def test_page_that_is_exactly_full_is_counted(hosts):
    """A full page does not show whether another one follows."""
    assert hosts.search("HOST", page_size=4)["total"] == 4
    assert hosts.search("HOST", page_size=2, page=2)["total"] == 4
    assert hosts.search("HOST", query={"name": u"nobody"})["total"] == 0


@pytest.mark.parametrize("nothing", [None, 0, u"", False])
def test_unset_paging_means_the_defaults(hosts, nothing):
    """Clients that send every field send these values for unset ones."""
    page = hosts.search("HOST", page=nothing, page_size=nothing, fields=None, sort=None, query=None)
    assert (page["page"], page["page_size"], page["total"]) == (1, 30, 4)


def test_whole_float_is_an_integer(hosts):
    """Protobuf clients send 2.0."""
    page = hosts.search("HOST", page=2.0, page_size=3.0)
    assert repr((page["page"], page["page_size"])) == "(2, 3)"


@pytest.mark.parametrize(
    "body",
    [{"page": -1}, {"page": 1.5}, {"page": u"1"}, {"page": True}, {"page": 2**40},
     {"page_size": 3001}, {"page_size": -1}],
)
def test_paging_out_of_bounds_is_refused(hosts, body):
    """The text names the field."""
    with pytest.raises(InvalidArgument) as caught:
        hosts.search("HOST", **body)
    assert caught.value.text.startswith(list(body)[0])


def test_largest_page_is_allowed(hosts):
    """3000 per page; the highest page number does not overflow."""
    assert len(hosts.search("HOST", page_size=3000)["list"]) == 4
    assert hosts.search("HOST", page_size=3000, page=2**31)["list"] == []


def test_fields_are_selected_by_the_map(hosts):
    """_object_id is always shown."""
    page = hosts.search("HOST", query={"name": u"a"}, fields={"cpu": True})
    assert page["list"] == [{"cpu": 4, "_object_id": u"HOST"}]


def test_query_may_use_system_fields(hosts):
    """Including the id, which is not an attribute."""
    host = hosts.search("HOST", query={"name": u"b"})["list"][0]
    for query in (
        {"instanceId": host["instanceId"]},
        {"instanceId": {"$in": [host["instanceId"], u"x"]}},
        {"_object_id": u"HOST", "creator": u"easyops", "_version": 1, "name": u"b"},
    ):
        assert hosts.search("HOST", query=query)["list"] == [host]


@pytest.mark.parametrize(
    "body",
    [
        {"only_my_instance": True},
        {"limitations": [{"field": u"x", "limit": 1}]},
        {"permission": [u"operate"]},
    ],
)
def test_missing_feature_is_refused_by_name(hosts, body):
    """The request fails instead of being answered without the feature."""
    with pytest.raises(Unimplemented) as caught:
        hosts.search("HOST", **body)
    assert list(body)[0] in caught.value.text


def test_switched_off_features_are_accepted(hosts):
    """Unset features, and permissions that every user has, are ignored."""
    page = hosts.search(
        "HOST",
        only_my_instance=False,
        limitations=[],
        permission=[u"read", u"update", u"delete"],
        relation_limit=100,
        only_relation_view=True,
        pageSize=5,
        objectId=u"HOST",
    )
    assert page["total"] == 4


@pytest.mark.parametrize("permission", [u"read", [1], [[u"read"]]])
def test_permission_must_be_a_list_of_texts(hosts, permission):
    """Another form is an InvalidArgument."""
    with pytest.raises(InvalidArgument):
        hosts.search("HOST", permission=permission)


def test_unknown_model_is_not_found(hosts):
    """The text names it."""
    with pytest.raises(NotFound) as caught:
        hosts.search(u"HÖST")
    assert caught.value.text == u"there is no model HÖST"
    assert str(caught.value)
