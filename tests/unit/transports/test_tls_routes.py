"""TLS options of routes: equal ones are one, so that their SSLContext is made once."""

from __future__ import absolute_import, division, print_function

import shutil

from certificates import AUTHORITY, CLIENT

from waterspout._net.tls_options import DEFAULT_TLS
from waterspout._routes.route import Route
from waterspout.transports.tls_routes import TLSRoutes


def test_a_route_without_tls_settings_has_the_default_options():
    """A unix socket makes no difference to them."""
    routes = TLSRoutes()
    assert routes.options(None) is routes.options(Route()) is DEFAULT_TLS
    assert routes.options(Route(unix_socket="/s")) is DEFAULT_TLS


def test_equal_routes_have_the_same_options():
    """Routes that differ in a setting do not."""
    routes = TLSRoutes()
    kinds = [{"verify": False}, {"verify": AUTHORITY}, {"cert": CLIENT},
             {"verify": AUTHORITY, "cert": CLIENT}]
    found = [routes.options(Route(**each)) for each in kinds]
    assert [routes.options(Route(**each)) is kept for each, kept in zip(kinds, found)] == [True] * 4
    assert len(set(found)) == 4


def test_a_file_that_changes_makes_other_options(tmpdir):
    """A renewed certificate counts for the next connection."""
    path = str(tmpdir.join("ca.pem"))
    shutil.copy(AUTHORITY, path)
    routes = TLSRoutes()
    first = routes.options(Route(verify=path))
    shutil.copy(CLIENT, path)
    assert routes.options(Route(verify=path)) is not first
