"""The values of calls: new ones for each number, so that no client can use its earlier work."""

from __future__ import absolute_import, division, print_function

import json

#: What is answered (166 bytes).
JSON = json.dumps({
    "code": 0,
    "message": "",
    "data": {
        "total": 2,
        "list": [
            {"name": "web-1", "ip": "10.0.0.1", "cpu": 8, "memory": 32},
            {"name": "web-2", "ip": "10.0.0.2", "cpu": 8},
        ],
    },
})

#: What an SDK calls: the path with its argument, and its template.
IMPORT_PATH = "/object/HOST/instance/_import"
IMPORT = "/object/{object_id}/instance/_import"
OBJECT_ID = "HOST"

#: What an SDK sends with every call.
ORG = {"org": "1", "user": "defaultUser"}

#: The cookie of a session.
JAR = {"session": "abcdef0123456789"}

#: What is uploaded.
UPLOAD = b"x" * (64 * 1024)

#: Seconds, of the calls that give one: out of reach.
CALL_TIMEOUT = 10


def request_id(number):
    # type: (int) -> dict[str, str]
    return {"X-Request-Id": "%032x" % number}


def headers(number):
    # type: (int) -> dict[str, str]
    return {
        "X-Request-Id": "%032x" % number,
        "X-User": "user-%d" % number,
        "Accept": "application/json",
    }


def payload(number):
    # type: (int) -> dict[str, Any]
    """What is posted as JSON."""
    return {"keys": ["name"], "datas": [{"name": "web-%d" % number, "cpu": 8, "memory": number}]}


def params(number):
    # type: (int) -> dict[str, str]
    return {"page": str(number), "page_size": "30", "q": "web %d" % number}


def cookies(number):
    # type: (int) -> dict[str, str]
    return {"session": "%032x" % number}


def user(number):
    # type: (int) -> str
    """The name of the user; the password is PASSWORD."""
    return "user-%d" % number


PASSWORD = "secret"
