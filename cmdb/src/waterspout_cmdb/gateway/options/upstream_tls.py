"""TLS of the calls to the CMDB."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout.service import ConfigurationError, check_client_tls
from waterspout_cmdb.command_line.client_tls import tls_call_keywords
from waterspout_cmdb.command_line.option import BadOption

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Sequence  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401


def tls_keywords(options, hosts):
    # type: (OptionParser, Sequence[str]) -> Dict[str, Any]
    """Return the keywords of an SDK that the options about its certificates mean.

    Args:
        hosts: hosts or base URLs of the CMDB.
    Raises: BadOption: a file cannot be used, or an upstream has no TLS.
    """
    ca, cert, key = [
        native_str(text) if text else None
        for text in (options.upstream_ca, options.upstream_cert, options.upstream_key)]
    reasons = []
    if not all(host.startswith("https://") for host in hosts):
        reasons = ["upstream_%s needs an upstream that begins with https://" % name
                   for name, path in (("ca", ca), ("cert", cert), ("key", key)) if path]
    try:
        check_client_tls(ca, cert, key)
    except ConfigurationError as error:
        reasons.append(str(error))
    if reasons:
        raise BadOption(reasons)
    return tls_call_keywords(ca, cert, key)
