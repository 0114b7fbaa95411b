"""Link header fields (RFC 8288)."""

from __future__ import absolute_import, division, print_function

import re

# A target, and its parameters up to a comma that is not quoted. No character can be taken in two
# ways, so that a hostile field takes time by its length.
_LINK = re.compile(r'<([^<>]*)>((?:[^,"]|"[^"]*")*)')
_PARAMETER = re.compile(r';\s*([^=;\s"]+)\s*=\s*(?:"([^"]*)"|([^;"]*))')


def parse_links(field):
    # type: (str) -> Dict[str, Dict[str, str]]
    """The links of a Link field by their ``rel``, else by their URL, as in requests.

    Each is ``{"url": ..., "rel": ..., ...}``; URLs are as they stand, which may be relative.
    """
    links = {}
    for target, parameters in _LINK.findall(field):
        link = {"url": target.strip(" '\"")}
        for name, quoted, bare in _PARAMETER.findall(parameters):
            link[name] = quoted or bare.strip(" '")
        links[link.get("rel") or link["url"]] = link
    return links
