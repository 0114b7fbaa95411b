"""Descriptors that libcurl opens, kept from programs that are started.

libcurl before 8 lets them be inherited. A program that lives on would hold the connections that
we close, and the server would not learn of it. Python 3's `subprocess` closes them for the
program, 2.7's does not, nor does ``os.exec`` on any Python.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import os

try:
    import fcntl
except ImportError:  # Windows, where handles are not inherited unless asked for.
    fcntl = None


def set_close_on_exec(number):
    # type: (int) -> None
    """Raises: EnvironmentError for a descriptor that is closed."""
    if fcntl is not None:
        fcntl.fcntl(number, fcntl.F_SETFD, fcntl.fcntl(number, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)


@contextlib.contextmanager
def new_descriptors_close_on_exec():
    # type: () -> ContextManager[None]
    """Of what is opened inside: libcurl does not tell the numbers of its own pipes.

    What another thread opens meanwhile is kept from programs as well, as it should be.
    """
    before = set(_open_descriptors())
    yield
    for number in _open_descriptors():
        if number not in before:
            try:
                set_close_on_exec(number)
            except EnvironmentError:
                pass  # Another thread's, closed by now.


def _open_descriptors():
    # type: () -> Iterator[int]
    try:
        numbers = os.listdir("/dev/fd")
    except EnvironmentError:
        return
    for number in map(int, numbers):
        try:
            os.fstat(number)
        except EnvironmentError:
            continue  # That of the listing itself.
        yield number
