"""Decodes response bodies for their readers: content codings, charsets, lines, iterators."""

from __future__ import absolute_import, division, print_function
