"""Type checkers on the documentation's examples and the projects in examples/, as at a user's.

The examples of the documentation, and tests/typing, stand in a folder of their own beside the
installed wheels, and so does each project. No example may silence a checker.
"""

from __future__ import absolute_import, division, print_function

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile

import environment

sys.path.insert(0, os.path.join(environment.ROOT, "tests", "support"))

import doc_pages  # noqa: E402
import example_projects  # noqa: E402

#: Has the wheels, and the checkers of another environment.
FOLDER = os.path.join(environment.ROOT, ".venvs", "wheels")

#: Of the newest Python; what a checker finds for it, it finds for every Python 3.
PYTHON_VERSION = "3.13"

#: For each checker its arguments; {python} is the one of FOLDER.
COMMANDS = {
    "mypy": [
        "--strict", "--allow-untyped-defs", "--allow-untyped-calls", "--check-untyped-defs",
        "--no-error-summary", "--python-version", PYTHON_VERSION,
        "--cache-dir", os.path.join(environment.ROOT, ".mypy_cache", "examples"), ".",
    ],
    "pyright": ["--pythonversion", PYTHON_VERSION, "--pythonpath", "{python}"],
}

#: An ignore in tests/typing stands for a mistake that has to be found; mypy's --strict sees to it.
_PYRIGHT = u"""{
    "include": ["."],
    "reportUnnecessaryTypeIgnoreComment": "error",
    "reportMissingModuleSource": "none"
}"""

#: What examples import that has no types or is not installed: any attribute of it is there.
UNTYPED = ("pytest", "pytest_asyncio", "responses", "vcr", "vcr.stubs", "vcr.stubs.tornado_stubs")
_STUB = u"from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n"

_SILENCED = re.compile(r"#\s*(type|pyright|mypy):")

#: Folders of a project that its build does not need.
_NOT_BUILT = ("tests", "docs", "benchmarks", "scripts", "build", "dist")


def check(checkers, tools):
    # type: (list[str], str) -> list[str]
    """Run these of COMMANDS, which the Python ``tools`` has; return those that complain."""
    python = install_wheels(tools)
    folder = tempfile.mkdtemp(prefix="waterspout-")
    try:
        pages = os.path.join(folder, "pages")
        os.mkdir(pages)
        places = [(pages, write_examples(pages))]
        places += [write_project(name, folder) for name in example_projects.names()]
        return [name for name in checkers
                if not all([passes(name, python, *place) for place in places])]
    finally:
        shutil.rmtree(folder)


def passes(checker, python, folder, origins):
    # type: (str, str, str, dict[str, str]) -> bool
    """Run one checker in ``folder``; its complaints name the pages."""
    command = [python, "-m", checker] + [each.format(python=python) for each in COMMANDS[checker]]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = process.communicate()[0].decode("utf-8", "replace")
    text = re.sub(
        r"(?:\S*/)?(\w+\.py)\b", lambda match: origins.get(match.group(1), match.group()), text)
    sys.stdout.write(text if str is not bytes else text.encode("utf-8"))
    sys.stdout.flush()
    return process.returncode == 0


def write_examples(folder):
    # type: (str) -> dict[str, str]
    """Write each example into a module of its own, its lines where they are on the page.

    Returns: the path of the page, or of the file in tests/typing, for each file name.
    Raises Failed: an example silences a checker.
    """
    origins = {}
    for page in doc_pages.pages():
        for block in doc_pages.blocks(page, "python"):
            if _SILENCED.search(block.source):
                raise environment.Failed(
                    "%s:%d: an example silences a checker" % (page, block.line))
            name = "%s_%d.py" % (re.sub(r"\W", "_", page), block.line)
            origins[name] = page
            _write(folder, name, u"\n" * (block.line - 1) + block.source)
    for name in os.listdir(os.path.join(environment.ROOT, "tests", "typing")):
        if name.endswith(".py"):
            path = os.path.join("tests", "typing", name)
            origins["typing_" + name] = path
            with io.open(os.path.join(environment.ROOT, path), encoding="utf-8") as file:
                _write(folder, "typing_" + name, file.read())
    _write_stubs(folder)
    return origins


def _write_stubs(folder):
    for module in UNTYPED:
        package = any(each.startswith(module + ".") for each in UNTYPED)
        name = module.replace(".", os.sep) + ("/__init__.pyi" if package else ".pyi")
        _write(folder, name, _STUB)
    _write(folder, "pyrightconfig.json", _PYRIGHT)


def write_project(name, folder):
    # type: (str, str) -> tuple[str, dict[str, str]]
    """Copy one of examples/ into ``folder``.

    Returns: its path there, and the path in the tree for each file name.
    Raises Failed: it silences a checker, or two of its files have one name.
    """
    place = example_projects.copy(name, folder)
    origins = {}
    for each, _, names in os.walk(place):
        for module in names:
            path = os.path.join(each, module)
            origin = os.path.join("examples", os.path.relpath(path, folder))
            if not module.endswith(".py"):
                continue
            with io.open(path, encoding="utf-8") as file:
                if _SILENCED.search(file.read()):
                    raise environment.Failed("%s: an example silences a checker" % origin)
            # The name of a module that a checker complains about is all that `passes` replaces.
            if module in origins and not module.startswith("__"):
                raise environment.Failed("%s: a file name that is there twice" % origin)
            origins[module] = origin
    _write_stubs(place)
    return place, origins


def _write(folder, name, text):
    path = os.path.join(folder, name)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with io.open(path, "w", encoding="utf-8") as file:
        file.write(text)


def install_wheels(tools):
    # type: (str) -> str
    """Have the wheels of the tree as it is in FOLDER; return the path of its Python.

    Args:
        tools: the Python that has the checkers, setuptools and wheel; what is installed there can
            be imported here too, the wheels before it.
    """
    subprocess.check_call([tools, "-m", "venv", "--clear", "--without-pip", FOLDER])
    python = environment.python_of(FOLDER)
    site, other = [
        subprocess.check_output(
            [each, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        ).decode("utf-8").strip()
        for each in (python, tools)
    ]
    # A folder that is named here has its own .pth files ignored: no editable installation.
    _write(site, "tools.pth", other + u"\n")
    scratch = tempfile.mkdtemp(prefix="waterspout-")
    try:
        # From a copy: a build in the tree packs what an earlier one left in build/.
        tree = os.path.join(scratch, "tree")
        shutil.copytree(environment.ROOT, tree, ignore=_not_built)
        projects = [os.path.join(tree, os.path.relpath(folder, environment.ROOT))
                    for folder in environment.DISTRIBUTIONS]
        environment.pip(tools, "install", "--no-deps", "--no-index", "--no-build-isolation",
                        "--no-compile", "--target", site, *projects)
    finally:
        shutil.rmtree(scratch)
    return python


def _not_built(folder, names):
    # type: (str, list[str]) -> set[str]
    return set(
        name for name in names
        if name.startswith(".") or name == "__pycache__" or name.endswith(".egg-info")
        or name in _NOT_BUILT and folder in environment.DISTRIBUTIONS
    )
