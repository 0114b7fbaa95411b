"""What the three transports on borrowed clients share."""

from __future__ import absolute_import, division, print_function
