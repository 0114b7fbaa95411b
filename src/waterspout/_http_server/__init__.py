"""The parts of `waterspout.HTTPServer`: Tornado's server interface on our own connections."""

from __future__ import absolute_import, division, print_function
