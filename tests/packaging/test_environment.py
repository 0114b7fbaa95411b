"""scripts/environment.py replaces an environment, also one that it could not complete."""

from __future__ import absolute_import, division, print_function

import collections
import os
import sys

import pytest
from programs import ROOT

sys.path.insert(0, os.path.join(ROOT, "scripts"))

import environment  # noqa: E402

Interpreter = collections.namedtuple("Interpreter", "path version")
PYTHON = Interpreter(sys.executable, "3.11.0")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where to make an environment; nothing is installed, and no program is run."""
    monkeypatch.setattr(environment, "_run", lambda command, environ: None)
    return str(tmp_path / "env")


def fill(folder):
    """Put into ``folder`` what an environment consists of."""
    os.makedirs(os.path.join(folder, "lib", "site-packages"))
    os.makedirs(os.path.join(folder, "bin"))
    for name in ("aaa.cfg", "zzz.cfg", os.path.join("bin", "python")):
        with open(os.path.join(folder, name), "w"):
            pass
    os.symlink("lib", os.path.join(folder, "lib64"))


def interrupted(*args, **kwargs):
    raise KeyboardInterrupt()


def test_an_environment_is_replaced(folder):
    """Nothing of the old one is left."""
    environment.make(folder, PYTHON)
    fill(folder)
    environment.make(folder, PYTHON)
    assert os.listdir(folder) == ["waterspout-stamp.json"]


@pytest.mark.parametrize("module, function", [("shutil", "rmtree"), ("os", "remove")])
def test_an_interrupted_replacement_is_begun_again(folder, monkeypatch, module, function):
    """Ctrl-C while the old environment is removed; it is not used as if it was complete."""
    environment.make(folder, PYTHON)
    fill(folder)
    environment._write_stamp(folder, extras=["curl"])
    with monkeypatch.context() as patch:
        patch.setattr(getattr(environment, module), function, interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.make(folder, PYTHON)
    assert environment._read_stamp(folder) == {}
    environment.make(folder, PYTHON)
    assert os.listdir(folder) == ["waterspout-stamp.json"]


def test_an_empty_folder_is_used(folder):
    """Ctrl-C may leave it."""
    os.mkdir(folder)
    environment.make(folder, PYTHON)
    assert os.listdir(folder) == ["waterspout-stamp.json"]


def test_a_folder_of_others_is_not_touched(folder):
    """The error says what to do."""
    os.mkdir(folder)
    fill(folder)
    with pytest.raises(environment.Failed) as caught:
        environment.make(folder, PYTHON)
    assert str(caught.value) == (
        "%s was not made by this script: move it away, or remove it with `make clean`" % folder)
    assert len(os.listdir(folder)) == 5


def test_each_distribution_is_installed_with_the_extras_that_it_has():
    """One that neither has is asked of the library, whose pip says so."""
    library, gateway = environment.DISTRIBUTIONS
    assert environment._editable(["bulk", "curl", "toml"]) == [
        "--editable", library + "[curl]", "--editable", gateway + "[bulk,toml]"]
    assert environment._editable(["bulk"]) == [
        "--editable", library, "--editable", gateway + "[bulk]"]
    assert environment._editable(["unknown"]) == [
        "--editable", library + "[unknown]", "--editable", gateway]


def test_extras_are_read_from_the_metadata():
    library, gateway = map(environment.extras_of, environment.DISTRIBUTIONS)
    assert {"threads", "curl", "test"} <= set(library)
    assert set(gateway) == {"toml", "bulk", "cluster"}
