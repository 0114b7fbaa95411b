"""The target that a command's options name."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.commands.options.connecting import called_url, uses_upstream

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: As the gateway has them.
_ORG, _USER = 777777, "defaultUser"


def make_target(options):
    # type: (Options) -> Any
    """Return a `CMDBTarget`, or a `GatewayTarget`.

    Raises: BulkError: the options cannot be used; they were checked before.
    """
    from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget

    keywords = dict(_tls(options))
    org = int(options.org) if options.org else None
    user = native_str(options.user) or None
    try:
        if uses_upstream(options):
            return CMDBTarget(
                called_url(options), org=_ORG if org is None else org, user=user or _USER,
                **keywords)
        return GatewayTarget(
            called_url(options), api_key=native_str(options.api_key) or None, org=org, user=user,
            **keywords)
    except ValueError as error:
        raise BulkError("%s cannot be called: %s" % (called_url(options), error))


def _tls(options):
    # type: (Options) -> Dict[str, Any]
    ca, cert, key = [
        native_str(getattr(options, name)) for name in ("ca", "cert", "cert_key")]
    keywords = {}  # type: Dict[str, Any]
    if ca:
        keywords["verify"] = ca
    if cert:
        keywords["cert"] = (cert, key) if key else cert
    return keywords
