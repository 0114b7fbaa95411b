"""The target that a command's options name."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.commands.options.connecting import called_url, uses_upstream

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Tuple  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: As the gateway has them.
_ORG, _USER = 777777, "defaultUser"


def make_target(options):
    # type: (Options) -> Any
    """Return a `CMDBTarget`, or a `GatewayTarget`.

    Raises: BulkError: the options cannot be used; they were checked before.
    """
    target_class, url, keywords = describe_target(options)
    try:
        return target_class(url, **keywords)
    except ValueError as error:
        raise BulkError("%s cannot be called: %s" % (url, error))


def describe_target(options):
    # type: (Options) -> Tuple[Any, str, Dict[str, Any]]
    """Return the class of the target, what it calls, and its keywords: others may make it, too."""
    from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget

    keywords = dict(_tls(options))
    org = int(options.org) if options.org else None
    user = native_str(options.user) or None
    if uses_upstream(options):
        keywords.update(org=_ORG if org is None else org, user=user or _USER)
        return CMDBTarget, called_url(options), keywords
    keywords.update(api_key=native_str(options.api_key) or None, org=org, user=user)
    return GatewayTarget, called_url(options), keywords


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
