"""Overload and RateLimit: what they take, and whom a request counts for."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest

from waterspout.service import Application, Overload, RateLimit
from waterspout.service._admission.tenants import client_network, usual_tenant


@pytest.mark.parametrize("keywords, error", [
    ({"max_requests": 0}, "max_requests=0"),
    ({"max_requests": 2.5}, "max_requests=2.5"),
    ({"max_requests": True}, "max_requests=True"),
    ({"max_requests_per_tenant": -1}, "max_requests_per_tenant=-1"),
    ({"max_requests": 5, "max_waiting": -1}, "max_waiting=-1"),
    ({"max_waiting": 5}, "give max_requests or max_requests_per_tenant as well"),
    ({"max_wait": 0}, "max_wait=0"),
    ({"max_wait": float("nan")}, "max_wait=nan"),
    ({"max_body_bytes_in_flight": 0}, "max_body_bytes_in_flight=0"),
    ({"rate_limit": 5}, "rate_limit=5: give a waterspout.service.RateLimit"),
    ({"tenant": "header"}, "tenant='header' cannot be called"),
    ({"exempt": "/healthz"}, "exempt='/healthz': give a list"),
    ({"exempt": ["healthz"]}, "exempt='healthz': a path begins with a slash"),
    ({"retry_after": 0.5}, "retry_after=0.5"),
])
def test_wrong_limit_is_named(keywords, error):
    with pytest.raises((TypeError, ValueError)) as caught:
        Overload(**keywords)
    assert error in str(caught.value)


@pytest.mark.parametrize("arguments, error", [
    ((0,), "per_second=0"), ((float("inf"),), "per_second=inf"), (("5",), "per_second='5'"),
    ((True,), "per_second=True"), ((5, 0), "burst=0"), ((5, 1, 0), "max_tenants=0"),
])
def test_wrong_rate_is_named(arguments, error):
    with pytest.raises((TypeError, ValueError)) as caught:
        RateLimit(*arguments)
    assert error in str(caught.value)


def test_burst_is_what_one_second_allows():
    assert [RateLimit(n).burst for n in (0.1, 1, 2.5, 50)] == [1, 1, 2, 50]


def test_values_are_equal_copied_and_pickled():
    value = Overload(max_requests=5, rate_limit=RateLimit(3))
    assert value == Overload(5, rate_limit=RateLimit(3.0)) and value != Overload(6)
    assert copy.deepcopy(value) == value and pickle.loads(pickle.dumps(value, 2)) == value
    assert "max_requests=5" in repr(value) and "per_second=3.0" in repr(value)


def test_application_refuses_what_is_no_overload():
    with pytest.raises(TypeError, match="give a waterspout.service.Overload"):
        Application([], overload=100)


def test_application_refuses_less_memory_than_one_body_needs():
    overload = Overload(max_body_bytes_in_flight=1000)
    with pytest.raises(ValueError, match="max_body_bytes_in_flight=1000 is less than"):
        Application([], max_body_bytes=1001, overload=overload)
    assert Application([], max_body_bytes=1000, overload=overload).admission is not None


@pytest.mark.parametrize("one, other, same", [
    ("10.0.0.1", "10.0.0.1", True),
    ("10.0.0.1", "10.0.0.2", False),
    ("2001:db8::1", "2001:db8::ffff:1", True),
    ("2001:db8::1", "2001:db8:0:1::1", False),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1", True),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
    ("fe80::1%eth0", "fe80::1%eth1", True),
    ("no:address", "no:address", True),
    ("no:address", "other:address", False),
    (None, None, True),
])
def test_ipv6_network_of_64_bits_is_one_client(one, other, same):
    assert (client_network(one) == client_network(other)) is same


class Request(object):
    remote_ip = "10.0.0.1"


def test_tenant_is_the_principal_or_else_the_address():
    class Principal(object):
        name = "reports"

    request = Request()
    assert usual_tenant(request) == "10.0.0.1"
    request.principal = None
    assert usual_tenant(request) == "10.0.0.1"
    request.principal = Principal()
    assert usual_tenant(request) == "reports"
