"""Where rows go, and where instances come from: a CMDB gateway, or a CMDB itself."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout
from waterspout.service import ConfigurationError, check_client_tls
from waterspout_cmdb.command_line.option import ANY_TEXT, option
from waterspout_cmdb.command_line.sources import DEFAULT, ENVIRONMENT, FLAG

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Optional  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: Where `waterspout-cmdb serve` listens unless told otherwise.
GATEWAY = "http://127.0.0.1:8888"

# As the gateway takes it from a key, or from a client that it believes.
_ORG = ("printable ASCII without spaces and commas",
        re.compile(r"[\x21-\x2b\x2d-\x7e]{0,200}\Z").match)
_SEVERAL_TEXTS = "text, or a list of texts", lambda texts: True
_HEADER_TEXT = "printable ASCII without spaces", re.compile(r"[\x21-\x7e]*\Z").match

#: The option wins that stands nearer to the user.
_NEARNESS = {DEFAULT: 0, ENVIRONMENT: 1, FLAG: 2}

OPTIONS = (
    option("gateway", basestring_type, GATEWAY, "URL", "the CMDB gateway to call", ANY_TEXT),
    option("upstream", basestring_type, [], "HOST:PORT",
           "call this CMDB itself, in place of a gateway; or its base URL; several addresses of "
           "it, by commas or by repeating this, share the calls", _SEVERAL_TEXTS, several=True),
    option("api_key", basestring_type, "", "KEY",
           "has the key that the gateway asks for", _HEADER_TEXT, secret=True),
    option("org", basestring_type, "", "ORG",
           "organisation to act for; unless given, a gateway's own, and 777777 for a CMDB", _ORG),
    option("user", basestring_type, "", "NAME",
           "user to act for; unless given, a gateway's own, and defaultUser for a CMDB",
           _HEADER_TEXT),
    option("ca", basestring_type, "", "FILE",
           "trust these authorities for https://, instead of the system's", ANY_TEXT),
    option("cert", basestring_type, "", "FILE", "the certificate to show over https://", ANY_TEXT),
    option("cert_key", basestring_type, "", "FILE",
           "its private key, if it is not in the same file", ANY_TEXT),
)  # fmt: skip


def uses_upstream(options):
    # type: (Options) -> bool
    """Return whether a CMDB itself is called."""
    return bool(options.upstream) and _nearness(options, "upstream") >= _nearness(
        options, "gateway")


def called_urls(options):
    # type: (Options) -> List[str]
    """Return the hosts or URLs that are called, as the user wrote them; mostly one."""
    return [native_str(each) for each in (
        options.upstream if uses_upstream(options) else [options.gateway])]


def complaints(options):
    # type: (Options) -> List[str]
    """Return what is wrong with these options together, or with the files that they name."""
    found = []
    if options.upstream and _nearness(options, "upstream") == _nearness(options, "gateway"):
        found.append("gateway and upstream are both given: name the one to call")
    name = "upstream" if uses_upstream(options) else "gateway"
    urls = called_urls(options)
    try:
        for url in urls:
            waterspout.BaseSDK(url)
        waterspout.BaseSDK(urls)  # They must go together.
    except ValueError as error:
        found.append("%s: it must be a URL such as %s: %s" % (
            name, "http://10.0.0.1:8079" if name == "upstream" else GATEWAY, error))
    if name == "upstream" and options.api_key:
        found.append("api_key: a key is for a gateway, and --upstream calls a CMDB: leave it out")
    ca, cert, key = [native_str(getattr(options, each)) or None for each in (
        "ca", "cert", "cert_key")]
    plain = [url for url in urls if not url.startswith("https://")]
    if plain:
        found += ["%s: it is for https://, and %s is not" % (each, plain[0])
                  for each in ("ca", "cert", "cert_key") if getattr(options, each)]
    try:
        check_client_tls(ca, cert, key)
    except ConfigurationError as error:
        found.append(str(error))
    return found


def _nearness(options, name):
    return _NEARNESS.get(options.origin(name).kind, 1)
