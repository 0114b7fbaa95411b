"""A Sphinx extension that reads our docstrings.

``Raises: InvalidURL.`` on one line, which napoleon takes for a paragraph, becomes a field that
looks like napoleon's own; so do ``Returns:``, ``Source:`` and their like. Signatures have one form
for unions, ``str | None``. Names in backticks and types in signatures become links where they are
documented; others, such as those of internal modules and of Tornado, do not.
"""

from __future__ import absolute_import, division, print_function

import logging
import re

from docutils import nodes
from sphinx import addnodes

_INLINE = re.compile(r"(Args|Attributes|Raises|Returns|Source|Yields): +(?=\S)")

#: ``Args (all optional):`` and ``Attributes, in this order:`` are titles of sections, too.
_NOTED = re.compile(r"^(Args|Attributes|Raises)(?: \((.+)\)|, (.+)):$")

#: The title of a section, which ends the field before it.
_TITLE = re.compile(r"^(Args|Attributes|Raises|Returns|Source|Yields|Example)\b[^:]*:$")

_UNION = re.compile(r"\b(?:typing\.)?(Optional|Union)\[")


def with_sections(lines):
    # type: (list[str]) -> list[str]
    """Return the lines with each ``Raises: text`` as a field."""
    result, inside = [], False
    for line in lines:
        noted, opening = _NOTED.match(line), _INLINE.match(line)
        if noted:
            note = noted.group(2) or noted.group(3)
            result += ["", note[:1].upper() + note[1:] + ":", ""]
            line = noted.group(1) + ":"
        if opening:
            result += ["", ":%s: %s" % (opening.group(1), line[opening.end():])]
            inside = True
        elif inside and line.strip() and not _TITLE.match(line):
            result.append("    " + line.strip())  # The same paragraph of the same field.
        else:
            result += [""] if inside else []
            inside = False
            result.append(line)
    return result


def with_bars(text):
    # type: (str) -> str
    """Return the types with ``X | None`` for ``Optional[X]`` and ``X | Y`` for ``Union[X, Y]``."""
    found = _UNION.search(text)
    if found is None:
        return text
    parts, depth, begin = [], 0, found.end()
    for end in range(begin, len(text)):
        if text[end] == "]" and depth == 0:
            parts.append(text[begin:end].strip())
            break
        if text[end] == "," and depth == 0:
            parts.append(text[begin:end].strip())
            begin = end + 1
        depth += (text[end] in "[(") - (text[end] in "])")
    others = [part for part in parts if part != "None"]
    is_optional = found.group(1) == "Optional" or len(others) < len(parts)
    bars = " | ".join(others + ["None"] * is_optional)
    return with_bars(text[:found.start()] + bars + text[end + 1:])


def process(app, what, name, obj, options, lines):
    lines[:] = with_sections(lines)
    if what in ("attribute", "property", "data"):
        # napoleon takes what stands before a colon in the first line for a type.
        lines[:0] = ["..", ""]


def shown_signature(app, what, name, obj, options, signature, return_annotation):
    """Show exceptions by name: users catch them, and all take the same arguments."""
    if what == "exception" and signature:
        return "", ""
    return with_bars(signature or "") or None, with_bars(return_annotation or "") or None


def without_link(app, env, node, contnode):
    """Show what is documented nowhere without a link; a role such as ``:class:`` warns."""
    if node.get("reftype") == "obj" and not node.get("refexplicit"):
        return nodes.literal("", contnode.astext(), classes=["py", "py-obj"])
    return contnode if in_signature(node) else None


def in_signature(node):
    while node is not None and not isinstance(node, addnodes.desc_signature):
        node = node.parent
    return node is not None


def is_unexpected(record):
    """Return False for the warning about a type comment where a ``__signature__`` is shown."""
    return not (record.msg.startswith("Failed to update signature")
                and hasattr(record.args[0], "__signature__"))


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    logging.getLogger("sphinx.sphinx.ext.autodoc").addFilter(is_unexpected)
    app.connect("autodoc-process-docstring", process, priority=100)
    app.connect("autodoc-process-signature", shown_signature)
    app.connect("missing-reference", without_link)
    return {"version": "1", "parallel_read_safe": True}
