"""FakeClock: time that passes when the test says so."""

from __future__ import absolute_import, division, print_function
