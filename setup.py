"""The version is read here, everything else stands in setup.cfg.

``version = attr:`` would do on a new setuptools, which reads the assignment without running
the package; setuptools 44, the last on Python 2.7, imports it, and so would need Tornado.
"""

from __future__ import absolute_import, division, print_function

import io
import os

from setuptools import setup

HERE = os.path.dirname(os.path.abspath(__file__))


def version():
    # type: () -> str
    names = {}
    with io.open(os.path.join(HERE, "src", "waterspout", "_version.py"), encoding="utf-8") as file:
        exec(compile(file.read().encode("utf-8"), file.name, "exec"), names)
    return names["__version__"]


setup(version=version())
