"""nginx and HAProxy with the configurations in ``deploy/``, on ports of this machine."""

from __future__ import absolute_import, division, print_function

import os
import re

from benchmarks import upstream
from benchmarks.soak.programs import ROOT, Program

NAMES = ("nginx", "haproxy")

#: Seconds from the start of an instance to the stop of the next one: as long as both proxies may
#: leave out one that has just been started (fail_timeout of nginx, and HAProxy's checks), and one.
BETWEEN_RESTARTS = 6.0

#: The addresses that the files in ``deploy/`` have.
_MACHINES = ("10.0.0.11", "10.0.0.12")

#: As root it would change to a user that may not write into the folder.
_NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
worker_processes 1;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/waterspout.conf;
}}
"""


class Unusable(Exception):
    """The program is not installed, or a file in ``deploy/`` has not what is to be replaced."""


def proxy(name, port, servers, checks, folder):
    # type: (str, int, list[int], list[int], str) -> Program
    """Return nginx or HAProxy on ``port``, in front of two gateways.

    Args:
        servers: the ports of the gateways.
        checks: those on which they say whether they are ready.
    Raises: Unusable.
    """
    found = upstream.find_program(name)
    if found is None:
        raise Unusable("%s is not installed: leave it out with --lanes" % name)
    if name == "nginx":
        _write(folder, "waterspout.conf", nginx_site(deployed("nginx", "waterspout.conf"),
                                                     port, servers))
        path = _write(folder, "nginx.conf", _NGINX.format(
            folder=folder, user="user root;" if os.getuid() == 0 else ""))
        return Program(name, [found, "-p", folder, "-c", path], port, folder)
    path = _write(folder, "haproxy.cfg", haproxy_config(
        deployed("haproxy", "haproxy.cfg"), port, servers, checks))
    return Program(name, [found, "-db", "-f", path], port, folder)


def nginx_site(text, port, servers):
    # type: (str, int, list[int]) -> str
    """Return the configuration with these ports, and without TLS."""
    text = _replaced(text, "listen 443 ssl http2;", "listen 127.0.0.1:%d;" % port)
    text = re.sub(r"\n *ssl_[^;]*;", "", text)
    for machine, server in zip(_MACHINES, servers):
        text = _replaced(text, machine + ":8888", "127.0.0.1:%d" % server)
    return text


def haproxy_config(text, port, servers, checks):
    # type: (str, int, list[int], list[int]) -> str
    """The same, and with less connections: it needs two descriptors for each, and may get few."""
    text = _replaced(text, "maxconn 20000", "maxconn 2000")
    text = _replaced(text, "bind :443 ssl crt /etc/haproxy/waterspout.pem alpn h2,http/1.1",
                     "bind 127.0.0.1:%d" % port)
    for machine, server, check in zip(_MACHINES, servers, checks):
        text = _replaced(text, machine + ":8888", "127.0.0.1:%d" % server)
        text = text.replace("127.0.0.1:%d\n" % server, "127.0.0.1:%d port %d\n" % (server, check))
    return text


def _replaced(text, old, new):
    if old not in text:
        raise Unusable("there is no %r in the file in deploy/" % old)
    return text.replace(old, new)


def deployed(*names):
    # type: (*str) -> str
    """Return the text of a file in ``deploy/``."""
    with open(os.path.join(ROOT, "deploy", *names)) as file:
        return file.read()


def _write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path
