"""The test cases of an installed ``tornado.test`` module, as test cases of our own."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys
import unittest

from certificates import SELF_SIGNED
from tornado.testing import AsyncHTTPSTestCase

import waterspout

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(waterspout.__file__)))


def cases_of(module):
    """The test cases that ``module`` defines itself, by name."""
    for name, case in sorted(vars(module).items()):
        if isinstance(case, type) and issubclass(case, unittest.TestCase):
            if case.__module__ == module.__name__ and names_in(case):
                yield name, case


def names_in(case):
    return unittest.defaultTestLoader.getTestCaseNames(case)


def adopted(case, name, module, not_ours):
    """A case of our own with the tests of ``case``, less those that are not ours.

    Args:
        name, module (native str): of the new case.
        not_ours (dict): the names of tests -> why they are skipped.
    """
    attributes = {"__module__": module}
    for test, why in not_ours.items():
        attributes[test] = unittest.skip(why)(lambda self: None)
    return type(str(name), (case,), attributes)


def not_ours_in(table, name):
    """The entries of a table (case, test) -> reason that are about the case of this name."""
    return {test: why for (case, test), why in table.items() if case == name}


def use_our_certificate(monkeypatch):
    """OpenSSL 3 refuses the short key of the certificate that Tornado 5.1 brings."""
    if hasattr(AsyncHTTPSTestCase, "default_ssl_options"):
        monkeypatch.setattr(AsyncHTTPSTestCase, "default_ssl_options", staticmethod(ssl_options))
    else:
        monkeypatch.setattr(AsyncHTTPSTestCase, "get_ssl_options", lambda self: ssl_options())


def ssl_options():
    return {"certfile": SELF_SIGNED}


def run_tornados_runner(option, names):
    """Run ``tornado.test.runtests``, to which a log line is a failure.

    Args:
        option (native str): which foreign client or server is tested.
        names (list of native str): of the tests, such as ``tornado.test.web_test.CookieTest``.
    Returns: (int, text), the exit code and the output.
    """
    path = [SOURCE] + list(filter(None, [os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", "tornado.test.runtests", option] + names,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = process.communicate()[0].decode("utf-8", "replace")
    return process.returncode, output
