"""Where OpenTelemetry is not installed, the error says what to install."""

from __future__ import absolute_import, division, print_function

import sys

import pytest

from waterspout.instrumentation.otel import OpenTelemetryObserver


def test_the_error_names_what_is_missing(monkeypatch):
    """On Python 2.7 that is Python 3; else the extra."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ImportError) as caught:
        OpenTelemetryObserver()
    needed = "Python 3" if sys.version_info[0] == 2 else 'pip install "waterspout[otel]"'
    assert needed in str(caught.value)
