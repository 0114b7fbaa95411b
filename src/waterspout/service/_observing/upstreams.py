"""Upstreams: the SDKs that an application's handlers share."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, to_native

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Tuple  # noqa: F401

    from waterspout.sdk import BaseSDK  # noqa: F401


class Upstreams(object):
    """Finds an SDK by its class or by its name.

    Args:
        upstreams (iterable of BaseSDK, or mapping of name to BaseSDK): one of each class, or as
            many as you like with a name each.
    Raises: TypeError: not SDKs; ValueError: two of one class have no names.
    """

    def __init__(self, upstreams=()):
        # type: (Any) -> None
        self._by_key = {}  # type: Dict[Any, BaseSDK]
        if hasattr(upstreams, "items"):
            self._by_key.update(upstreams)
        elif not hasattr(upstreams, "__iter__"):
            raise TypeError("upstreams=%r: give a list of SDKs, or a mapping of names to them" % (
                upstreams,))
        else:
            for sdk in upstreams:
                if type(sdk) in self._by_key:
                    raise ValueError(
                        "two upstreams are of class %s: give a mapping of names to SDKs"
                        % type(sdk).__name__)
                self._by_key[type(sdk)] = sdk
        for sdk in self:
            if isinstance(sdk, type) or not hasattr(sdk, "in_context"):
                raise TypeError("upstreams needs SDKs, not %r" % (sdk,))
        self._found = dict(self._by_key)

    def __iter__(self):
        # type: () -> Iterator[BaseSDK]
        return iter(self._by_key.values())

    def named(self):
        # type: () -> List[Tuple[str, BaseSDK]]
        """Each with its name, or that of its class."""
        return [(to_native(getattr(key, "__name__", key)), sdk)
                for key, sdk in self._by_key.items()]

    def find(self, key):
        # type: (Any) -> BaseSDK
        """Return the SDK with this name, of this class, or of the only subclass of it.

        Raises: LookupError: there is none, or more than one.
        """
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(key)
        return found

    def _look_up(self, key):
        if isinstance(key, type):
            suitable = [sdk for sdk in self if isinstance(sdk, key)]
            if len(suitable) == 1:
                return suitable[0]
        raise LookupError(
            "no upstream, or more than one, for %s: Application(upstreams=...) has %s"
            % (_shown(key), ", ".join(sorted(map(_shown, self._by_key))) or "none"))


#: Of an application of Tornado's own class.
NO_UPSTREAMS = Upstreams()


def _shown(key):
    return key.__name__ if isinstance(key, type) else repr(key)
