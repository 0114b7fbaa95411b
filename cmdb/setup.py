"""The version is read here, the rest of the metadata is in setup.cfg.

The requirement names the library's version: the two are released together, and the gateway is
tested with that one only.
"""

from __future__ import absolute_import, division, print_function

import io
import os

from setuptools import setup

HERE = os.path.dirname(os.path.abspath(__file__))


def version():
    # type: () -> str
    names = {}
    path = os.path.join(HERE, "src", "waterspout_cmdb", "_version.py")
    with io.open(path, encoding="utf-8") as file:
        exec(compile(file.read().encode("utf-8"), file.name, "exec"), names)
    return names["__version__"]


setup(version=version(), install_requires=["waterspout==" + version()])
