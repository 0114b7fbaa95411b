"""The HTTP handlers of jobs: upload, list, state, events, files, stop, resume."""

from __future__ import absolute_import, division, print_function
