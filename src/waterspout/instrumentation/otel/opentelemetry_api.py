"""The parts of opentelemetry-api that are used, imported when they are needed."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import PY2, TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


class OpenTelemetryAPI(object):
    """
    Attributes:
        context, propagate, trace: modules of the package ``opentelemetry``.
    Raises: ImportError: they cannot be imported; the text says what to do.
    """

    def __init__(self):
        # type: () -> None
        if PY2:
            raise ImportError("OpenTelemetryObserver needs Python 3: there is no OpenTelemetry "
                              "for 2.7")
        try:
            from opentelemetry import context, propagate, trace
        except ImportError as error:
            raise ImportError(
                'OpenTelemetryObserver needs opentelemetry-api: pip install "waterspout[otel]" '
                "(%s)" % error)
        self.context = context  # type: Any
        self.propagate = propagate  # type: Any
        self.trace = trace  # type: Any
