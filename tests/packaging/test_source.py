from __future__ import absolute_import, division, print_function
import __future__

import ast
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys

import example_projects
import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))

#: The sources of the second distribution, as ``src`` has those of the library.
CMDB = os.path.join("cmdb", "src")
FUTURE = "from __future__ import absolute_import, division, print_function"

#: Paths that exist on the author's machine only.
MACHINE_PATHS = re.compile(br"/(?:[w]ork|[r]oot|[h]ome|[U]sers)/|\.[p]yenv/versions/|/[t]mp/v/")

#: Syntax that Python 2.7 cannot read; there is no need of a 2.7 to find it.
NEW_SYNTAX = tuple(
    getattr(ast, name)
    for name in "AsyncFunctionDef Await JoinedStr YieldFrom Nonlocal AnnAssign NamedExpr".split()
    if hasattr(ast, name)
)


def files(*places, **kwargs):
    """Return the paths of the files in these places of the tree, sorted."""
    found = []
    for place in places:
        place = os.path.join(ROOT, place)
        found += [place] if os.path.isfile(place) else []
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if not _is_made(name)]
            found += [os.path.join(folder, name) for name in names if not _is_made(name)]
    return sorted(path for path in found if path.endswith(kwargs.get("ending", "")))


def _is_made(name):
    return name == "__pycache__" or name.endswith((".egg-info", ".pyc", ".pyo"))


def read(path):
    return raw(path).decode("utf-8")


def raw(path):
    with open(path, "rb") as file:
        return file.read()


def name_of(path):
    return os.path.relpath(path, ROOT)


def test_every_file_has_the_same_future():
    """Division, imports and print mean the same on 2.7 and 3, in the tests as well."""
    paths = files("src", CMDB, "tests", ending=".py")
    paths += [path for name in example_projects.ON_PYTHON_2
              for path in files(os.path.join("examples", name), ending=".py")
              if os.path.basename(path) != "__init__.py"]
    assert [name_of(path) for path in paths if FUTURE not in read(path).splitlines()] == []


def test_every_module_says_what_it_is():
    """A module opens with a docstring."""
    paths = files("src", CMDB, ending=".py")
    assert [name_of(path) for path in paths if not ast.get_docstring(parsed(path))] == []


def test_no_module_uses_newer_syntax():
    """No source is beyond Python 2.7; ``async def`` lives in tests/py3 and the docs."""
    paths = files("src", CMDB, ending=".py")
    assert [name_of(path) for path in paths if any(map(is_newer, ast.walk(parsed(path))))] == []


@pytest.mark.skipif(sys.version_info[0] == 2, reason="2.7 cannot parse these at all")
@pytest.mark.parametrize(
    "code",
    [
        "async def fetch(): pass",
        "f'{name}'",
        "def flow():\n    yield from other()",
        "raise ValueError() from error",
        "def get(url, *, timeout): pass",
        "def get(url: str): pass",
        "def get(url) -> str: pass",
        "timeout: float = 10",
    ],
)
def test_newer_syntax_is_recognized(code):
    """The test above would see what it looks for."""
    assert any(map(is_newer, ast.walk(ast.parse(code))))


def test_the_sources_compile(tmp_path):
    """``compileall`` exits 0 on this interpreter: packagers of operating systems run it."""
    for place in ("src", CMDB):
        copy = str(tmp_path / place)
        # Without the compiled files, which come and go while other interpreters run their tests.
        shutil.copytree(os.path.join(ROOT, place), copy,
                        ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        assert subprocess.call([sys.executable, "-m", "compileall", "-q", "-f", copy]) == 0


@pytest.mark.parametrize("name", ["waterspout", "waterspout.service", "waterspout_cmdb"])
def test_all_is_complete(name):
    """``__all__`` lists every public name of a package, and nothing that is not there."""
    package = importlib.import_module(name)
    public = {
        key
        for key, value in vars(package).items()
        if not key.startswith("_") and not inspect.ismodule(value)
        and not isinstance(value, __future__._Feature)
    }
    listed = {key for key in package.__all__ if not inspect.ismodule(getattr(package, key))}
    assert listed - {"__version__"} == public


def test_the_versions_agree():
    """Both distributions have the newest version of the changelog."""
    changelog = read(os.path.join(ROOT, "CHANGELOG.md"))
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+\S*?)\]?(\s|$)", changelog, re.MULTILINE).group(1)
    assert importlib.import_module("waterspout").__version__ == newest
    assert importlib.import_module("waterspout_cmdb").__version__ == newest


def test_the_licences_agree():
    """Each distribution packs its own copy of one licence."""
    assert raw(os.path.join(ROOT, "LICENSE")) == raw(os.path.join(ROOT, "cmdb", "LICENSE"))


def test_no_path_of_one_machine_is_in_the_tree():
    """Everything works from wherever it was cloned to."""
    places = (
        "src", "cmdb", "tests", "scripts", "docs", "benchmarks", "deploy", "examples", ".ci",
        ".github", "Makefile", "setup.py", "setup.cfg", "pyproject.toml", "README.md",
        "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "MANIFEST.in", ".pre-commit-config.yaml",
    )
    assert [name_of(path) for path in files(*places) if MACHINE_PATHS.search(raw(path))] == []
    assert MACHINE_PATHS.search(b"see /" + b"work/main")


def test_every_test_module_has_a_name_of_its_own():
    """There are no packages in tests/: pytest cannot collect two modules of the same name."""
    names = [os.path.basename(path) for path in files("tests", ending=".py")
             if os.path.basename(path).startswith("test_")]
    assert sorted(set(names)) == sorted(names)


def parsed(path):
    return ast.parse(raw(path))


def is_newer(node):
    if isinstance(node, ast.Raise):
        return getattr(node, "cause", None) is not None
    if isinstance(node, ast.FunctionDef):
        annotated = [arg for arg in node.args.args if getattr(arg, "annotation", None)]
        keyword_only = getattr(node.args, "kwonlyargs", [])
        return bool(annotated or keyword_only or getattr(node, "returns", None))
    return isinstance(node, NEW_SYNTAX)

