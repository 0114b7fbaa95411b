"""One soak: the load, the events beside it, and what is measured meanwhile."""

from __future__ import absolute_import, division, print_function

import asyncio
import json
import time
import urllib.request

from benchmarks.command import say
from benchmarks.soak import outcomes, proc_table
from benchmarks.soak.memory import Memory
from benchmarks.soak.py3.clients import Load
from benchmarks.soak.py3.events import EventFailed, Events
from benchmarks.soak.schedule import TITLES

#: Seconds between two samples of memory.
_SAMPLE = 0.5

#: Seconds after an event in which its effect may still show.
AFTER = 1.0


def soak(site, planned, seconds):
    """Run the load on a started site for so long, or until all events are over; return JSON."""
    return asyncio.run(_soak(site, planned, seconds))


async def _soak(site, planned, seconds):
    begun = time.monotonic()

    def clock():
        return time.monotonic() - begun

    load = Load(site.lanes, "%x-" % int(time.time() * 1000), clock)
    events, memory = Events(site, load, clock), Memory()
    running = asyncio.ensure_future(load.run())
    sampling = asyncio.ensure_future(_sample(site, memory, clock))
    done = []
    for event in planned:
        await asyncio.sleep(max(0.0, event.at - clock()))
        done.append(await _perform(events, event, clock))
    await asyncio.sleep(max(0.0, seconds - clock(), outcomes.SETTLES if done else 0))
    sampling.cancel()
    load.end()
    await running
    took = clock()
    return {
        "seconds": took,
        "lanes": {lane.name: outcomes.counts(
            one for one in load.requests if one.lane == lane.name) for lane in site.lanes},
        "kinds": outcomes.by_kind(load.requests),
        "events": [dict(event, requests=outcomes.counts(outcomes.during(
            load.requests, event["begun"], event["ended"] + AFTER))) for event in done],
        "killed": list(events.killed),
        "failures": [list(one) for one in outcomes.ours(load.requests)],
        "memory": [list(growth) for growth in memory.growths()],
        "stored": load.stored, "doubtful": load.doubtful,
        "found": await asyncio.get_running_loop().run_in_executor(
            None, found_in, site.cmdb.port, load.prefix),
    }


async def _perform(events, event, clock):
    begun, error, note = clock(), None, ""
    try:
        note = await events.do(event.name)
    except EventFailed as failure:
        error = str(failure)
    say("%5.1f s: %s: %s" % (begun, TITLES[event.name], error or note))
    return {"name": event.name, "begun": begun, "ended": clock(), "note": note, "error": error}


async def _sample(site, memory, clock):
    while True:
        for pid in site.serving():
            kib = proc_table.memory_kib(pid)
            if kib is not None:
                memory.add(pid, clock(), kib)
        await asyncio.sleep(_SAMPLE)


def found_in(port, prefix):
    """How many of the hosts that imports of one row have stored the CMDB has."""
    body = {"query": {"name": {"$like": prefix + "%"}}, "fields": {"name": 1}, "page_size": 1}
    request = urllib.request.Request(
        "http://127.0.0.1:%d/object/HOST/instance/_search" % port, json.dumps(body).encode(),
        {"Content-Type": "application/json", "org": "777777", "user": "defaultUser"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as response:
        return json.load(response)["data"]["total"]
