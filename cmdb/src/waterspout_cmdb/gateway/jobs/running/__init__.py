"""The jobs runner, a child process of the gateway, and the processes that it starts."""

from __future__ import absolute_import, division, print_function
