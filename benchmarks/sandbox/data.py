"""What is stored and asked: hosts, as ``seed.json`` defines them, and the applications they run."""

from __future__ import absolute_import, division, print_function

import collections
import random

#: Rows of the import that is measured; half of them change instances that exist.
IMPORT_ROWS = 3000

ENVIRONMENTS = ("dev", "test", "prod")

#: How many applications there are. Each host runs one.
APPLICATIONS = 1000

RELATION = {
    "left_object_id": "HOST", "left_id": "apps", "right_object_id": "APP", "right_id": "runs_on",
}

#: A search: what it is called, the rest of its body, and whether an index leads to what it finds.
#: Bodies may have functions in them, which get the number of instances.
Search = collections.namedtuple("Search", "title body is_indexed")


def application(number):
    # type: (int) -> dict[str, Any]
    return {"name": "app-%04d" % number}


def host(number, generation=0, apps=()):
    # type: (int, int, Sequence[str]) -> dict[str, Any]
    """The host of that number; generations differ in what updates change.

    Args:
        apps: ids of applications, one of which it runs, if there are any.
    """
    dice = random.Random(number * 1000 + generation)
    return {
        "name": name(number),
        "ip": "10.%d.%d.%d" % (number >> 16 & 255, number >> 8 & 255, number & 255),
        "cpu": dice.choice([2, 4, 8, 16, 32]),
        "memory": 1024 * dice.randrange(1, 256),
        "env": dice.choice(ENVIRONMENTS),
        "owner": "user-%04d" % dice.randrange(1000),
        "tags": ["rack-%d" % (number % 40), "linux"],
        "apps": [dice.choice(apps)] if apps else [],
    }


def import_rows(count, generation, apps):
    # type: (int, int, Sequence[str]) -> list[dict[str, Any]]
    """Rows half of which are new when the hosts 0 to ``count`` are stored, in any order."""
    dice = random.Random(generation)
    half = IMPORT_ROWS // 2
    rows = [host(number, generation, apps) for number in dice.sample(range(count), half)]
    rows += [host(number, 0, apps) for number in range(count, count + half)]
    dice.shuffle(rows)
    return rows


def name(number):
    # type: (int) -> str
    return "host-%07d" % number


#: Of all the first page of 30 is asked for. Where no more is found than that, the total is known,
#: and of a condition on one attribute it is kept; elsewhere it is counted.
SEARCHES = [
    Search("name $eq", {"query": {"name": name(7777)}}, True),
    Search("ip $eq", {"query": {"ip": {"$eq": "10.0.7.77"}}}, True),
    Search("name $in 30 names", {"query": {"name": {"$in": [
        name(number) for number in range(0, 9000, 300)]}}}, True),
    Search("name $like host-00007%", {"query": {"name": {"$like": "host-00007%"}}}, True),
    Search("owner $eq, one of 1,000", {"query": {"owner": "user-0007"}}, True),
    Search("ip $eq and env $eq", {"query": {"ip": "10.0.7.77", "env": "prod"}}, True),
    Search("owner $eq and env $eq", {"query": {"owner": "user-0007", "env": "prod"}}, True),
    Search("apps.name $eq, one of 1,000", {"query": {"apps.name": "app-0007"}}, True),
    Search("apps.name $eq and ip $eq", {"query": {
        "apps.name": "app-0007", "ip": "10.0.7.77"}}, True),
    Search("apps.name $eq and env $eq", {"query": {"apps.name": "app-0007", "env": "prod"}}, True),
    Search("everything", {}, True),
    Search("everything, sorted by cpu", {"sort": {"cpu": 1}}, True),
    Search("env $eq, a third of all", {"query": {"env": "prod"}}, True),
    Search("env $eq, sorted by name", {"query": {"env": "prod"}, "sort": {"name": 1}}, True),
    Search("cpu $eq, a fifth of all", {"query": {"cpu": 16}}, True),
    Search("cpu $gt, a fifth of all", {"query": {"cpu": {"$gt": 16}}}, False),
    Search("name $like %7777%", {"query": {"name": {"$like": "%7777%"}}}, False),
    Search("tags $in", {"query": {"tags": {"$in": ["rack-7"]}}}, False),
    Search("apps $exists, all", {"query": {"apps": {"$exists": True}}}, False),
    Search("apps.name $like app-00%, a tenth", {"query": {
        "apps.name": {"$like": "app-00%"}}}, False),
]
