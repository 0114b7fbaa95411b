"""Programs that Python 2.7 cannot read."""

from __future__ import absolute_import, division, print_function
