"""With what a test has failed, so that a fixture does not report the same again."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional, Type  # noqa: F401

_ERROR_CLASS = "_waterspout_error_class"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    # type: (Any, Any) -> Any
    """Note the class of the error. The error itself would keep the test's variables alive."""
    yield
    if call.when == "call" and call.excinfo is not None:
        setattr(item, _ERROR_CLASS, call.excinfo.type)


def error_class_of(item):
    # type: (Any) -> Optional[Type[BaseException]]
    """The class of the error with which this test has failed; None if it has not."""
    return getattr(item, _ERROR_CLASS, None)
