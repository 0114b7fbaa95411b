"""Shows on one time axis where the time of calls went: as text for a log, or as a picture."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.waterfall.recorder import CallRecorder
from waterspout.instrumentation.waterfall.waterfall import waterfall

__all__ = ["CallRecorder", "waterfall"]
