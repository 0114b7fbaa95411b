"""What `waterspout` exports: all that users catch, pass or call."""

from __future__ import absolute_import, division, print_function
import __future__

import inspect
import pkgutil

import pytest

import waterspout
import waterspout.service
import waterspout_cmdb


def test_all_is_sorted_and_complete():
    """Each public name of the module but its submodules, and nothing that is not there."""
    there = [name for name, value in vars(waterspout).items()
             if not name.startswith("_") and not inspect.ismodule(value)
             and name not in __future__.all_feature_names]
    assert waterspout.__all__ == sorted(there + ["__version__"])


@pytest.mark.parametrize("module", [
    waterspout.auth, waterspout.cookies, waterspout.service, waterspout_cmdb,
], ids=lambda module: module.__name__)
def test_the_names_of_other_modules_are_there_and_sorted(module):
    """``from waterspout.service import *`` works, and a name is found in the list."""
    assert module.__all__ == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


def test_no_name_is_a_module_too():
    """``import waterspout.request`` must not put a module in the place of a function."""
    modules = set(name for _, name, _ in pkgutil.iter_modules(waterspout.__path__))
    assert modules.isdisjoint(waterspout.__all__)


@pytest.mark.parametrize("name", sorted(
    name for name, value in vars(waterspout.exceptions).items() if inspect.isclass(value)
    and value.__module__ == "waterspout.exceptions"))
def test_every_exception_is_exported(name):
    """`except waterspout.X` is all that a program has to write."""
    assert name in waterspout.__all__
    assert getattr(waterspout, name) is getattr(waterspout.exceptions, name)
