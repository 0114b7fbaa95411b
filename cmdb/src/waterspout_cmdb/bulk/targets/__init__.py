"""Where rows go: a CMDB gateway, or a CMDB itself."""

from __future__ import absolute_import, division, print_function
