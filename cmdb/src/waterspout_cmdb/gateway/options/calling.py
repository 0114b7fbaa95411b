"""How the gateway calls the CMDB."""

from __future__ import absolute_import, division, print_function

import re

from tornado.util import basestring_type

import waterspout
from waterspout_cmdb.command_line.option import (
    ANY_NUMBER,
    ANY_TEXT,
    BadOption,
    between,
    one_of,
    option,
)
from waterspout_cmdb.command_line.sources import FLAG
from waterspout_cmdb.gateway.call_policies import (
    MAX_CONCURRENT,
    MAX_QUEUED,
    RETRIES,
    call_policies,
)
from waterspout_cmdb.gateway.options.upstream_tls import tls_keywords
from waterspout_cmdb.gateway.passing_sdk import PassingSDK

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Sequence  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

#: The default transport to the CMDB, which is waterspout's own default.
TRANSPORT = waterspout.TRANSPORTS[0]

#: Seconds for a whole call to the CMDB. `timeout` does not limit it: an answer may arrive slowly.
#: An import of 10,000 rows takes the sandbox 3 s; proxies commonly give up after 60 s.
TOTAL_TIMEOUT = 300.0

_HEADER_TEXT = "printable ASCII without spaces", re.compile(r"[\x21-\x7e]+\Z").match
_SEVERAL_TEXTS = "text, or a list of texts", lambda texts: True
_NO_UPSTREAM = "upstream must be HOST:PORT or a base URL: %s"
_DAY = 86400

OPTIONS = (
    option("upstream", basestring_type, [], "HOST:PORT",
           "the CMDB, or its base URL; several, by commas or by repeating this, share the calls; "
           "without one an embedded sandbox CMDB is started",
           _SEVERAL_TEXTS, several=True),
    option("upstream_ca", basestring_type, "", "FILE",
           "trust these authorities for a CMDB with https://, instead of the system's", ANY_TEXT),
    option("upstream_cert", basestring_type, "", "FILE",
           "the certificate to show to a CMDB with https://", ANY_TEXT),
    option("upstream_key", basestring_type, "", "FILE",
           "its private key, if it is not in the same file", ANY_TEXT),
    option("org", int, 777777, "ORG", "organisation id sent to the CMDB", ANY_NUMBER),
    option("user", basestring_type, "defaultUser", "NAME",
           "user name sent to the CMDB", _HEADER_TEXT),
    option("transport", basestring_type, TRANSPORT, "NAME",
           "how to call the CMDB: " + ", ".join(waterspout.TRANSPORTS),
           one_of(waterspout.TRANSPORTS)),
    option("timeout", float, 10.0, "SECONDS",
           "to connect to the CMDB, and between two bytes of its answer", between(0.001, _DAY)),
    option("total_timeout", float, TOTAL_TIMEOUT, "SECONDS",
           "for a whole call to the CMDB", between(0.001, _DAY)),
    option("retries", int, RETRIES, "N",
           "times that a search, or an import with keys, is sent again; 0: never", between(0, 10)),
    option("max_concurrent", int, MAX_CONCURRENT, "N",
           "calls to each upstream that run at once, in each process; 0: no limit",
           between(0, 10000)),
    option("max_queued", int, MAX_QUEUED, "N",
           "calls that wait for their turn; further ones are answered with 503",
           between(0, 1000000)),
    option("max_concurrent_per_org", int, 0, "N",
           "of these, calls with the same org header; 0: no limit, the default",
           between(0, 10000)),
    option("breaker", basestring_type, "on", "on|off",
           "answer with 503 for some seconds while most calls to the CMDB fail",
           one_of(("on", "off"))),
)  # fmt: skip


def sdk_maker(hosts, options):
    # type: (Sequence[str], OptionParser) -> Callable[..., PassingSDK]
    """Return a function that makes a process's SDK, of the observers of its calls.

    One SDK is made and discarded here, so that a bad option is reported before anything starts.

    Args:
        hosts: one or several upstreams.
    Raises:
        BadOption: an option, or some together, cannot be used.
        waterspout.TransportUnavailable: the transport's package is not installed.
    """
    keywords, reasons = _keywords(options), []  # type: Dict[str, Any], List[str]
    for policies_or_tls in (_policies, tls_keywords):
        try:
            keywords.update(policies_or_tls(options, hosts))
        except BadOption as error:
            reasons += error.reasons
    reasons += _complaints(hosts)
    if not options.upstream and options.origin("upstream").kind == FLAG:
        # As by --upstream=$CMDB where there is no such variable: imports would go to the sandbox.
        reasons.append("upstream is empty; leave the flag out for the sandbox, or name the CMDB")
    if reasons:
        raise BadOption(reasons)
    host = hosts[0] if len(hosts) == 1 else hosts

    def make_sdk(observers=()):
        return PassingSDK(host, observers=observers, **keywords)

    try:
        make_sdk()
    except ValueError as error:  # Hosts that do not go together.
        raise BadOption(_NO_UPSTREAM % error)
    return make_sdk


def _complaints(hosts):
    # type: (Sequence[str]) -> List[str]
    found = []
    for host in hosts:
        try:
            waterspout.BaseSDK(host)
        except ValueError as error:
            found.append(_NO_UPSTREAM % error)
    return found


def _keywords(options):
    # type: (OptionParser) -> Dict[str, Any]
    return dict(
        org=options.org,
        user=options.user,
        transport=options.transport,
        timeout=waterspout.ClientTimeout(
            connect=options.timeout, read=options.timeout, total=options.total_timeout),
    )


def _policies(options, hosts):
    # type: (OptionParser, Sequence[str]) -> Dict[str, Any]
    try:
        return call_policies(
            options.retries,
            options.max_concurrent,
            options.max_queued,
            options.max_concurrent_per_org,
            options.breaker == "on",
            len(hosts),
        )
    except ValueError as error:
        raise BadOption(str(error))
