"""The files in ``deploy/``, and the programs that check them."""

from __future__ import absolute_import, division, print_function

import os
import re
import subprocess

import pytest
import yaml

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))

#: Where users' PATH does not lead, and what the extra `dev` installs.
_PLACES = ("/usr/sbin", "/usr/local/sbin", os.path.join(ROOT, ".venvs", "check", "bin"))


def path_of(*names):
    return os.path.join(ROOT, "deploy", *names)


def read(*names):
    with open(path_of(*names), "rb") as file:
        return file.read().decode("utf-8")


def manifests():
    """Return the objects of ``deploy/kubernetes`` by their kinds."""
    found = [yaml.safe_load(read("kubernetes", name))
             for name in sorted(os.listdir(path_of("kubernetes"))) if name.endswith(".yaml")]
    return {one["kind"]: one for one in found}


def program(name):
    """Return the path of a program; skip the test where it is missing, but not in ``.ci/run``."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep) + list(_PLACES)
    for path in (os.path.join(folder, name) for folder in folders):
        if os.access(path, os.X_OK):
            return path
    if os.environ.get("CI"):
        raise AssertionError("%s is missing, which .ci/run installs" % name)
    pytest.skip("%s is not installed" % name)


def said(*command):
    """Run a program; return whether it succeeded, and what it printed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0]
    return process.returncode == 0, output.decode("utf-8", "replace")


def values(text):
    """Return the numbers of a file of options, TOML: ``name = 10``."""
    found = re.findall(r"^\s*(\w+) *= *([0-9.]+)\s*(?:#|$)", text, re.MULTILINE)
    return {name: float(number) for name, number in found}


def names(text):
    """Return the names of all options in it."""
    return set(re.findall(r"^\s*(\w+) *= ", text, re.MULTILINE))
