"""prometheus_client, imported when it is first needed."""

from __future__ import absolute_import, division, print_function

import os
import sys

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: Names the directory of the files that the processes of a service write their values to. The
#: library looks whether it is set when it is imported, and never again.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

#: A file in a temporary directory, with the pid of the program that removes it at its end.
OWNER = "waterspout.owner"


def client_library():
    # type: () -> Any
    """Return the package prometheus_client.

    Raises: ImportError: it is not installed; the text says how to.
    """
    if "prometheus_client" not in sys.modules:  # A worker has another pid, but not another program.
        forget_directory_of_another()
    try:
        import prometheus_client
    except ImportError as error:
        raise ImportError(
            'metrics for Prometheus need prometheus_client: pip install "waterspout[metrics]" (%s)'
            % error)
    return prometheus_client


def forget_directory_of_another():
    # type: () -> None
    """Remove the variable if it names a temporary directory that another program has made.

    A new release of a service inherits it from the one before, which removes the directory when it
    ends.
    """
    path = os.environ.get(VARIABLE)
    if not path:
        return
    try:
        with open(os.path.join(path, OWNER)) as file:
            owner = file.read()
    except EnvironmentError:  # No directory, or one that is not temporary.
        return
    if owner != str(os.getpid()):
        del os.environ[VARIABLE]


def writes_files():
    # type: () -> bool
    """Whether values are in files, for several processes, and not in memory."""
    client_library()
    from prometheus_client import values

    return bool(values.ValueClass._multiprocess)
