"""What `help()`, editors and `inspect.signature` show of the public functions."""

from __future__ import absolute_import, division, print_function

import inspect
import re

import pytest

import waterspout
import waterspout.service
import waterspout_cmdb

#: Functions whose keywords are those of another library or the attributes of a value.
OPEN = {
    "waterspout.CallOptions.replace": "its attributes",
    "waterspout.Response.json": "json.loads",
    "waterspout.install": "AsyncHTTPClient",
    "waterspout.service.Application.__init__": "tornado.web.Application",
    "waterspout.service.Application.error_delegate": "the error handler's initialize",
    "waterspout_cmdb.make_app": "waterspout.service.Application",
    "waterspout_cmdb.start_server": "the command's options",
}


def public():
    """(dotted name, function or property) of each one of ours that users call or read."""
    for module in (waterspout, waterspout.service, waterspout_cmdb):
        for name in module.__all__:
            value, dotted = getattr(module, name), "%s.%s" % (module.__name__, name)
            if inspect.isclass(value):
                for member, function in members(value):
                    yield "%s.%s" % (dotted, member), function
            elif inspect.isroutine(value):
                yield dotted, value


def members(kind):
    """(name, function or property) of what a class of ours defines, its parents' included.

    Less what overrides a method of Tornado's, whose documentation describes it.
    """
    found = {"__init__": None}
    for each in reversed(kind.__mro__):
        if each.__module__.partition(".")[0] in ("waterspout", "waterspout_cmdb"):
            found.update(vars(each))
    for each in kind.__mro__:
        if each.__module__.partition(".")[0] == "tornado":
            for name in set(vars(each)) - {"__init__"}:
                found.pop(name, None)
    for name, value in sorted(found.items()):
        value = getattr(value, "__func__", value)  # Of a class method.
        if inspect.isfunction(value) and (not name.startswith("_") or name == "__init__"):
            yield name, value
        elif isinstance(value, property) and not name.startswith("_"):
            yield name, value


PUBLIC = dict(public())
FUNCTIONS = sorted(name for name in PUBLIC if inspect.isroutine(PUBLIC[name]))


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_it_has_a_docstring(name):
    """Constructors are described by their class."""
    assert name.endswith(".__init__") or PUBLIC[name].__doc__


@pytest.mark.skipif(not hasattr(inspect, "signature"), reason="Python 2.7 has none")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_person_can_read_its_signature(name):
    """It names the keywords, and shows no default by its address."""
    signature = inspect.signature(PUBLIC[name])
    kinds = set(parameter.kind for parameter in signature.parameters.values())
    assert inspect.Parameter.VAR_POSITIONAL not in kinds
    assert inspect.Parameter.VAR_KEYWORD not in kinds or name in OPEN
    assert not re.search(r" at 0x|<function", str(signature))


@pytest.mark.skipif(not hasattr(inspect, "signature"), reason="Python 2.7 has none")
def test_keywords_that_are_passed_on_are_shown():
    """With the defaults that they have where they arrive."""
    get = inspect.signature(waterspout.Session.get).parameters
    request = inspect.signature(waterspout.Session.request).parameters
    assert set(get) == set(request) - {"method"}
    assert str(get["timeout"]) == "timeout=<the session's>"
    assert inspect.signature(waterspout.head).parameters["allow_redirects"].default is False
    assert inspect.signature(waterspout.Session).parameters["max_connections"].default == 100
    sdk = inspect.signature(waterspout.BaseSDK).parameters
    assert sdk["user"].default == "defaultUser" and sdk["max_idle"].default == 60
    assert "cookies" in inspect.signature(waterspout.BaseSDK.fetch_async).parameters


def test_a_subclass_sees_only_what_was_given():
    """As in requests: an override of `request` may set a default of its own."""
    class Patient(waterspout.Session):
        def request(self, method, url, **kwargs):
            self.seen = (method, url, kwargs)

    session = Patient()
    session.get("http://h/", timeout=3)
    assert session.seen == ("GET", "http://h/", {"timeout": 3})
    session.post("http://h/")
    assert session.seen == ("POST", "http://h/", {"data": None, "json": None})
