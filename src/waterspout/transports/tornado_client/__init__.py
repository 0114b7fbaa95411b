"""The ``tornado`` transport: the stock AsyncHTTPClient that the program has configured."""

from __future__ import absolute_import, division, print_function
