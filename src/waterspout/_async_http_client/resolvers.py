"""The resolver of an engine."""

from __future__ import absolute_import, division, print_function

from tornado.netutil import OverrideResolver

from waterspout._net.resolver import Resolver


def client_resolver(io_loop, hostname_mapping, resolver):
    # type: (IOLoop, Optional[Dict], Optional[tornado.netutil.Resolver]) -> Resolver
    """``resolver``, which its owner closes, or ours; with ``hostname_mapping`` before it."""
    names = Resolver(io_loop) if resolver is None else _BorrowedResolver(resolver)
    if hostname_mapping is not None:
        names = OverrideResolver(resolver=names, mapping=_AnyCase(hostname_mapping))
    return names


class _BorrowedResolver(object):
    """The caller's resolver, which the caller closes."""

    def __init__(self, resolver):
        # type: (tornado.netutil.Resolver) -> None
        self.resolve = resolver.resolve

    def close(self):
        # type: () -> None
        """Do nothing: the caller closes it."""


class _AnyCase(object):
    """A mapping for OverrideResolver that ignores the case of host names.

    It reads the caller's mapping, which may change.
    """

    def __init__(self, mapping):
        # type: (Dict) -> None
        self._mapping = mapping

    def __contains__(self, key):
        return self._find(key) is not None

    def __getitem__(self, key):
        return self._mapping[self._find(key)]

    def _find(self, key):
        if key in self._mapping:
            return key
        wanted = _lower(key)
        return next((each for each in self._mapping if _lower(each) == wanted), None)


def _lower(key):
    """A host, (host, port) or (host, port, family)."""
    return (key[0].lower(),) + key[1:] if isinstance(key, tuple) else key.lower()
