"""`Bulkhead`: what it takes, what it refuses, and that it is a value."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest

from waterspout.policies.bulkhead import Bulkhead

NAN, INFINITE = float("nan"), float("inf")

REFUSED = [
    ("max_concurrent", 0), ("max_concurrent", -1), ("max_queued", -1),
    ("max_wait", 0), ("max_wait", -1), ("max_wait", NAN),
    ("max_concurrent_per_tenant", 0), ("max_concurrent_per_tenant", -1),
    ("max_queued_per_tenant", -1),
    ("tenant_header", ""), ("tenant_header", "or g"), ("tenant_header", "org:"),
    ("tenant_header", "org\r\nX: y"), ("tenant_header", u"\u043e\u0440\u0433"),
]
WRONG_TYPES = [
    (name, value)
    for name in ("max_concurrent", "max_queued", "max_concurrent_per_tenant",
                 "max_queued_per_tenant")
    for value in (True, "1", 1.5, NAN, INFINITE, [1])
] + [
    ("max_concurrent", None), ("max_queued", None), ("max_wait", True), ("max_wait", "1"),
    ("tenant_header", 1), ("tenant_header", ["org"]), ("tenant_header", True),
]


def made(name, value):
    arguments = {"tenant_header": "org"}
    arguments[name] = value
    return Bulkhead(**arguments)


@pytest.mark.parametrize("name, value", REFUSED)
def test_bulkhead_refuses_a_value_out_of_range_and_names_it(name, value):
    """A ValueError says which argument, what it was, and what to give."""
    with pytest.raises(ValueError) as caught:
        made(name, value)
    assert str(caught.value).startswith("%s=%r: give " % (name, value))


@pytest.mark.parametrize("name, value", WRONG_TYPES)
def test_bulkhead_refuses_another_type_and_names_it(name, value):
    """A TypeError says which argument."""
    with pytest.raises(TypeError) as caught:
        made(name, value)
    assert str(caught.value).startswith("%s=%r is not " % (name, value))


@pytest.mark.parametrize("name", ["max_concurrent_per_tenant", "max_queued_per_tenant"])
def test_limits_of_a_tenant_need_the_field_that_names_it(name):
    """Without it they would limit nothing, or everything."""
    with pytest.raises(ValueError) as caught:
        Bulkhead(**{name: 5})
    assert str(caught.value) == (
        "%s=5: give tenant_header as well, the field that names the tenant" % name)


def test_bulkhead_keeps_what_it_is_given():
    """Its fields have the arguments' names; seconds become a float, the field's name native."""
    policy = Bulkhead(5, 0, 2, u"X-Org", 2, 0)
    assert (policy.max_concurrent, policy.max_queued) == (5, 0)
    assert policy.max_wait == 2.0 and type(policy.max_wait) is float
    assert policy.tenant_header == "X-Org" and type(policy.tenant_header) is str
    assert (policy.max_concurrent_per_tenant, policy.max_queued_per_tenant) == (2, 0)


def test_bulkhead_has_defaults_for_all():
    """50 calls run and 100 wait, without tenants."""
    assert Bulkhead() == Bulkhead(50, 100, None, None, None, None)


def test_equal_bulkheads_are_one_value():
    """They are compared, hashed, copied and pickled by their fields."""
    policy, same = Bulkhead(5, tenant_header="org"), Bulkhead(5, tenant_header="org")
    assert policy == same and not policy != same and hash(policy) == hash(same)
    assert policy != Bulkhead(5) and policy != "a policy"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(policy, protocol)) == policy
    assert copy.deepcopy(policy) == policy


def test_bulkhead_cannot_be_changed():
    """Calls that share one cannot change it for each other."""
    policy = Bulkhead()
    with pytest.raises(AttributeError):
        policy.max_queued = 5
    with pytest.raises(AttributeError):
        del policy.max_queued
    with pytest.raises(AttributeError):
        policy.another = 5


def test_the_repr_of_a_bulkhead_makes_it_again():
    """It shows each argument."""
    policy = Bulkhead(5, tenant_header="org")
    assert repr(policy) == (
        "Bulkhead(max_concurrent=5, max_queued=100, max_wait=None, tenant_header='org', "
        "max_concurrent_per_tenant=None, max_queued_per_tenant=None)")
    assert eval(repr(policy)) == policy
