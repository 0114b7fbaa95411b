"""The pages of the documentation and the code blocks on them."""

from __future__ import absolute_import, division, print_function

import ast
import collections
import io
import os
import re
import sys

import example_projects
from programs import ROOT

#: ``line`` is the first line of ``source`` on the page.
Block = collections.namedtuple("Block", "page language line source")

_FENCE = re.compile(r"^([ ]*)(```+|:::+)[ ]*(.*?)[ ]*$")


def pages():
    # type: () -> list[str]
    """Return the paths of all pages, below the root of the tree."""
    found = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    found += ["benchmarks/README.md", "cmdb/README.md"]
    found += ["examples/%s/README.md" % name for name in example_projects.names()]
    for folder, _, names in os.walk(os.path.join(ROOT, "docs")):
        folder = os.path.relpath(folder, ROOT).replace(os.sep, "/")
        found += ["%s/%s" % (folder, name) for name in names if name.endswith(".md")]
    return sorted(found)


def blocks(page, language=None):
    # type: (str, str | None) -> list[Block]
    """Return the fenced blocks of a page in order, or those of one language."""
    with io.open(os.path.join(ROOT, page), encoding="utf-8") as file:
        lines = file.read().splitlines()
    found, opened = [], None
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if opened is None and fence:
            opened = (fence.group(1), fence.group(2), fence.group(3), number + 1)
        elif opened is not None and fence and fence.group(2) == opened[1] and not fence.group(3):
            indent, _, info, first = opened
            source = u"\n".join(each[len(indent):] for each in lines[first - 1:number - 1]) + u"\n"
            found.append(Block(page, info, first, source))
            opened = None
    assert opened is None, "%s:%d: a block that does not end" % (page, opened[3])
    return [block for block in found if language in (None, block.language)]


def needs_python_3(source):
    # type: (str) -> bool
    """Return whether the source has `async` or `await`, so that Python 2.7 cannot read it."""
    return re.search(r"^\s*async |\bawait ", source, re.MULTILINE) is not None


def imported(source):
    # type: (str) -> set[str]
    """Return the names of the top-level packages that the source imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.partition(".")[0])
    return names


def functions(source):
    # type: (str) -> list[tuple[str, list[str]]]
    """Return (name, names of the parameters) of each function at the top of the source."""
    kinds = tuple(getattr(ast, name) for name in ("FunctionDef", "AsyncFunctionDef")
                  if hasattr(ast, name))
    return [
        (node.name, [getattr(each, "arg", getattr(each, "id", None)) for each in node.args.args])
        for node in ast.parse(source).body if isinstance(node, kinds)
    ]


def commands(source):
    # type: (str) -> list[str]
    """Return the command lines of a shell block, without comments; continued lines are joined."""
    lines = source.replace(u"\\\n", u" ").splitlines()
    lines = [re.sub(r"(^|\s)#\s.*", "", line).strip() for line in lines]
    return [line for line in lines if line]


def run(block, names, replacements=()):
    # type: (Block, dict, list[tuple[str, str]]) -> None
    """Execute the block in the namespace ``names``; its traceback has the lines of the page."""
    source = block.source
    for old, new in replacements:
        source = source.replace(old, new)
    if sys.version_info[0] == 2:
        source = (u"# coding: utf-8\n" + u"\n" * (block.line - 2) + source).encode("utf-8")
    else:
        source = u"\n" * (block.line - 1) + source
    # Ours is not inherited: on 2.7 a page divides as that Python does.
    exec(compile(source, block.page, "exec", 0, True), names)
