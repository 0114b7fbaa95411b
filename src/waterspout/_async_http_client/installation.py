"""Installation: makes `waterspout.PooledHTTPClient` the default class of AsyncHTTPClient."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict, List  # noqa: F401

_installed = []  # type: List[Installation]


class Installation(object):
    """The changes of one call of `waterspout.install` to ``AsyncHTTPClient``.

    Args:
        client_class (type): the class that Tornado makes.
        override (bool): also if the program has configured another class.
        options (dict): for ``client_class``, unless the program configures its own.
    """

    def __init__(self, client_class, override, options):
        # type: (type, bool, Dict[str, Any]) -> None
        self.client_class = client_class
        self.override = override
        self._options = options
        self._before = None  # The class and the options that were configured.
        self._configured = None  # The options that took their place.

    def begin(self):
        # type: () -> None
        self._before = chosen, options = AsyncHTTPClient._save_configuration()
        if chosen is SimpleAsyncHTTPClient:
            chosen = None  # Tornado stores the simple client when its default is used.
        self._configured = dict(options or {}, **self._options)
        AsyncHTTPClient._restore_configuration((chosen, self._configured))
        _installed.append(self)
        AsyncHTTPClient.configured_class = classmethod(  # type: ignore[method-assign, assignment]
            _configured_class)

    def undo(self):
        # type: () -> None
        if self not in _installed:
            return
        _installed.remove(self)
        if not _installed:
            del AsyncHTTPClient.configured_class  # The method of Tornado's Configurable is back.
        if AsyncHTTPClient._save_configuration()[1] is self._configured:
            AsyncHTTPClient._restore_configuration(self._before)
        for each in _installed:
            if each._before[1] is self._configured:  # A later one would restore it.
                each._before = self._before


def _configured_class(cls):
    """Replaces ``Configurable.configured_class``, which would store the default as a choice."""
    chosen = AsyncHTTPClient._save_configuration()[0]
    if chosen is None or any(each.override for each in _installed):
        return _installed[-1].client_class
    return chosen
