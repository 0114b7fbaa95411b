"""Count the functions that a call runs, Python's and C's: a cost without a clock."""

from __future__ import absolute_import, division, print_function

import base64
import gc
import itertools
import json
import random
import re
import sys

from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout._compat import to_bytes

try:
    from urllib.parse import urlencode
except ImportError:  # py2
    from urllib import urlencode

#: For values that no earlier call had.
NUMBERS = itertools.count(1)

#: How often a call is made; the least count is the call's, without what a timer has added.
TIMES = 4

_NAME = re.compile(br"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(br"[\x21-\xff](?:[\t\x20-\xff]*[\x21-\xff])?\Z")

#: Keyword -> functions that make a new value for it.
CHOICES = {
    "headers": [lambda count=count: {"X-Field-%d" % n: "value %d" % next(NUMBERS)
                                     for n in range(count)} for count in (1, 2, 3, 5)],
    "params": [
        lambda: {"page": next(NUMBERS), "size": 30, "q": "a b"},
        lambda: [("tag", "a/%d" % next(NUMBERS)), ("tag", "b")],
    ],
    "timeout": [
        lambda: 10, lambda: (3, 10), lambda: waterspout.ClientTimeout(connect=3, total=20)],
    "auth": [lambda: ("user-%d" % next(NUMBERS), "secret")],
    "stream": [lambda: True],
    "allow_redirects": [lambda: False],
}
COOKIES = {"cookies": lambda: {"session": "%032x" % next(NUMBERS)}}
BODIES = [
    ("json", lambda: {"name": "web-%d" % next(NUMBERS), "tags": ["a", "b"]}),
    ("data", lambda: {"name": "web-%d" % next(NUMBERS), "note": "a b"}),
    ("data", lambda: b"bytes %d" % next(NUMBERS)),
    ("data", lambda: u"text %d" % next(NUMBERS)),
]


def combination(number):
    """Return a method, and keyword -> function that makes a value; the same on every Python."""
    dice = random.Random(number)

    def one_of(choices):
        return choices[int(dice.random() * len(choices))]

    makers = {name: one_of(CHOICES[name]) for name in sorted(CHOICES) if dice.random() < 0.5}
    method = one_of(["GET", "DELETE"])
    if dice.random() < 0.6:
        method = one_of(["POST", "PUT"])
        makers.update([one_of(BODIES)])
    return method, makers


@gen.coroutine
def count(steps, *arguments):
    """Run a generator function, as a coroutine's code; return how many functions it ran."""
    counts = []
    for _ in range(TIMES):
        with _Counter() as counter:
            running, result = steps(*arguments), None
            try:
                while True:
                    result = yield running.send(result)
            except StopIteration:
                pass
        counts.append(counter.count)
    raise gen.Return(min(counts))


def call(session, method, url, makers):
    """Make a call and read its body."""
    values = {name: make() for name, make in makers.items()}
    response = yield session.request(method, url, **values)
    if values.get("stream"):
        pieces = response.iter_content()
        while (yield pieces.next()):
            pass
        response.close()


def encode(makers):
    """Encode the same values plainly, with the functions of the standard library."""
    values = {name: make() for name, make in makers.items()}
    for name, value in values.get("headers", {}).items():
        name, value = to_bytes(name), to_bytes(value)
        assert _NAME.match(name) and _VALUE.match(value), (name.lower(), value)
    if "params" in values:
        to_bytes(urlencode(values["params"], True))
    if "auth" in values:
        base64.b64encode(to_bytes("%s:%s" % values["auth"]))
    if "cookies" in values:
        to_bytes("; ".join("%s=%s" % pair for pair in values["cookies"].items()))
    if "json" in values:
        to_bytes(json.dumps(values["json"]))
    if isinstance(values.get("data"), dict):
        to_bytes(urlencode(values["data"], True))
    if "stream" in values:
        for _ in range(2):  # A piece, and the end.
            future = Future()
            future.set_result(b"")
            yield future
    done = Future()
    done.set_result(None)
    yield done


class _Counter(object):
    """Counts calls of functions in this thread while its block runs."""

    def __init__(self):
        self.count = 0

    def _profile(self, frame, event, argument):
        if event == "call" or event == "c_call":
            self.count += 1

    def __enter__(self):
        self._before = sys.getprofile()
        gc.disable()  # What it calls is not the call's.
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *error):
        sys.setprofile(self._before)
        gc.enable()
