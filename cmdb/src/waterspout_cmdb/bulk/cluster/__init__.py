"""An import on several machines, with Dask."""

from __future__ import absolute_import, division, print_function
