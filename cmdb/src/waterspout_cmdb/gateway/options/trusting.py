"""Whom the gateway trusts: keys, certificates, proxies."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout.service import APIKeys, ConfigurationError, Networks, server_tls
from waterspout_cmdb.command_line.option import (
    ANY_TEXT,
    YES_OR_NO,
    BadOption,
    one_of,
    option,
)
from waterspout_cmdb.command_line.sources import FLAG
from waterspout_cmdb.gateway.permissions import PERMISSIONS

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401


def _are_networks(texts):
    try:
        Networks([native_str(text) for text in texts])
    except ValueError:
        return False
    return True


_NETWORKS = "networks such as 10.0.0.0/8, addresses, or unix:", _are_networks

OPTIONS = (
    option("api_keys", basestring_type, "", "FILE",
           "serve only clients with a key, or a certificate, that is in this file", ANY_TEXT),
    option("accept_org_header", bool, False, "",
           "pass the org and the user that a request names on to the CMDB, from every client; "
           "with --api-keys, the file says who may use which", YES_OR_NO),
    option("tls_cert", basestring_type, "", "FILE",
           "serve over TLS with this certificate", ANY_TEXT),
    option("tls_key", basestring_type, "", "FILE",
           "its private key, if it is not in the same file", ANY_TEXT),
    option("tls_client_ca", basestring_type, "", "FILE",
           "ask clients for a certificate of one of these authorities", ANY_TEXT),
    option("tls_client_cert", basestring_type, "required", "required|optional",
           "optional: clients without one are served, if they have a key",
           one_of(("required", "optional"))),
    option("tls_min_version", basestring_type, "1.2", "VERSION",
           "the oldest version of TLS: 1.2 or 1.3", one_of(("1.2", "1.3"))),
    option("trusted_proxies", basestring_type, [], "NETWORKS",
           "whose word counts for the address and the scheme of a client: 10.0.0.0/8,::1,unix:",
           _NETWORKS, several=True),
    option("forwarded_field", basestring_type, "X-Forwarded-For", "NAME",
           "where these proxies say it: X-Forwarded-For (with X-Forwarded-Proto) or Forwarded",
           one_of(("X-Forwarded-For", "Forwarded"))),
)  # fmt: skip


def check(options):
    # type: (OptionParser) -> None
    """Check these options and read the files, without a word about what is only unwise.

    Raises: BadOption: see `app_keywords`.
    """
    app_keywords(options, report=lambda text: None)


def app_keywords(options, report=None):
    # type: (OptionParser, Optional[Callable[[str], Any]]) -> Dict[str, Any]
    """Return the keywords of `make_app` that these options mean. The files are read now.

    Args:
        report (callable or None): is called with the text of each warning; None: it is logged.
    Raises: BadOption: a file, or some options together, cannot be used.
    """
    reasons = _complaints(options)
    keywords = {
        "trusted_proxies": [native_str(text) for text in options.trusted_proxies],
        "forwarded_field": native_str(options.forwarded_field),
        "accept_org_header": options.accept_org_header,
    }  # type: Dict[str, Any]
    for name, read in (("api_keys", _keys), ("tls_cert", _tls)):
        if getattr(options, name):
            try:
                keywords.update(read(options, report))
            except ConfigurationError as error:
                reasons.append("%s: %s" % (name, error))
    if reasons:
        raise BadOption(reasons)
    if options.tls_client_ca and not options.api_keys:
        keywords["client_certificates"] = True
    return keywords


def _complaints(options):
    # type: (OptionParser) -> List[str]
    found = ["%s needs tls_cert" % name for name in ("tls_key", "tls_client_ca")
             if getattr(options, name) and not options.tls_cert]
    # As by --api-keys=$KEYS where there is no such variable: everyone would be served.
    found += ["%s is empty; leave the flag out, or name a file" % name
              for name in ("api_keys", "tls_cert", "tls_client_ca")
              if not getattr(options, name) and options.origin(name).kind == FLAG]
    if options.tls_client_cert == "optional" and not options.api_keys:
        found.append("tls_client_cert=optional needs api_keys: without a file of keys, every "
                     "client without a certificate would be served")
    if options.api_keys and options.accept_org_header:
        found.append("accept_org_header is for clients without keys; the file that api_keys "
                     "names says which orgs and users a key may use")
    return found


def _keys(options, report):
    # type: (OptionParser, Optional[Callable[[str], Any]]) -> Dict[str, Any]
    return {"api_keys": APIKeys.read(native_str(options.api_keys), PERMISSIONS, report)}


def _tls(options, report):
    # type: (OptionParser, Optional[Callable[[str], Any]]) -> Dict[str, Any]
    return {"ssl_options": server_tls(
        native_str(options.tls_cert),
        _path(options.tls_key),
        _path(options.tls_client_ca),
        native_str(options.tls_client_cert),
        native_str(options.tls_min_version),
        report,
    )}


def _path(text):
    # type: (str) -> Optional[str]
    return native_str(text) if text else None
