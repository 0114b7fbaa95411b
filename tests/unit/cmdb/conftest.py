from __future__ import absolute_import, division, print_function

from short_ticks import short_ticks  # noqa: F401
