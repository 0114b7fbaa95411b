"""No module imports itself by a detour, not even for its type hints.

A cycle of runtime imports breaks when its other end is imported first. A cycle of type
hints (`if TYPE_CHECKING:`) does no harm at run time, but shows that two modules are one idea, or
that a lower layer names a class of a higher one where a protocol would do.
"""

from __future__ import absolute_import, division, print_function

import ast
import os

import import_rules
import pytest

ROOT = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir)

#: Where packages stand; the second distribution has a source folder of its own.
SOURCES = [os.path.join(ROOT, "src"), os.path.join(ROOT, "cmdb", "src")]

_ABOUT = "an error holds the request and the response it is about; reading those raises errors"

#: Imports that close a cycle and stay, for type hints alone, each with its reason.
ALLOWED = {
    ("waterspout.exceptions", "waterspout.models.prepared_request"): _ABOUT,
    ("waterspout.exceptions", "waterspout.models.response"): _ABOUT,
}


def all_imports(node):
    # type: (ast.AST) -> Iterator[str]
    """Yield the dotted names that are imported, at run time or under `if TYPE_CHECKING:`."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield alias.name
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                yield ".".join([child.module, alias.name])


def graph_of(sources):
    # type: (dict[str, bytes]) -> dict[str, set[str]]
    """For each module the modules it imports; an imported attribute counts as its module."""
    graph = {}
    for module in sources:
        graph[module] = set()
        for name in all_imports(ast.parse(sources[module])):
            while name and name not in sources:
                name = name.rpartition(".")[0]
            if name and name != module:
                graph[module].add(name)
    return graph


def cycles(graph):
    # type: (dict[str, set[str]]) -> list[set[str]]
    """The strongly connected sets of more than one module (Kosaraju's algorithm)."""
    reverse = {module: set() for module in graph}
    for module in graph:
        for other in graph[module]:
            reverse[other].add(module)
    order, seen = [], set()
    for module in sorted(graph):
        _visit(module, graph, seen, order)
    found, seen = [], set()
    for module in reversed(order):
        members = []
        _visit(module, reverse, seen, members)
        if len(members) > 1:
            found.append(set(members))
    return found


def _visit(start, graph, seen, order):
    # type: (str, dict[str, set[str]], set[str], list[str]) -> None
    """Append to ``order`` what can be reached from ``start`` and was not seen, deepest first."""
    if start in seen:
        return
    seen.add(start)
    path = [(start, iter(sorted(graph[start])))]
    while path:
        module, others = path[-1]
        other = next((each for each in others if each not in seen), None)
        if other is None:
            order.append(module)
            path.pop()
        else:
            seen.add(other)
            path.append((other, iter(sorted(graph[other]))))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_no_import_cycle_with_type_hints_included():
    """Without the imports that are allowed by name, each with a reason, there is none."""
    sources = {}
    for folder in SOURCES:
        for module, path in import_rules.modules(folder):
            sources[module] = read(path)
    assert {"waterspout.session", "waterspout_cmdb"} <= set(sources)
    graph = graph_of(sources)
    for module, other in ALLOWED:
        at_run_time = import_rules.imported_names(ast.parse(sources[module]))
        assert not any(name.startswith(other) for name in at_run_time)
        graph[module].remove(other)
    assert [sorted(each) for each in cycles(graph)] == []


@pytest.mark.parametrize("sources, expected", [
    ({"a": b"import b", "b": b"import a"}, [{"a", "b"}]),
    ({"a": b"import b", "b": b"if TYPE_CHECKING:\n    import a"}, [{"a", "b"}]),
    ({"a": b"import b", "b": b"def late():\n    import c", "c": b"from a import name"},
     [{"a", "b", "c"}]),
    ({"p.a": b"from p import b", "p.b": b"from p.a import name", "p": b""}, [{"p.a", "p.b"}]),
    ({"a": b"import b\nimport c", "b": b"import c", "c": b"import os"}, []),
], ids=["two", "type hint", "three, late", "in a package", "none"])
def test_planted_cycle_is_found(sources, expected):
    """The search finds cycles of runtime imports, late imports and type hints, and no others."""
    assert cycles(graph_of(sources)) == expected
