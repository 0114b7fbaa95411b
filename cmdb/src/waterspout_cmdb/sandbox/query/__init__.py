"""The query language: parsed to a tree, compiled to SQL. No database, no loop."""

from __future__ import absolute_import, division, print_function
