"""The base URL of an SDK: host and port, or a whole URL."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, string_types, text_type, to_text
from waterspout._encoding.urls import parse
from waterspout.exceptions import InvalidURL

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401

#: The base URL of an SDK as text, and those of all its hosts.
Bases = namedtuple("Bases", "base_url urls origins")

#: What `bases_of` returned, by host.
_bases = {}  # type: Dict[str, Bases]
_BASE_ENTRIES = 512

_TEXTS = frozenset([str, text_type])


def bases_of(host):
    # type: (Any) -> Bases
    """The `Bases` for ``host``, or for a list of several; of one the last results are kept.

    A service may make an SDK for each of its own requests. No secret is kept: a base URL has no
    credentials.

    Raises: as `parse_base`; ValueError: hosts that differ in more than host and port, or no host.
    """
    is_text = type(host) in _TEXTS
    found = _bases.get(host) if is_text else None
    if found is None:
        if isinstance(host, (list, tuple)):
            return _several(host)
        found = _made_of((parse_base(host),))
        if is_text:
            keep(_bases, host, found, _BASE_ENTRIES)
    return found


def _several(hosts):
    urls = tuple([parse_base(each) for each in hosts])
    if not urls:
        raise ValueError("host=%r: give at least one host" % (hosts,))
    for url in urls[1:]:
        if (url.scheme, url.path.rstrip("/")) != (urls[0].scheme, urls[0].path.rstrip("/")):
            raise ValueError("%s and %s: the hosts of one upstream may differ in host and port only"
                             % (urls[0].for_messages, url.for_messages))
    return _made_of(urls)


def _made_of(urls):
    return Bases(str(urls[0]).rstrip("/"), urls, tuple([url.origin for url in urls]))


def parse_base(host):
    # type: (str) -> URL
    """Parse ``"host:port"`` or a base URL.

    Raises: InvalidURL, MissingSchema, InvalidSchema; also for credentials (use ``auth=``), a query
        or a fragment, which would be in the middle of every URL.
    """
    if not isinstance(host, string_types):
        raise InvalidURL("host must be text, not %s" % type(host).__name__)
    host = to_text(host)
    url = parse(host if u"://" in host else u"http://" + host)
    if url.userinfo is not None or url.query or url.fragment:
        raise InvalidURL(
            "%s: a base URL has no credentials (that is auth=), query or fragment"
            % url.for_messages)
    return url
