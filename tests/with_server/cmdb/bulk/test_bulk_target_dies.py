"""Imports whose gateway is killed, and comes back or does not."""

from __future__ import absolute_import, division, print_function

import io
import signal

import free_ports
import pytest
from bulk_importing import Heard
from programs import Program
from served_app import ServedApp
from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import Import, ImportOptions
from waterspout_cmdb.bulk.sending import Limits
from waterspout_cmdb.bulk.targets import CMDBTarget, GatewayTarget
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store

pytestmark = pytest.mark.slow

ROWS = 1500
PATIENCE = 60


class Place(object):
    """A sandbox, and a gateway process in front of it that can be killed and started."""

    def __init__(self, folder):
        self.folder = folder
        store = Store.open(str(folder.join("sandbox.db")))
        self._sandbox = ServedApp(lambda: make_sandbox(store))
        self.cmdb = "127.0.0.1:%d" % self._sandbox.port
        self._port = free_ports.free_port()
        self.url = "http://127.0.0.1:%d" % self._port
        self._gateway = None
        self.start()

    def start(self):
        self._gateway = Program(
            ["-m", "waterspout_cmdb", "--port=%d" % self._port, "--upstream=" + self.cmdb,
             "--org=1", "--user=easyops"], cwd=str(self.folder))
        self._gateway.search(r"gateway on http://")

    def kill(self):
        self._gateway.signal(signal.SIGKILL)
        self._gateway.wait()
        self._gateway.__exit__(None, None, None)
        self._gateway = None

    def close(self):
        if self._gateway is not None:
            self._gateway.__exit__(None, None, None)
        self._sandbox.__exit__(None, None, None)


@pytest.fixture
def place(tmpdir):
    place = Place(tmpdir)
    yield place
    place.close()


@pytest.fixture
def path(tmpdir):
    path = str(tmpdir.join("hosts.csv"))
    with io.open(path, "w") as file:
        file.write(u"name,cpu\n")
        for each in range(ROWS):
            file.write(u"host-%d,%d\n" % (each, each % 64))
    return path


def stored(io_loop, place):
    """Return the cores of the hosts by name, as the CMDB itself has them."""
    target = CMDBTarget(place.cmdb, org=1, user="easyops")
    instances, _ = io_loop.run_sync(
        lambda: target.search("HOST", {}, ["name", "cpu"], 1, 3000), PATIENCE)
    io_loop.run_sync(target.close)
    return sorted((each["name"], each["cpu"]) for each in instances)


def expected():
    return sorted((u"host-%d" % each, each % 64) for each in range(ROWS))


def imported(io_loop, place, path, then=lambda job: None, **options):
    """Import, with ``then(job)`` called once some rows are in; return the Summary."""
    heard = Heard()
    target = GatewayTarget(place.url)
    options = ImportOptions(limits=Limits(max_rows=50, concurrency=3), **options)
    job = Import(path, "HOST", ["name"], target, options, heard)

    def once(progress):
        if progress.inserted >= 300:
            heard.then = lambda progress: None
            then(job)

    heard.then = once
    try:
        return io_loop.run_sync(job.run, PATIENCE)
    finally:
        io_loop.run_sync(target.close)


def test_a_gateway_that_is_killed_and_comes_back(io_loop, place, path):
    """The import waits for it, and loses nothing."""
    def kill(job):
        place.kill()
        IOLoop.current().call_later(0.5, place.start)

    summary = imported(io_loop, place, path, kill)
    assert (summary.state, summary.exit_code) == ("done", 0)
    assert summary.counts.inserted + summary.counts.updated == ROWS
    assert stored(io_loop, place) == expected()


def test_a_gateway_that_is_killed_for_good(io_loop, place, path):
    """An import that is stopped does not wait until it comes back; later it goes on."""
    def kill(job):
        place.kill()
        IOLoop.current().call_later(0.5, job.stop)

    summary = imported(io_loop, place, path, kill)
    assert (summary.state, summary.exit_code) == ("stopped", 130)
    assert 300 <= summary.counts.inserted < ROWS
    place.start()
    assert imported(io_loop, place, path, resume=True).state == "done"
    assert stored(io_loop, place) == expected()


def test_a_gateway_that_is_not_there(io_loop, place, path):
    """The model cannot be read: said at once, and nothing is left behind."""
    place.kill()
    target = GatewayTarget(place.url, retry=None)
    with pytest.raises(BulkError) as caught:
        io_loop.run_sync(Import(path, "HOST", ["name"], target).run, PATIENCE)
    io_loop.run_sync(target.close)
    assert "reading the model HOST" in str(caught.value)
    assert not place.folder.join("hosts.csv.journal").check()
