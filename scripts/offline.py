"""Find what built HTML pages load from other hosts. Links that a reader clicks are allowed."""

from __future__ import absolute_import, division, print_function

import io
import os
import re

#: A URL of another host, the way it is written in HTML and CSS.
_ELSEWHERE = r"""["']?((?:https?:)?//[^"'\s)>]+)"""
#: What makes a browser load something: a source, a stylesheet or icon, a font or image in CSS.
_LOADS = re.compile(
    r"\ssrc(?:set)?=%(url)s|<link\b(?![^>]*\brel=[\"']?canonical)[^>]*\shref=%(url)s"
    r"|\burl\(\s*%(url)s|@import\s+%(url)s" % {"url": _ELSEWHERE})


def loaded_from_elsewhere(folder):
    # type: (str) -> list[tuple[str, str]]
    """Return (page, URL) for each resource that a page or stylesheet in ``folder`` loads."""
    found = []
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith((".html", ".css")):
                with io.open(os.path.join(place, name), encoding="utf-8") as file:
                    urls = loads(file.read())
                page = os.path.relpath(os.path.join(place, name), folder)
                found += [(page, url) for url in urls]
    return found


def loads(text):
    # type: (str) -> list[str]
    """Return the URLs on other hosts that a browser loads for this HTML or CSS."""
    return [next(url for url in match.groups() if url) for match in _LOADS.finditer(text)]
