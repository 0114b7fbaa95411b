"""Rows of cells become documents: what the CMDB stores, by its model."""

from __future__ import absolute_import, division, print_function
