"""Programs that are started inherit no descriptor of ours, which matters on Python 2.7.

There `subprocess` leaves all of them open for the program. One that lives on holds connections
that we have closed: the server sees no end of them, and the program has our TLS sockets. Each
test starts a program as 2.7 does, on every Python, and asks what it has.
"""

from __future__ import absolute_import, division, print_function

import json
import os
import subprocess
import sys

import pytest
from certificates import server_context
from client_fixtures import needs
from programs import SOURCES, Program
from raw_client import RawConnection
from raw_server import Peer, answering, response, then

OK = response(b"ok")

#: What a started program has beyond standard streams: what each descriptor leads to.
INHERITED = """
import json, os, subprocess, sys

REPORT = '''
import os
for number in os.listdir("/proc/self/fd"):
    try:
        link = os.readlink("/proc/self/fd/" + number)
    except OSError:
        continue  # That of the listing.
    if int(number) > 2:
        print(number + " " + link)
'''

def inherited():
    process = subprocess.Popen([sys.executable, "-c", REPORT], close_fds=False,
                               stdout=subprocess.PIPE)
    found = set(process.communicate()[0].decode().splitlines())
    # One that is inherited on every Python shows that the program sees what it has.
    assert process.returncode == 0 and any(line.startswith("100 ") for line in found)
    return found

def opened():
    # Other than by their flags: what exists at all, to see that the test sees it.
    return len([each for each in os.listdir("/proc/self/fd")])

os.dup2(0, 100)
AT_FIRST = inherited()
"""

CLIENT = INHERITED + """
import waterspout
from tornado import gen
from tornado.ioloop import IOLoop

transport, plain, tls, slow = sys.argv[1:5]
streams = transport != "curl"  # Not with the pycurl of 2.7.

@gen.coroutine
def main():
    sessions = [waterspout.Session(transport=transport, verify=False)]
    before = opened()
    responses = []
    for url in (plain, tls):
        yield sessions[0].get(url)
    if streams:
        responses.append((yield sessions[0].get(slow, stream=True)))
    if transport == "pooled":
        sessions.append(waterspout.Session(transport=transport, unix_socket=sys.argv[5]))
        yield sessions[1].get("http://here/")
        client = waterspout.PooledHTTPClient(force_instance=True)
        yield client.fetch(plain)
    print(json.dumps([opened() - before, sorted(inherited() - AT_FIRST)]))
    os._exit(0)

IOLoop.current().run_sync(main)
"""

SERVICE = INHERITED + """
from waterspout import service

class Handler(service.JSONHandler):
    def get(self):
        self.write_json({"data": sorted(inherited() - AT_FIRST)})

def on_ready():
    print("ready on %d" % port)
    sys.stdout.flush()

sockets = service.listen(0)
port = service.port_of(sockets)
sys.exit(service.serve_sockets(
    lambda: service.Application([("/", Handler)]), sockets, int(sys.argv[1]), on_ready=on_ready))
"""

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs Linux's /proc")


@pytest.mark.parametrize("transport", ["pooled", "tornado", "curl", "threads"])
def test_no_descriptor_of_a_client_is_inherited(serve, tmpdir, transport):
    """Kept connections, one under way, TLS, unix; the IOLoop's own, and those of libcurl."""
    needs(transport)
    path = str(tmpdir.join("socket"))
    serve(answering(OK), unix_socket=path)
    urls = [serve(answering(OK)).url(),
            serve(answering(OK), tls=server_context()).url().replace("127.0.0.1", "localhost"),
            serve(then(b"HTTP/1.1 200 OK\r\n\r\nbegun", Peer.hold)).url()]
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, transport] + urls + [path], close_fds=True,
        env=dict(os.environ, PYTHONPATH=SOURCES), stdout=subprocess.PIPE)
    output = process.communicate()[0].decode()
    assert process.returncode == 0
    count, found = json.loads(output)
    assert count >= {"pooled": 5, "tornado": 1, "curl": 2, "threads": 3}[transport]
    assert found == []


@pytest.mark.parametrize("processes", [1, 2])
def test_no_descriptor_of_a_service_is_inherited(processes):
    """Listening and accepted sockets, pipes between the processes, the IOLoop's own."""
    with Program(["-c", SERVICE, str(processes)]) as program:
        port = int(program.search(r"ready on (\d+)").group(1))
        with RawConnection(port) as idle, RawConnection(port) as asking:
            idle.send(b"GET / HTTP/1.1\r\nHost: here\r\n")
            answer = asking.get("/")
        assert (answer.status, answer.json["data"]) == (200, [])
