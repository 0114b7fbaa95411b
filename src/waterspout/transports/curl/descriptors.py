"""The descriptors that libcurl opens: close-on-exec, and that only libcurl closes them.

libcurl before 8 lets child programs inherit them. A child that runs for long would keep connections
open that we close. Python 3's `subprocess` closes them in the child, but 2.7's does not, nor does
``os.exec`` on any Python.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import os

try:
    import fcntl
except ImportError:  # Windows, where handles are not inherited by default.
    fcntl = None


class LibcurlDescriptor(object):
    """A descriptor for an IOLoop, which is not to close it."""

    __slots__ = ("_number",)

    def __init__(self, number):
        # type: (int) -> None
        self._number = number

    def fileno(self):
        # type: () -> int
        return self._number

    def close(self):
        # type: () -> None
        """Do nothing: libcurl closes its descriptors."""


def set_close_on_exec(number):
    # type: (int) -> None
    """Set close-on-exec, on any Python. Raises: EnvironmentError: the descriptor is closed."""
    if fcntl is not None:
        fcntl.fcntl(number, fcntl.F_SETFD, fcntl.fcntl(number, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)


@contextlib.contextmanager
def new_descriptors_close_on_exec():
    # type: () -> ContextManager[None]
    """Set close-on-exec on all descriptors that are opened inside the ``with`` block.

    libcurl does not report the numbers of its pipes. Descriptors that another thread opens
    meanwhile get it too, which is right for them as well.
    """
    before = set(_open_descriptors())
    yield
    for number in _open_descriptors():
        if number not in before:
            try:
                set_close_on_exec(number)
            except EnvironmentError:
                pass  # Another thread has closed it.


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
            continue  # The descriptor of the listing itself.
        yield number
