"""The application; tests give it an SDK with another transport."""

from __future__ import absolute_import, division, print_function

from waterspout import service

from inventory.handlers import HostHandler, HostsHandler


def make_app(sdk):
    """Return the application that calls the CMDB through ``sdk``."""
    routes = [(r"/hosts", HostsHandler), (r"/hosts/([^/]+)", HostHandler)]
    return service.Application(routes, upstreams=[sdk])
