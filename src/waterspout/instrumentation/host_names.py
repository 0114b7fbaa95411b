"""The names of hosts, as a balancer knows them, for logs and metrics."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Tuple  # noqa: F401


def host_name(key):
    # type: (Any) -> str
    """``http://10.0.0.8:8079`` of one of several hosts, ``10.0.0.8:8079`` of an address."""
    scheme, host, port = _parts_of(key)
    name = "%s:%s" % ("[%s]" % host if ":" in host and host[0] != "[" else host, port)
    return "%s://%s" % (scheme, name) if scheme else name


def host_origin(key):
    # type: (Any) -> str
    """The same with a scheme in any case, as `Labels.server` takes it."""
    name = host_name(key)
    return name if "://" in name else "http://" + name


def _parts_of(key):
    # type: (Any) -> Tuple[str, str, Any]
    """An origin is (scheme, host, port), an address (family, (host, port, ...))."""
    if len(key) == 3:
        return key
    address = key[1]
    return "", str(address[0]), address[1]
