"""Principal: the client that a request is made for, and what it may do."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import FrozenSet, Optional, Tuple  # noqa: F401

    from waterspout.service._access.permissions import Permissions  # noqa: F401

ANY = "*"


class Principal(object):
    """A client, known by its API key or by its certificate.

    Attributes:
        name (native str): for logs, limits and statistics. Several keys may have the same.
        key_id (native str or None): the id of its API key; None if it showed a certificate.
        orgs (tuple of native str): the organisations for which it may act; the first one is the
            one of requests that name none. ``("*",)``: all. Empty: none is configured.
        users (tuple of native str): likewise, the users.
    """

    __slots__ = ("name", "key_id", "orgs", "users", "_permissions")

    def __init__(self, name, permissions, key_id=None, orgs=(), users=()):
        # type: (str, Permissions, Optional[str], Tuple[str, ...], Tuple[str, ...]) -> None
        self.name = name
        self.key_id = key_id
        self.orgs = orgs
        self.users = users
        self._permissions = permissions

    def __repr__(self):
        # type: () -> str
        return "<Principal %s key_id=%s>" % (self.name, self.key_id)

    def allows(self, method, path):
        # type: (str, str) -> bool
        """Say whether it may send a request with this method to this path."""
        return self._permissions.allow(method, path)

    def allows_org(self, org):
        # type: (str) -> bool
        """Say whether it may act for an organisation."""
        return org in self.orgs or ANY in self.orgs

    def allows_user(self, user):
        # type: (str) -> bool
        """Say whether it may act for a user."""
        return user in self.users or ANY in self.users
