"""Which resolver a client asks, and what ``hostname_mapping`` does to its questions."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._async_http_client.resolvers import client_resolver


class Resolver(object):
    """Answers with the question."""

    closed = 0

    def resolve(self, host, port, family=0):
        return host, port

    def close(self):
        self.closed += 1


@pytest.mark.parametrize("host, port, answer", [
    ("a.example", 80, ("127.0.0.1", 80)), ("A.Example", 80, ("127.0.0.1", 80)),
    ("b.example", 443, ("127.0.0.2", 8443)), ("B.example", 80, ("B.example", 80)),
    ("c.example", 80, ("c.example", 80)),
])
def test_a_mapped_name_is_looked_up_under_another_one(host, port, answer):
    """In any case, for every port or for one."""
    mapping = {"a.EXAMPLE": "127.0.0.1", ("b.example", 443): ("127.0.0.2", 8443)}
    assert client_resolver(None, mapping, Resolver()).resolve(host, port) == answer


def test_a_mapping_may_change_later():
    """It is the caller's own that is looked into."""
    mapping = {}
    resolver = client_resolver(None, mapping, Resolver())
    assert resolver.resolve("a.example", 80) == ("a.example", 80)
    mapping["a.example"] = "127.0.0.1"
    assert resolver.resolve("a.example", 80) == ("127.0.0.1", 80)


def test_a_resolver_of_the_caller_is_not_closed():
    """Other clients may ask it as well."""
    for mapping in (None, {"a": "b"}):
        own = Resolver()
        client_resolver(None, mapping, own).close()
        assert own.closed == 0
