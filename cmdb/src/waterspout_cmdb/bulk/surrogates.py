"""Halves of surrogate pairs, which are no characters, and which no encoding can write."""

from __future__ import absolute_import, division, print_function

import sys

#: A pattern of one. py2: narrow builds have pairs inside their texts, which are whole.
HALVES = (
    u"[\ud800-\udfff]" if sys.maxunicode > 0xFFFF
    else u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"
)
