"""What the testing transports share: exchanges that are answered in this process."""

from __future__ import absolute_import, division, print_function
