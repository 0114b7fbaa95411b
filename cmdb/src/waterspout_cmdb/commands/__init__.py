"""The commands of the terminal: ``waterspout-cmdb import``, ``export``, ``search`` and others."""

from __future__ import absolute_import, division, print_function
