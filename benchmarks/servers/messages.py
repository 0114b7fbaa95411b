"""The requests, and what is right about their answers.

A request is text with NUMBER in it once or more often, which stands for a running number of
eight digits: no two requests are equal.
"""

from __future__ import absolute_import, division, print_function

import json

from benchmarks import values

#: In place of the running number.
NUMBER = "@NUMBER@"


class WrongAnswer(Exception):
    """An answer that is not what this case is about."""


def request(case, port):
    # type: (Case, int) -> str
    """Return the whole request of a case, ASCII."""
    return _MAKERS[case.kind.function](case.kind.path, "127.0.0.1:%d" % port)


def numbered(message, number):
    # type: (str, int) -> bytes
    return message.replace(NUMBER, "%08d" % number).encode("ascii")


def check(case, status, headers, body):
    # type: (Case, int, Mapping[str, str], bytes) -> None
    """Raises WrongAnswer unless it is what the server is to answer.

    Args:
        headers: the header fields, by their names in lower case.
    """
    if status != 200:
        raise WrongAnswer("status %d: %r" % (status, body[:200]))
    if not _CHECKS[case.kind.function](headers, body):
        raise WrongAnswer("a body of %d bytes: %r" % (len(body), body[:200]))


#: What a browser or a proxy sends beside what a request needs.
_FIELDS = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ("Accept", "application/json, text/plain, */*"),
    ("Accept-Language", "en-GB,en;q=0.7,fr;q=0.3"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Content-Type", "application/json"),
    ("Origin", "https://inventory.example"),
    ("Referer", "https://inventory.example/hosts/import"),
    ("Connection", "keep-alive"),
    ("Cookie", "session=abcdef0123456789; theme=dark; seen=1732870000"),
    ("Cache-Control", "no-cache"),
    ("Pragma", "no-cache"),
    ("Sec-Fetch-Dest", "empty"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Site", "same-origin"),
    ("X-Forwarded-For", "203.0.113.7, 10.0.0.2"),
    ("X-Forwarded-Proto", "https"),
    ("X-Request-Id", "0000000000000000000000000" + NUMBER),
)

#: Rows of the posted JSON, which make it 10 KB.
_ROWS = 92


def hello(path, host):
    # type: (str, str) -> str
    """A GET with what `wrk` sends, and a query."""
    return "GET %s?n=%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path, NUMBER, host)


page = hello


def json_post(path, host):
    # type: (str, str) -> str
    rows = [{"name": "web-%04d" % index, "ip": "10.0.%d.%d" % (index // 250, index % 250),
             "cpu": 8, "memory": 32, "tags": ["blue", "rack-%03d" % index], "note": "R&D"}
            for index in range(_ROWS)]
    body = json.dumps({"request": NUMBER, "rows": rows})
    fields = (("Host", host),) + _FIELDS + (
        ("Content-Length", "%d" % len(body)), ("X-User", "defaultUser"))
    return head("POST", path, fields) + body


def import_call(path, host):
    # type: (str, str) -> str
    body = json.dumps({
        "keys": ["name"], "datas": [{"name": "web-" + NUMBER, "cpu": 8, "memory": 32}]})
    return head("POST", path, (
        ("Host", host), ("User-Agent", "bench"), ("Accept", "application/json"),
        ("Content-Type", "application/json"), ("X-Request-Id", NUMBER),
        ("Content-Length", "%d" % len(body)))) + body


def head(method, path, fields):
    # type: (str, str, Iterable[tuple[str, str]]) -> str
    lines = ["%s %s HTTP/1.1" % (method, path)] + ["%s: %s" % field for field in fields]
    return "\r\n".join(lines) + "\r\n\r\n"


_MAKERS = {"hello": hello, "json_post": json_post, "page": page, "import_call": import_call}


def _is_hello(headers, body):
    return body == b"Hello, world!"


def _is_count(headers, body):
    return json.loads(body.decode("utf-8")) == {"rows": _ROWS, "cpus": 8 * _ROWS}


def _is_page(headers, body):
    return "etag" in headers and 48000 < len(body) < 53000 and b"R&amp;D" in body


def _is_import(headers, body):
    answer = json.loads(body.decode("utf-8"))
    return answer["data"] == json.loads(values.JSON)


_CHECKS = {"hello": _is_hello, "json_post": _is_count, "page": _is_page,
           "import_call": _is_import}
