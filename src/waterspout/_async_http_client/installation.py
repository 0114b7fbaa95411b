"""install: PooledHTTPClient where a program asks Tornado for a client of its choice."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from waterspout._compat import TYPE_CHECKING
from waterspout.httpclient import PooledHTTPClient

if TYPE_CHECKING:
    from typing import Any, Callable, List  # noqa: F401

_OPTIONS = PooledHTTPClient.initialize.__code__.co_varnames[
    1:PooledHTTPClient.initialize.__code__.co_argcount]

_installed = []  # type: List[_Installation]


def install(override=False, **options):
    # type: (bool, **Any) -> Callable[[], None]
    """Make `PooledHTTPClient` what ``AsyncHTTPClient.configure(None)`` means.

    ::

        waterspout.install(max_clients=100)

    For programs that call ``AsyncHTTPClient.configure(None, ...)`` themselves, which undoes an
    earlier ``configure("waterspout.PooledHTTPClient")``. To be called before the program makes
    its first client: an IOLoop that has one keeps it. Changes ``AsyncHTTPClient`` alone, and
    nothing else of Tornado.

    Args:
        override (bool): also where the program names another class, Tornado's curl client for
            one. By default, such a choice wins, made before or after; only Tornado's simple
            client, if it was configured before, cannot be told from none.
        options: those of `PooledHTTPClient`, until the program configures its own.
    Returns:
        callable: takes it back; what the program has configured since stays. Idempotent.
    Raises:
        TypeError: an option that `PooledHTTPClient` does not have.
    """
    for name in options:
        if name not in _OPTIONS:
            raise TypeError("PooledHTTPClient has no option %r" % name)
    installation = _Installation(override, options)
    installation.begin()
    return installation.undo


class _Installation(object):
    """What one call of `install` changed."""

    def __init__(self, override, options):
        self.override = override
        self._options = options
        self._before = None  # The class and the options that were configured.
        self._configured = None  # The options that took their place.

    def begin(self):
        # type: () -> None
        self._before = chosen, options = AsyncHTTPClient._save_configuration()
        if chosen is SimpleAsyncHTTPClient:
            chosen = None  # So Tornado notes that it was asked for a client when none was chosen.
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
            del AsyncHTTPClient.configured_class  # That of Tornado's Configurable shows again.
        if AsyncHTTPClient._save_configuration()[1] is self._configured:
            AsyncHTTPClient._restore_configuration(self._before)
        for each in _installed:
            if each._before[1] is self._configured:  # A later one, which brings that back.
                each._before = self._before


def _configured_class(cls):
    """In the place of ``Configurable.configured_class``, which would note the default as chosen."""
    chosen = AsyncHTTPClient._save_configuration()[0]
    if chosen is None or any(each.override for each in _installed):
        return PooledHTTPClient
    return chosen
