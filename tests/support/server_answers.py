"""What servers answer to the scripts of `server_scripts`, and the page that lists it.

::

    python tests/support/server_answers.py docs/server-conformance.md [PYTHON ...]

writes the page, with the Tornado of this Python and of the others that are named, and with nginx
and h11 where they are installed.
"""

from __future__ import absolute_import, division, print_function

import errno
import itertools
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
if __name__ == "__main__":
    sys.path[:0] = [HERE, os.path.join(os.path.dirname(os.path.dirname(HERE)), "src")]

import tornado  # noqa: E402
import tornado.httpserver  # noqa: E402
from free_ports import free_port  # noqa: E402
from raw_server import PATIENCE  # noqa: E402
from served_http import ServedHTTP  # noqa: E402
from server_scripts import LAST, SCRIPTS, Script  # noqa: E402
from tornado import httputil  # noqa: E402

import waterspout  # noqa: E402

try:
    import h11
except ImportError:
    h11 = None

#: Seconds of silence after which a server waits for more.
SILENCE = 1.0

_statuses = re.compile(br"HTTP/1\.[01] ([0-9]{3})").findall


def answer_of(port, script, silence=SILENCE):
    """What a server on this port answers: the statuses, and "waits" or "closed" where it ends."""
    sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
    try:
        data = script.data if script.half_close else script.data + LAST
        sock.sendall(data)
        if script.half_close:
            sock.shutdown(socket.SHUT_WR)
        sock.settimeout(silence)
        received, waits = b"", False
        try:
            piece = sock.recv(65536)
            while piece:
                received += piece
                piece = sock.recv(65536)
        except socket.timeout:
            waits = True
        except socket.error as error:
            if error.errno not in (errno.ECONNRESET, errno.EPIPE):
                raise
    finally:
        sock.close()
    statuses = [status.decode("ascii") for status in _statuses(received)]
    if received and not statuses:
        return "a body without a head"
    return described(statuses, waits)


def described(statuses, waits):
    """The cell of a table for these statuses, in their order."""
    parts = []
    for status, group in itertools.groupby(statuses):
        count = len(list(group))
        parts.append(status if count == 1 else u"%d \u00d7 %s" % (count, status))
    if waits:
        parts.append("waits")
    return u", ".join(parts) or u"closed"


def answer(request):
    """The application that all these servers have: 200 to anything but CONNECT."""
    status = 405 if request.method == "CONNECT" else 200
    request.connection.write_headers(
        httputil.ResponseStartLine("HTTP/1.1", status, httputil.responses[status]),
        httputil.HTTPHeaders({"Content-Length": "2"}), b"ok")
    request.connection.finish()


def answers_of_class(server_class):
    """The answers to all scripts of an HTTPServer of Tornado's interface."""
    return [answer_in_process(server_class, script) for script in SCRIPTS]


def answer_in_process(server_class, script):
    """What such a server in a process of its own answers, or "hangs" if it serves no one then."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        answered = u"failed"
        try:
            logging.disable(logging.CRITICAL)
            server = ServedHTTP(answer, server_class)
            answered = answer_of(server.port, script)
            if answered.endswith(u"waits") and answer_of(
                    server.port, Script("", "", b"", "", False)) != u"200":
                answered = u"hangs"
        finally:
            os.write(writing, answered.encode("utf-8"))
            os._exit(0)
    os.close(writing)
    answered = os.read(reading, 1000).decode("utf-8")
    os.close(reading)
    os.waitpid(child, 0)
    return answered


def answer_of_h11(script):
    """What a server that is written as h11 recommends answers."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(script.data if script.half_close else script.data + LAST)
    if script.half_close:
        connection.receive_data(b"")
    statuses = []
    try:
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                return described(statuses, not script.half_close)
            if isinstance(event, h11.ConnectionClosed):
                return described(statuses, False)
            if event is h11.PAUSED:
                if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                    return described(statuses, False)
                connection.start_next_cycle()
            elif isinstance(event, h11.Request):
                method = event.method
            elif isinstance(event, h11.EndOfMessage):
                status = 405 if method == b"CONNECT" else 200
                statuses.append(str(status))
                connection.send(h11.Response(
                    status_code=status, headers=[("Content-Length", "2")]))
                connection.send(h11.Data(data=b"ok"))
                connection.send(h11.EndOfMessage())
                if connection.our_state is h11.MUST_CLOSE:
                    return described(statuses, False)
    except h11.RemoteProtocolError as error:
        if not (script.half_close and connection.their_state is h11.ERROR and not statuses
                and "without sending complete" in str(error)):
            statuses.append(str(error.error_status_hint))
        return described(statuses, False)


NGINX = """
daemon off; master_process off; worker_processes 1; pid %(folder)s/pid;
error_log %(folder)s/error.log crit;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path %(folder)s/a; proxy_temp_path %(folder)s/b; fastcgi_temp_path %(folder)s/c;
  uwsgi_temp_path %(folder)s/d; scgi_temp_path %(folder)s/e;
  server { listen 127.0.0.1:%(port)d; location / { return 200 ok; } }
}
"""


def answers_of_nginx(program):
    folder = tempfile.mkdtemp()
    port = free_port()
    with open(os.path.join(folder, "nginx.conf"), "w") as file:
        file.write(NGINX % {"folder": folder, "port": port})
    process = subprocess.Popen(
        [program, "-p", folder, "-c", os.path.join(folder, "nginx.conf"), "-e",
         os.path.join(folder, "error.log")])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), PATIENCE).close()
                break
            except socket.error:
                assert process.poll() is None, "nginx does not run"
        return [answer_of(port, script) for script in SCRIPTS]
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def columns(other_pythons):
    """The columns of the page: (heading, answers)."""
    found = [("Waterspout", answers_of_class(waterspout.HTTPServer)), tornado_column()]
    for python in other_pythons:
        output = subprocess.check_output([python, os.path.abspath(__file__), "--tornado"])
        found.append(tuple(json.loads(output.decode("utf-8"))))
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:" + os.environ["PATH"])
    if nginx is not None:
        version = subprocess.check_output([nginx, "-v"], stderr=subprocess.STDOUT).decode("ascii")
        found.append((version.split(":")[1].strip().replace("/", " "), answers_of_nginx(nginx)))
    if h11 is not None:
        found.append(("h11 " + h11.__version__, [answer_of_h11(script) for script in SCRIPTS]))
    return found


def tornado_column():
    return "Tornado " + tornado.version, answers_of_class(tornado.httpserver.HTTPServer)


TOP = u"""# How servers answer odd requests

The same bytes sent to `waterspout.HTTPServer`, to Tornado's own server, to nginx and to h11. All of
them have an application that answers every request with 200, and CONNECT with 405. After each
script the client sends `GET /last` with `Connection: close`, except where it only ends its sending
side. So `2 \u00d7 200` means that the script was taken for one request. A request more than that is
request smuggling: the client did not mean to send it.

A cell has the statuses in their order. `closed`: the server ends the connection without an answer.
`waits`: it waits for more bytes. `hangs`: it serves no other client meanwhile. The last column has
the section of the RFC that decides. Where that allows both, Waterspout refuses what a reader before
it can have read in another way.

A plain server answers with the statuses of Tornado. The service kit has more of them (408, 413,
417), and answers in JSON. `python tests/support/server_answers.py docs/server-conformance.md`
writes this page; a test compares it with what the server does.
"""


def page(found):
    """The text of the page with these columns."""
    lines = [TOP]
    for group, scripts in itertools.groupby(enumerate(SCRIPTS), lambda pair: pair[1].group):
        lines.append(u"## %s\n" % group)
        headings = [u"Script"] + [heading for heading, _ in found] + [u"RFC, section"]
        lines.append(u"| " + u" | ".join(headings) + u" |")
        lines.append(u"|" + u" --- |" * len(headings))
        for index, script in scripts:
            cells = [script.name] + [answers[index] for _, answers in found] + [script.rule]
            lines.append(u"| " + u" | ".join(cells) + u" |")
        lines.append(u"")
    return u"\n".join(lines)


def columns_of(text):
    """The columns of a page: (heading, answers), in the order of the scripts."""
    headings, rows = [], {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip(u"|").split(u"|")]
        if line.startswith(u"| Script |"):
            headings = cells[1:-1]
        elif line.startswith(u"| ") and not line.startswith(u"| ---"):
            rows[cells[0]] = cells[1:-1]
    return [(heading, [rows[script.name][index] for script in SCRIPTS])
            for index, heading in enumerate(headings)]


if __name__ == "__main__":
    if sys.argv[1] == "--tornado":
        print(json.dumps(tornado_column()))
    else:
        with open(sys.argv[1], "wb") as output:
            output.write(page(columns(sys.argv[2:])).encode("utf-8"))
