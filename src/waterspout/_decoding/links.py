"""Link header fields (RFC 8288)."""

from __future__ import absolute_import, division, print_function

import re

# A target, and its parameters up to a comma outside quotes. No character can match in two ways, so
# that the time is linear in the length of a hostile field.
_LINK = re.compile(r'<([^<>]*)>((?:[^,"]|"[^"]*")*)')
_PARAMETER = re.compile(r';\s*([^=;\s"]+)\s*=\s*(?:"([^"]*)"|([^;"]*))')


def parse_links(field):
    # type: (str) -> Dict[str, Dict[str, str]]
    """The links of a Link field by their ``rel``, or by their URL without one, as in requests.

    Each is ``{"url": ..., "rel": ..., ...}``. URLs are unchanged, and may be relative.
    """
    links = {}
    for target, parameters in _LINK.findall(field):
        link = {"url": target.strip(" '\"")}
        for name, quoted, bare in _PARAMETER.findall(parameters):
            link[name] = quoted or bare.strip(" '")
        links[link.get("rel") or link["url"]] = link
    return links
