"""The target that a command's options name."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.client_tls import tls_call_keywords
from waterspout_cmdb.commands.options.connecting import called_urls, uses_upstream

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Tuple  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: As the gateway has them.
_ORG, _USER = "777777", "defaultUser"


def make_target(options):
    # type: (Options) -> Any
    """Return a `CMDBTarget`, or a `GatewayTarget`.

    Raises: BulkError: the options cannot be used; they were checked before.
    """
    target_class, called, keywords = describe_target(options)
    try:
        return target_class(called, **keywords)
    except ValueError as error:
        raise BulkError("%s cannot be called: %s" % (", ".join(called_urls(options)), error))


def describe_target(options):
    # type: (Options) -> Tuple[Any, Any, Dict[str, Any]]
    """Return the class of the target, what it calls, and its keywords: others may make it, too.

    What it calls is a host or URL, or a list of several.
    """
    from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget

    keywords = tls_call_keywords(*[
        native_str(getattr(options, name)) for name in ("ca", "cert", "cert_key")])
    org = native_str(options.org) or None
    user = native_str(options.user) or None
    urls = called_urls(options)
    called = urls[0] if len(urls) == 1 else urls  # type: Any
    if uses_upstream(options):
        keywords.update(org=org or _ORG, user=user or _USER)
        return CMDBTarget, called, keywords
    keywords.update(api_key=native_str(options.api_key) or None, org=org, user=user)
    return GatewayTarget, called, keywords
