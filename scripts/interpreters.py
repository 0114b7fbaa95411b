"""Find the Python interpreters of this machine: on PATH and among pyenv's."""

from __future__ import absolute_import, division, print_function

import collections
import glob
import os
import subprocess

#: What Waterspout is tested on, oldest first.
SUPPORTED = ("2.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")

#: ``path`` starts it, ``version`` is like ``"3.11.7"``.
Interpreter = collections.namedtuple("Interpreter", "path version")

# pyenv's commands on PATH are scripts that only point to the real executable; ask that one.
_ASK = "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))"


class NotFound(Exception):
    """No such interpreter here, or one that Waterspout does not run on."""


def find():
    # type: () -> dict[str, Interpreter]
    """Return the newest interpreter of every supported minor version: ``{"3.11": ...}``.

    Of two that are equally new the first on PATH wins, and PATH wins over pyenv.
    """
    found = {}
    for command in _on_path() + _of_pyenv():
        interpreter = ask(command)
        if interpreter is None or minor(interpreter) not in SUPPORTED:
            continue
        known = found.get(minor(interpreter))
        if known is None or _key(known.version) < _key(interpreter.version):
            found[minor(interpreter)] = interpreter
    return found


def resolve(name):
    # type: (str) -> Interpreter
    """Return the interpreter that a user named: a command, a path, or a version like ``3.11``.

    Raises NotFound: with a line to show to the user.
    """
    interpreter = ask(name)
    if interpreter is None:
        version = name[len("python"):] if name.startswith("python") else name
        matching = [one for one in map(ask, _named(version)) if one and is_version(one, version)]
        if not matching:
            raise NotFound("there is no %s on PATH or in pyenv" % name)
        interpreter = max(matching, key=lambda one: _key(one.version))
    if minor(interpreter) != "2.7" and _key(interpreter.version) < (3, 8):
        raise NotFound(
            "%s is Python %s; Waterspout needs 2.7, or 3.8 and newer" % (name, interpreter.version)
        )
    return interpreter


def ask(command):
    # type: (str) -> Interpreter | None
    """Start ``command`` and return what it says it is; None when it does not run."""
    try:
        process = subprocess.Popen(
            [command, "-c", _ASK], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError:
        return None
    lines = process.communicate()[0].decode("utf-8", "replace").split()
    if process.returncode != 0 or len(lines) != 2:
        return None
    return Interpreter(*map(str, lines))


def minor(interpreter):
    # type: (Interpreter) -> str
    return ".".join(interpreter.version.split(".")[:2])


def is_version(interpreter, version):
    # type: (Interpreter, str) -> bool
    """Say whether ``3.11.7`` is a ``3.11`` (it is) or a ``3.1`` (it is not)."""
    return (interpreter.version + ".").startswith(version + ".")


def age(interpreter):
    # type: (Interpreter) -> tuple[int, ...]
    """A key to sort interpreters by, oldest version first."""
    return _key(interpreter.version)


def _key(version):
    # type: (str) -> tuple[int, ...]
    return tuple(map(int, version.split(".")))


def _on_path():
    # type: () -> list[str]
    names = ["python" + version for version in SUPPORTED] + ["python3", "python"]
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    commands = [os.path.join(folder, name) for folder in folders for name in names]
    return [command for command in commands if os.access(command, os.X_OK)]


def _of_pyenv(version="*"):
    # type: (str) -> list[str]
    root = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    return sorted(glob.glob(os.path.join(root, "versions", version, "bin", "python")))


def _named(version):
    # type: (str) -> list[str]
    minor_version = ".".join(version.split(".")[:2])
    return ["python" + minor_version] + _of_pyenv(version) + _of_pyenv(version + ".*")
