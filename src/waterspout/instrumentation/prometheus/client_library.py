"""prometheus_client, imported when it is first needed."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: Names the directory of the files that the processes of a service write their values to. The
#: library looks whether it is set when it is imported, and never again.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def client_library():
    # type: () -> Any
    """Return the package prometheus_client.

    Raises: ImportError: it is not installed; the text says how to.
    """
    try:
        import prometheus_client
    except ImportError as error:
        raise ImportError(
            'metrics for Prometheus need prometheus_client: pip install "waterspout[metrics]" (%s)'
            % error)
    return prometheus_client


def writes_files():
    # type: () -> bool
    """Whether values are in files, for several processes, and not in memory."""
    client_library()
    from prometheus_client import values

    return bool(values.ValueClass._multiprocess)
