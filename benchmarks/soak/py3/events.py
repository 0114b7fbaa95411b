"""The events: each is done to the programs under load, and waits until its effect is complete."""

from __future__ import absolute_import, division, print_function

import asyncio
import math
import os
import signal
import time

from benchmarks.soak import proc_table, proxies
from benchmarks.soak.py3.sites import DRAIN_TIMEOUT, WORKERS

#: Seconds that an event may take.
PATIENCE = DRAIN_TIMEOUT + 30.0


class EventFailed(Exception):
    """The text says what did not happen."""


class Events:
    """
    Attributes:
        killed (tuple): connections that the killed worker held, and requests under way on them.
    """

    def __init__(self, site, load, clock):
        self._site = site
        self._load = load
        self._clock = clock
        self.killed = (0, 0)

    async def do(self, name):
        """Do what `schedule` names, and return a sentence. Raises EventFailed."""
        return await {
            "roll": self._roll, "kill": self._kill, "release": self._release,
            "upstream-stop": lambda: self._restart_upstream(signal.SIGTERM),
            "upstream-kill": lambda: self._restart_upstream(signal.SIGKILL),
            "stop-first": lambda: self._stop(0), "stop-second": lambda: self._stop(1),
        }[name]()

    async def _roll(self):
        before = self._site.workers()
        self._site.main.signal(self._site.roll)
        await self._until(lambda: self._are_new(before), "the workers were not replaced")
        return "%d workers were replaced" % WORKERS

    def _are_new(self, before):
        workers = self._site.workers()
        return len(workers) == WORKERS and not workers & before and not any(
            map(proc_table.is_alive, before))

    async def _kill(self):
        victim, lane = min(self._site.workers()), self._site.lanes[0]
        # Without a turn of the loop in between: no client sends while the worker is stopped, so
        # that these are exactly the requests that it had.
        os.kill(victim, signal.SIGSTOP)
        if not proc_table.wait_until_stopped(victim):
            raise EventFailed("the worker could not be stopped")
        ports = proc_table.client_ports(victim, self._site.main.port)
        self.killed = lane.doom(ports)
        os.kill(victim, signal.SIGKILL)
        await self._until(
            lambda: len(self._site.workers() - {victim}) == WORKERS,
            "the worker was not replaced")
        return "it held %d connections, with a request under way on %d" % self.killed

    async def _release(self):
        site = self._site
        before, parent = site.workers(), site.main.pid
        site.main.signal(signal.SIGUSR2)
        await self._until(lambda: self._pid_in_file() not in (None, parent),
                          "no new release wrote its pid")
        await self._until(lambda: site.main.poll() is not None, "the old release did not end")
        code = site.main.poll()
        site.main.adopt(self._pid_in_file())
        await self._until(lambda: self._are_new(before), "the new release has too few workers")
        if code:
            raise EventFailed("the old release ended with exit code %d" % code)
        return "the old release ended with exit code 0"

    def _pid_in_file(self):
        try:
            with open(self._site.pidfile) as file:
                return int(file.read())
        except (OSError, ValueError):
            return None

    async def _restart_upstream(self, number):
        outage = [self._clock(), math.inf]
        self._load.outages.append(outage)
        cmdb = self._site.cmdb
        cmdb.signal(number)
        await self._until(lambda: cmdb.poll() is not None, "the CMDB did not end")
        await self._start(cmdb)
        outage[1] = self._clock()
        return "it was away for %.1f s" % (outage[1] - outage[0])

    async def _stop(self, index):
        instance = self._site.instances[index]
        begun = time.monotonic()
        instance.signal(signal.SIGTERM)
        await self._until(lambda: instance.poll() is not None, "the instance did not end")
        took = time.monotonic() - begun
        if instance.poll():
            raise EventFailed("it ended with exit code %d" % instance.poll())
        await self._start(instance)
        # As an operator does who restarts one after another.
        await asyncio.sleep(proxies.BETWEEN_RESTARTS)
        return "it ended with exit code 0 after %.1f s" % took

    async def _start(self, program):
        await asyncio.get_running_loop().run_in_executor(None, program.start)

    async def _until(self, is_so, complaint):
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > deadline:
                raise EventFailed(complaint)
            await asyncio.sleep(0.05)
