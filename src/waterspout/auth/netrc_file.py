"""The user's netrc file, where other programs look for user names and passwords as well."""

from __future__ import absolute_import, division, print_function

import errno
import netrc
import os

from waterspout.exceptions import ConnectError

#: Where it is unless the environment's ``NETRC`` says so; requests' list.
PLACES = ("~/.netrc", "~/_netrc")


def netrc_login(host):
    # type: (str) -> Optional[Tuple[str, str]]
    """(user name, password) for ``host``; None where there is none, or no file that makes sense.

    Raises: ConnectError: the process has no descriptor left to open it.

    Reads the file, each time. Its ``default`` entry, if any, is for every host.
    Source: requests' ``get_netrc_auth``.
    """
    path = _find()
    if path is None:
        return None
    try:
        found = netrc.netrc(path).authenticators(host.strip("[]"))
    except (netrc.NetrcParseError, IOError, UnicodeDecodeError) as error:
        if getattr(error, "errno", None) in (errno.EMFILE, errno.ENFILE):
            # Without its password the request would be another one.
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
