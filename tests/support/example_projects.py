"""The projects in examples/, each of which stands alone."""

from __future__ import absolute_import, division, print_function

import os
import shutil

from programs import ROOT

FOLDER = os.path.join(ROOT, "examples")

#: Those that Python 2.7 can read. The others have `async def`.
ON_PYTHON_2 = ("inventory-yield",)

#: The plug-ins of pytest that each needs beside Waterspout's.
PLUGINS = {"weather-asyncio": ["pytest_asyncio.plugin", "pytest_timeout"]}


def names():
    # type: () -> list[str]
    """Return the names of all projects, sorted."""
    return sorted(name for name in os.listdir(FOLDER)
                  if os.path.exists(os.path.join(FOLDER, name, "README.md")))


def copy(name, folder):
    # type: (str, str) -> str
    """Copy a project into ``folder``, without what running it leaves behind; return its path."""
    path = os.path.join(folder, name)
    shutil.copytree(os.path.join(FOLDER, name), path, ignore=shutil.ignore_patterns(
        "__pycache__", "*.pyc", ".pytest_cache", "*.egg-info", "build", "dist"))
    return path
