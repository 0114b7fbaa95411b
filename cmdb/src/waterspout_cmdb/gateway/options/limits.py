"""How much each process of the gateway takes on at once."""

from __future__ import absolute_import, division, print_function

from waterspout.service import Overload, RateLimit
from waterspout_cmdb.command_line.option import BadOption, between, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

_COUNTS = between(0, 1000000)

OPTIONS = (
    option("max_requests", int, 0, "N",
           "requests that run at once, in each process; further ones get 503; 0: no limit",
           _COUNTS),
    option("max_requests_per_tenant", int, 0, "N",
           "of these, requests of one client; further ones get 429; 0: no limit", _COUNTS),
    option("max_waiting", int, 0, "N",
           "requests that wait for their turn, before they are refused", _COUNTS),
    option("max_wait", float, 1.0, "SECONDS", "how long they wait", between(0.001, 3600)),
    option("max_body_memory", int, 0, "BYTES",
           "of the bodies of all requests at once; further large ones get 503; 0: no limit",
           between(0, 2 ** 40)),
    option("rate_limit", float, 0.0, "N",
           "requests of one client in a second; further ones get 429; 0: no limit",
           between(0, 1000000)),
    option("rate_burst", int, 0, "N",
           "requests that a client may send at once; 0: those of one second", _COUNTS),
)  # fmt: skip


def app_keywords(options):
    # type: (OptionParser) -> Dict[str, Any]
    """Return the keywords of `make_app` that these options mean.

    Raises: BadOption: some together cannot be used.
    """
    return {"overload": _overload(options)}


def _overload(options):
    # type: (OptionParser) -> Optional[Overload]
    places = options.max_requests or options.max_requests_per_tenant
    reasons = []
    if options.max_waiting and not places:
        reasons.append("max_waiting needs max_requests or max_requests_per_tenant, the places "
                       "that requests wait for")
    if options.rate_burst and not options.rate_limit:
        reasons.append("rate_burst needs rate_limit")
    if 0 < options.max_body_memory < options.max_body_bytes:
        reasons.append("max_body_memory must be at least max_body_bytes, %d, which one request "
                       "may have" % options.max_body_bytes)
    if reasons:
        raise BadOption(reasons)
    if not (places or options.max_body_memory or options.rate_limit):
        return None
    rate_limit = None
    if options.rate_limit:
        rate_limit = RateLimit(options.rate_limit, options.rate_burst or None)
    return Overload(
        max_requests=options.max_requests or None,
        max_requests_per_tenant=options.max_requests_per_tenant or None,
        max_waiting=options.max_waiting,
        max_wait=options.max_wait,
        max_body_bytes_in_flight=options.max_body_memory or None,
        rate_limit=rate_limit,
    )
