"""An import: the steps of the pipeline put together."""

from __future__ import absolute_import, division, print_function
