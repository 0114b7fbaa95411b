"""Where bytes come from: a file, standard input, a URL; out of gzip if they are in it."""

from __future__ import absolute_import, division, print_function
