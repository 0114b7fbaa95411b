"""Make virtual environments, and refresh them only when something they depend on changed.

The same way on every Python: its own pip fetches virtualenv into a folder that is thrown away
afterwards. (Python 2.7 has no ``venv``, and Debian's Python 3 has one without ``ensurepip``.)
"""

from __future__ import absolute_import, division, print_function

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: The folders of the two distributions, the one that the other requires first.
DISTRIBUTIONS = (ROOT, os.path.join(ROOT, "cmdb"))

#: What an installation is made from; a change in one of them makes it stale.
_METADATA = ("setup.cfg", "setup.py", "pyproject.toml")
_STAMP = "waterspout-stamp.json"
#: The last virtualenv that runs on Python 2.7; later ones only make environments for it.
_VIRTUALENV_27 = "virtualenv==20.15.1"

CURL_NEEDS = (
    "where pycurl has no wheel it is compiled; "
    "on Debian: apt-get install gcc libcurl4-openssl-dev libssl-dev"
)


class Failed(Exception):
    """pip or virtualenv did not do it; the text says what they said."""


def refresh(folder, interpreter, extras):
    # type: (str, Interpreter, list[str]) -> str
    """Have both distributions in ``folder``, ready to import and to edit.

    Installed in place (``pip install -e``), so a changed source needs no new installation. An
    environment of another interpreter is replaced; extras that are there already stay.

    Args:
        extras: of the distributions, by their names.

    Returns: the path of the environment's Python.
    Raises Failed.
    """
    stamp = _read_stamp(folder)
    # By its real path: `python3` and `python3.11` may be the same.
    identity = [os.path.realpath(interpreter.path), interpreter.version]
    if stamp.get("interpreter") != identity or not os.access(python_of(folder), os.X_OK):
        make(folder, interpreter)
        stamp = {}
    installed = stamp.get("extras", [])
    if stamp.get("metadata") != _digest() or not set(extras) <= set(installed):
        extras = sorted(set(extras).union(installed))
        try:
            pip(python_of(folder), "install", *_editable(extras))
        except Failed as error:
            hint = CURL_NEEDS if "curl" in extras else ""
            raise Failed(("%s\n%s" % (error, hint)).rstrip())
        _write_stamp(folder, interpreter=identity, extras=extras, metadata=_digest())
    return python_of(folder)


def _editable(extras):
    # type: (list[str]) -> list[str]
    """Return the arguments of ``pip install`` for both distributions, each with its extras."""
    arguments = []  # type: list[str]
    for folder in DISTRIBUTIONS:
        known = extras_of(folder)
        # The library is asked for those that neither has, so that pip tells of them.
        own = [each for each in extras if each in known or (
            folder == ROOT and not any(each in extras_of(other) for other in DISTRIBUTIONS))]
        arguments += ["--editable", "%s[%s]" % (folder, ",".join(own)) if own else folder]
    return arguments


def extras_of(folder):
    # type: (str) -> list[str]
    """Return the names of the extras that the distribution in this folder has."""
    with io.open(os.path.join(folder, "setup.cfg"), encoding="utf-8") as file:
        section = file.read().partition(u"[options.extras_require]")[2].partition(u"\n[")[0]
    return [str(name) for name in re.findall(r"(?m)^([\w-]+) *=", section)]


def make(folder, interpreter):
    # type: (str, Interpreter) -> str
    """Make an environment with nothing but pip in ``folder``, in place of one we made before.

    Raises Failed: also when something is there that is not ours to remove.
    """
    try:
        _run([interpreter.path, "-c", "import pip"], _clean_environ())
    except Failed:
        raise Failed("%s has no pip; on Debian: apt-get install python3-pip" % interpreter.path)
    if not os.path.isdir(folder):
        os.makedirs(folder)
    elif os.listdir(folder) and not os.path.exists(os.path.join(folder, _STAMP)):
        raise Failed(
            "%s was not made by this script: move it away, or remove it with `make clean`" % folder
        )
    say("making %s for Python %s" % (os.path.relpath(folder), interpreter.version))
    _write_stamp(folder)  # Empty: until the end the environment is incomplete.
    _empty(folder)
    virtualenv = _VIRTUALENV_27 if interpreter.version.startswith("2.") else "virtualenv"
    home = tempfile.mkdtemp(prefix="waterspout-")
    try:
        pip(interpreter.path, "install", "--target", home, virtualenv)
        command = [interpreter.path, "-m", "virtualenv", "--quiet", "--no-periodic-update"]
        command += ["--app-data", os.path.join(home, "app-data"), folder]
        _run(command, dict(_clean_environ(), PYTHONPATH=home))
    finally:
        shutil.rmtree(home)
    return python_of(folder)


def _empty(folder):
    # type: (str) -> None
    """Remove everything but the stamp, by which the next `make` knows an interrupted one."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif name != _STAMP:
            os.remove(path)


def install_apart(python, folder, requirement):
    # type: (str, str, str) -> None
    """Have a package, and what it requires, in a folder of its own, for PYTHONPATH.

    Raises Failed.
    """
    if os.path.isdir(folder):
        return
    say("installing %s" % requirement)
    unfinished = folder + ".unfinished"
    try:
        pip(python, "install", "--target", unfinished, requirement)
        os.rename(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def python_of(folder):
    # type: (str) -> str
    return os.path.join(folder, "bin", "python")


def pip(python, *arguments):
    # type: (str, *str) -> None
    """Run this Python's pip quietly. Raises Failed with what it printed."""
    _run([python, "-m", "pip", "--quiet"] + list(arguments), _clean_environ())


def say(line):
    # type: (str) -> None
    sys.stderr.write("waterspout: %s\n" % line)


def _run(command, environ):
    # type: (list[str], dict[str, str]) -> None
    process = subprocess.Popen(
        command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output = process.communicate()[0]
    if process.returncode != 0:
        text = output.decode("utf-8", "replace") if str is not bytes else output
        raise Failed("%s\nfailed (exit code %d): %s" % (
            text.rstrip(), process.returncode, " ".join(command)))


def _clean_environ():
    # type: () -> dict[str, str]
    # A PYTHONPATH would be taken for something that is installed already.
    environ = dict(os.environ)
    environ.pop("PYTHONPATH", None)
    environ.pop("PYTHONHOME", None)
    environ.update(
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_NO_PYTHON_VERSION_WARNING="1",
        PIP_ROOT_USER_ACTION="ignore",
        PIP_REQUIRE_VIRTUALENV="0",
    )
    return environ


def _digest():
    # type: () -> str
    digest = hashlib.sha256(ROOT.encode("utf-8") if str is not bytes else ROOT)
    for folder in DISTRIBUTIONS:
        for name in _METADATA:
            with open(os.path.join(folder, name), "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()


def _read_stamp(folder):
    # type: (str) -> dict
    try:
        with open(os.path.join(folder, _STAMP)) as file:
            return json.load(file)
    except (IOError, ValueError):
        return {}


def _write_stamp(folder, **stamp):
    # type: (str, **Any) -> None
    with open(os.path.join(folder, _STAMP), "w") as file:
        json.dump(stamp, file, indent=1, sort_keys=True)
