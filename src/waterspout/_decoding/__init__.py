"""What came to what callers read: content codings, charsets, lines and iterators."""

from __future__ import absolute_import, division, print_function
