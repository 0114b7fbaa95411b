"""The server that is called: nginx where it is installed, else our own in Python."""

from __future__ import absolute_import, division, print_function

import collections
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from benchmarks import cases, values

#: ``url`` has no path; ``title`` names the server and its version.
Upstream = collections.namedtuple("Upstream", "url title")

#: Seconds until a server has to accept connections.
_START = 10

#: Beside PATH, which often lacks them for users.
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin")

#: One process, everything in one folder, and no limit on the use of a connection.
_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {folder}/files;
        location = /json {{ default_type application/json; return 200 '{json}'; }}
        location /object/ {{ default_type application/json; return 200 '{json}'; }}
    }}
}}
"""


class DidNotStart(Exception):
    """The text says what the server printed."""


@contextlib.contextmanager
def running():
    # type: () -> Iterator[Upstream]
    """Have an upstream for as long as the block takes."""
    nginx = find_program("nginx")
    with running_nginx(nginx) if nginx else running_our_own() as upstream:
        yield upstream


def find_program(name):
    # type: (str) -> str | None
    """Return the path of a program, also if it is in one of the folders that users' PATH lacks."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep) + list(_PLACES)
    for path in (os.path.join(folder, name) for folder in folders):
        if os.access(path, os.X_OK):
            return path
    return None


@contextlib.contextmanager
def running_nginx(nginx):
    # type: (str) -> Iterator[Upstream]
    folder = tempfile.mkdtemp(prefix="waterspout-bench-")
    try:
        port = free_port()
        config = os.path.join(folder, "nginx.conf")
        write_files(folder)
        with open(config, "w") as file:
            file.write(_CONFIG.format(folder=folder, port=port, json=values.JSON))
        output = os.path.join(folder, "output")
        with open(output, "w") as file:
            process = subprocess.Popen([nginx, "-c", config], stdout=file, stderr=file)
        try:
            if not accepts(port, process):
                with open(output) as file:
                    raise DidNotStart(file.read().strip() or "nginx did not start")
            yield Upstream("http://127.0.0.1:%d" % port, version_of(nginx))
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)


def write_files(folder):
    # type: (str) -> None
    files = os.path.join(folder, "files")
    os.mkdir(files)
    for path, length in cases.FILES.items():
        with open(os.path.join(files, path[1:]), "wb") as file:
            file.write(b"x" * length)


def free_port():
    # type: () -> int
    with contextlib.closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def accepts(port, process):
    # type: (int, subprocess.Popen) -> bool
    """Wait until somebody listens there; False when the process ended or took too long."""
    deadline = time.time() + _START
    while process.poll() is None and time.time() < deadline:
        with contextlib.closing(socket.socket()) as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


def version_of(nginx):
    # type: (str) -> str
    process = subprocess.Popen([nginx, "-v"], stderr=subprocess.PIPE)
    text = process.communicate()[1].decode("ascii", "replace")
    return str(text.strip().rpartition(" ")[2].replace("/", " "))


@contextlib.contextmanager
def running_our_own():
    # type: () -> Iterator[Upstream]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
    )
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise DidNotStart("our own server did not start")
        yield Upstream("http://127.0.0.1:%d" % int(port), "benchmarks/server.py")
    finally:
        process.stdin.close()  # Which ends it.
        process.wait()
        process.stdout.close()
