"""The requests of the load, and what their answers must say."""

from __future__ import absolute_import, division, print_function

import collections
import json

#: ``tag`` is the id of the request, by which the logs know it; ``content`` are the bytes that are
#: sent; ``is_right(answer)`` checks the decoded JSON of a 200; ``name`` is that of the host that an
#: import stores, or None.
Message = collections.namedtuple("Message", "tag content is_right name")

#: Rows of a large import, and of a large page that is searched for.
MANY = 500


def import_one(tag, name, cpu):
    # type: (str, str, int) -> Message
    """Store one host under a name that no other request uses."""
    body = {"keys": ["name"], "datas": [{"name": name, "cpu": cpu, "ip": "10.0.0.1"}]}
    return Message(tag, request("import", tag, body), _has_stored(1), name)


def import_many(tag, prefix):
    # type: (str, str) -> Message
    """Store the same hosts each time: they are inserted once and updated after that."""
    rows = [{"name": "%s-%04d" % (prefix, number), "cpu": number, "memo": "x" * 100}
            for number in range(MANY)]
    body = {"keys": ["name"], "datas": rows}
    return Message(tag, request("import", tag, body), _has_stored(MANY), None)


def search_one(tag, name):
    # type: (str, str) -> Message
    """Find a host whose import was answered with success: it must be there."""
    def is_right(answer):
        return [row["name"] for row in answer["data"]["data"]["list"]] == [name]

    return Message(tag, request("search", tag, {"query": {"name": name}}), is_right, None)


def search_many(tag, prefix):
    # type: (str, str) -> Message
    """Find the hosts of a large import."""
    def is_right(answer):
        return len(answer["data"]["data"]["list"]) == MANY

    body = {"query": {"name": {"$like": prefix + "-%"}}, "page_size": MANY}
    return Message(tag, request("search", tag, body), is_right, None)


def request(action, tag, body):
    # type: (str, str, dict[str, Any]) -> bytes
    """A request of the gateway's, whole: its head and its body."""
    payload = json.dumps(body).encode("ascii")
    head = (
        "POST /cmdb/%s/HOST HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (
            action, tag, len(payload)))
    return head.encode("ascii") + payload


def _has_stored(rows):
    def is_right(answer):
        counts = answer["data"]["data"]
        return counts["insert_count"] + counts["update_count"] == rows

    return is_right
