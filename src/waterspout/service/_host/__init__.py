"""What the machine gives a service and is told of it: CPUs, sockets, the pid file, systemd."""

from __future__ import absolute_import, division, print_function
