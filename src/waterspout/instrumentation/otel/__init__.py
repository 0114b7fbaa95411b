"""Spans of calls and requests for OpenTelemetry: the extra ``otel``, on Python 3."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.otel.observer import OpenTelemetryObserver

__all__ = ["OpenTelemetryObserver"]
