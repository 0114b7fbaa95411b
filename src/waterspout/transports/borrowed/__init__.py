"""Base classes of the three transports on other libraries' clients."""

from __future__ import absolute_import, division, print_function
