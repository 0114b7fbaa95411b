"""The jobs of all tenants, in SQLite, and the files of each in a folder of its own."""

from __future__ import absolute_import, division, print_function
