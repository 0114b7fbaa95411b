"""The fixture ``waterspout_cassette``, and the option and ini value for its mode."""

from __future__ import absolute_import, division, print_function

import hashlib
import os
import re

import pytest

from waterspout.testing._failed_tests import error_class_of

#: The modes, written here so that pytest starts without importing the library.
_MODES = ["once", "new_episodes", "none", "all"]

#: Characters of a test's name in the name of its file; file systems allow 255 bytes.
_MAX_NAME = 150


def pytest_addoption(parser):
    # type: (pytest.Parser) -> None
    """Add ``--waterspout-record`` and the ini value ``waterspout_record``."""
    parser.getgroup("waterspout").addoption(
        "--waterspout-record", choices=_MODES, default=None,
        help="mode of the cassettes of waterspout_cassette: %s" % ", ".join(_MODES))
    parser.addini("waterspout_record", "the same, without the option", default="once")


@pytest.fixture
def waterspout_cassette_options():
    # type: () -> dict
    """Arguments of the `Cassette`, for a test file or folder to override."""
    return {}


@pytest.fixture
def waterspout_cassette(request, waterspout_cassette_options):
    """A `Cassette` in ``cassettes/MODULE/TEST.json`` beside the test's file, for ``transport=``.

    Its mode is that of ``--waterspout-record``, or of the ini value ``waterspout_record``, or
    ``"once"``. A test's name that no file can have is changed, and a digest of it added.
    """
    from waterspout.testing.cassette import Cassette
    from waterspout.testing.cassette.errors import NotRecorded

    config = request.config
    options = {"mode": config.getoption("--waterspout-record")
               or config.getini("waterspout_record")}
    options.update(waterspout_cassette_options)
    cassette = Cassette(_path(request), **options)
    cassette.__enter__()
    yield cassette
    # What the test raises does not pass here.
    failure = error_class_of(request.node)
    if failure is not None and not options.get("record_on_exception", True):
        cassette.__exit__(failure, None, None)
        return
    try:
        cassette.__exit__(None, None, None)
    except NotRecorded:
        if not issubclass(failure or object, NotRecorded):
            raise  # The code under test has handled it; else the test has failed with it.


def _path(request):
    folder, file_name = os.path.split(str(request.fspath))
    names = [node.name for node in request.node.listchain() if isinstance(node, pytest.Class)]
    return os.path.join(folder, "cassettes", os.path.splitext(file_name)[0],
                        _name_of_file(".".join(names + [request.node.name])) + ".json")


def _name_of_file(test):
    # Values of parameters may have any characters, and be long. A digest tells apart what would
    # have the same name otherwise.
    name = re.sub(r"[^A-Za-z0-9_.\[\]-]+", "_", test)[:_MAX_NAME]
    if name == test:
        return name
    encoded = test if isinstance(test, bytes) else test.encode("utf-8", "backslashreplace")
    return "%s-%s" % (name, hashlib.sha256(encoded).hexdigest()[:8])
