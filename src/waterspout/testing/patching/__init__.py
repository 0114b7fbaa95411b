"""Puts a testing transport below clients that the test does not make itself."""

from __future__ import absolute_import, division, print_function
