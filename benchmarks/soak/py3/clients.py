"""The clients of the load: each sends one request after another, and none of them again."""

from __future__ import absolute_import, division, print_function

import asyncio
import collections
import json
import random

from benchmarks.soak import messages, outcomes
from benchmarks.soak.outcomes import Request
from benchmarks.soak.py3.connection import FAST, Connection, Failure, Pace

#: A kind of client. It keeps its connection or not; waits ``think`` seconds on average between two
#: requests; and does what ``does`` names: one row, or many.
Kind = collections.namedtuple("Kind", "name keeps think pace does")

#: A request in twelve pieces, and an answer in reads of 4 KiB, each after a pause.
_SLOWLY = Pace(12, 4096, 0.1, 4096)

KINDS = {kind.name: kind for kind in (
    Kind("kept", True, 0.02, FAST, "one"),
    Kind("new", False, 0.05, FAST, "one"),
    # On new connections, so that all workers get them: one that has never had several at a time has
    # not yet taken the memory that it needs.
    Kind("large", False, 0.3, FAST, "many"),
    Kind("slow", True, 0.2, _SLOWLY, "one"),
    Kind("slow-large", False, 0.5, _SLOWLY, "many"),
    Kind("idle", True, 2.0, FAST, "one"),
)}

#: Seconds in which each request must have been answered.
PATIENCE = 60.0

#: Seconds that a client waits after a failure, before its next request.
_AFTER_FAILURE = 0.1


class Lane:
    """A way to the gateway, and what is sent on it.

    Attributes:
        open (dict): the connections that are open, by their ports.
    """

    def __init__(self, name, address, crowd):
        """``crowd`` has the number of clients of each kind."""
        self.name = name
        self.address = address
        self.crowd = crowd
        self.open = {}

    def doom(self, ports):
        """Remember that the worker is killed which holds these connections.

        Returns: (int, int): how many of them are ours, and on how many a request is under way.
        """
        held = [self.open[port] for port in ports if port in self.open]
        for connection in held:
            connection.doomed = True
        return len(held), sum(connection.busy for connection in held)


class Load:
    """All clients. ``requests`` is what has become of each request, in the order of the ends.

    Attributes:
        outages (list): (away, back) of each time that the CMDB was not there, in seconds after the
            start; infinity while it is not back.
        stored (int): imports of one new host that were answered with success.
        prefix (str): that of the names of their hosts.
        doubtful (int): those that were sent and failed: they may have been carried out.
    """

    def __init__(self, lanes, prefix, clock):
        self.lanes = lanes
        self.requests = []
        self.outages = []
        self.stored = 0
        self.doubtful = 0
        self.prefix = prefix
        self._clock = clock
        self._number = 0
        self._ending = False

    async def run(self):
        """Send requests until `end` is called; those under way are awaited."""
        await asyncio.gather(*[
            self._client(lane, KINDS[kind], "%s-%s-%d" % (lane.name, kind, number))
            for lane in self.lanes for kind, count in lane.crowd.items()
            for number in range(count)])

    def end(self):
        self._ending = True

    async def _client(self, lane, kind, who):
        dice, connection, mine = random.Random(who), None, []
        await asyncio.sleep(dice.random() * 0.5)
        while not self._ending:
            if connection is not None and connection.has_ended():
                connection = self._drop(lane, connection)
            message = self._message(kind, who, dice, mine)
            connection = await self._send(lane, kind, connection, message, mine)
            if connection is not None and not kind.keeps:
                connection = self._drop(lane, connection)
            await asyncio.sleep(dice.uniform(0, 2 * kind.think))
        if connection is not None:
            self._drop(lane, connection)

    def _message(self, kind, who, dice, mine):
        self._number += 1
        tag = "%s%d" % (self.prefix, self._number)
        if kind.does == "many":
            names = "many-%s%s" % (self.prefix, who)
            if mine and dice.random() < 0.5:
                return messages.search_many(tag, names)
            return messages.import_many(tag, names)
        if mine and dice.random() < 0.5:
            return messages.search_one(tag, dice.choice(mine))
        return messages.import_one(tag, tag, dice.randrange(64))

    async def _send(self, lane, kind, connection, message, mine):
        """Send a request and record its end. Returns the connection if it can be used again."""
        begun, excuse, outcome, detail = self._clock(), None, outcomes.ANSWERED, ""
        try:
            if connection is None:
                connection = Connection(lane.address, kind.pace)
                await asyncio.wait_for(connection.open(), PATIENCE)
                lane.open[connection.port] = connection
            answer = await asyncio.wait_for(connection.exchange(message.content), PATIENCE)
        except (Failure, asyncio.TimeoutError) as error:
            outcome, detail = outcomes.TIMEOUT, "nothing in %g s" % PATIENCE
            if isinstance(error, Failure):
                outcome, detail = error.kind, error.detail
            if connection.doomed:
                excuse = outcomes.KILLED
            connection = self._drop(lane, connection)
        else:
            if answer.close:
                connection = self._drop(lane, connection)
            outcome, detail = judged(answer, message)
            if outcome == outcomes.ERROR and outcomes.is_upstreams_fault(
                    answer.status, answer.body, begun, self._clock(), self.outages):
                excuse = outcomes.UPSTREAM
        self._remember(kind, message, outcome, mine)
        self.requests.append(Request(
            lane.name, kind.name, begun, self._clock(), outcome, excuse,
            "%s %s" % (message.tag, detail) if detail else ""))
        if outcome != outcomes.ANSWERED:
            await asyncio.sleep(_AFTER_FAILURE)
        return connection

    def _remember(self, kind, message, outcome, mine):
        """Keep what a search can find: the names of stored hosts; of many, that they are stored."""
        if outcome == outcomes.ANSWERED:
            self.stored += message.name is not None
            if message.name is not None or kind.does == "many":
                mine.append(message.name)
                del mine[:-50]
        elif message.name is not None and outcome != outcomes.REFUSED:
            self.doubtful += 1

    def _drop(self, lane, connection):
        lane.open.pop(connection.port, None)
        connection.close()


def judged(answer, message):
    """Return the outcome of an answer, and in words what is wrong with it."""
    text = answer.body[:200].decode("utf-8", "replace")
    said = "%d: %s" % (answer.status, " ".join(text.split()))
    if answer.status >= 500:
        return outcomes.ERROR, said
    try:
        if answer.status == 200 and message.is_right(json.loads(answer.body)):
            return outcomes.ANSWERED, ""
    except (ValueError, KeyError, TypeError):
        pass
    return outcomes.WRONG, said
