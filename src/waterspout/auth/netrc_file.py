"""User names and passwords from the user's netrc file."""

from __future__ import absolute_import, division, print_function

import errno
import netrc
import os

from waterspout.exceptions import ConnectError

#: The paths of the file unless the environment has ``NETRC``; requests' list.
PLACES = ("~/.netrc", "~/_netrc")


def netrc_login(host):
    # type: (str) -> Optional[Tuple[str, str]]
    """(user name, password) for ``host``; None if there is no entry, or no valid file.

    Reads the file at each call. Its ``default`` entry, if any, is for every host.
    Raises: ConnectError: the process has no descriptor left to open it; nothing was sent.
    Source: requests' ``get_netrc_auth``.
    """
    path = _find()
    if path is None:
        return None
    try:
        found = netrc.netrc(path).authenticators(host.strip("[]"))
    except (netrc.NetrcParseError, IOError, UnicodeDecodeError) as error:
        if getattr(error, "errno", None) in (errno.EMFILE, errno.ENFILE):
            # Without the password another request would be sent.
            raise ConnectError("cannot read %s: %s" % (path, error), may_have_been_sent=False)
        return None
    if not found or not any(found):
        return None
    login, account, password = found
    return login or account or "", password or ""


def _find():
    named = os.environ.get("NETRC")
    for place in PLACES if named is None else (named,):
        path = os.path.expanduser(place)
        if os.path.exists(path):
            return path
    return None
