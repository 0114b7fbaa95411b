"""The public names of the kit: documented, with signatures that a person can read."""

from __future__ import absolute_import, division, print_function

import inspect

import pytest
from tornado import web

from waterspout import service

#: Arguments that a public function takes without naming them, each with its reason.
UNNAMED = {
    "Application": {"settings"},  # Tornado's settings; a program adds its own.
    "ErrorHandler": {"kwargs"},  # Tornado makes handlers.
    "JSONHandler": {"kwargs"},
    "MetricsHandler": {"kwargs"},
    "StreamingHandler": {"kwargs"},
}

FUNCTIONS = [name for name in service.__all__ if inspect.isfunction(getattr(service, name))]
CLASSES = [name for name in service.__all__ if inspect.isclass(getattr(service, name))]


def own_methods():
    """The public methods and properties that the kit's classes define, with their classes."""
    found = []
    for name in CLASSES:
        for owner in inspect.getmro(getattr(service, name)):
            if owner.__module__.startswith("waterspout."):
                found += [
                    (owner, attribute) for attribute, value in sorted(vars(owner).items())
                    if not attribute.startswith("_")
                    and (callable(value) or isinstance(value, (property, staticmethod)))
                    and not inspect.isclass(value)
                ]
    return sorted(set(found), key=lambda pair: (pair[0].__name__, pair[1]))


METHODS = own_methods()
IDS = ["%s.%s" % (owner.__name__, attribute) for owner, attribute in METHODS]


@pytest.mark.parametrize("name", FUNCTIONS + CLASSES)
def test_every_public_name_has_a_docstring_of_its_own(name):
    """A sentence on the first line; not one inherited from Tornado."""
    value = getattr(service, name)
    doc = vars(value)["__doc__"] if name in CLASSES else value.__doc__
    assert doc and doc.splitlines()[0].strip()


@pytest.mark.parametrize("owner, attribute", METHODS, ids=IDS)
def test_every_public_method_has_a_docstring_of_its_own(owner, attribute):
    """Properties, static methods and Tornado's hooks included."""
    value = vars(owner)[attribute]
    doc = getattr(value, "__func__", value).__doc__ or ""
    assert doc.strip()


def arguments_of(function):
    """The names of its arguments, and of those that it takes without naming them."""
    if hasattr(inspect, "signature"):
        parameters = list(inspect.signature(function).parameters.values())
        unnamed = {each.name for each in parameters
                   if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD)}
        return [each.name for each in parameters], unnamed, [
            each.default for each in parameters if each.default is not each.empty]
    spec = inspect.getargspec(getattr(function, "__init__", function) if inspect.isclass(
        function) else function)
    return spec.args, {spec.varargs, spec.keywords} - {None}, list(spec.defaults or ())


@pytest.mark.parametrize("name", FUNCTIONS + CLASSES)
def test_signatures_name_each_argument_and_show_each_default(name):
    """No `*args, **kwargs` that hide what may be passed, and no sentinels as defaults."""
    value = getattr(service, name)
    if inspect.isclass(value) and "__init__" not in {
        key for owner in inspect.getmro(value) if owner.__module__.startswith("waterspout.")
        for key in vars(owner)
    } and not issubclass(value, web.RequestHandler):
        pytest.skip("made by the kit or without arguments")
    names, unnamed, defaults = arguments_of(value)
    assert unnamed <= UNNAMED.get(name, set())
    assert not any(each.startswith("_") for each in names)
    for default in defaults:
        assert default is None or isinstance(default, (
            bool, int, float, str, tuple, type, service.AccessLog))  # Its repr has its arguments.
