"""JSON that is nested too deep is an error, whatever the garbage collector does meanwhile."""

from __future__ import absolute_import, division, print_function

import subprocess
import sys

import pytest

# The collector runs when about so many containers were made, near the recursion limit of 1000. Then
# a finalizer exceeds that limit. Python 3.6 to 3.8 aborted in the same call.
PROGRAM = """
import gc, sys

class Garbage(object):
    def __init__(self):
        self.itself = self
    def __del__(self):
        recurse(100)

def recurse(levels):
    return levels and recurse(levels - 1)

%(call)s
refused = 0
for count in range(%(first)d, %(first)d + 140, 14):
    gc.collect()
    gc.set_threshold(count)
    gc.collect()
    Garbage()
    try:
        call()
    except (ValueError, RuntimeError) as error:
        refused += 1
    gc.set_threshold(10000)
assert refused == 10, refused
"""

CALLS = {
    "a request's body": """
from waterspout.service import InvalidInput
from waterspout.service._json_bodies.strict_decoder import decode_json_object
def call():
    try:
        decode_json_object(b"[" * 100000)
    except InvalidInput as error:
        raise ValueError(error)
""",
    "a response's body": """
from waterspout._json_text.loads import loads
def call():
    loads(u"[" * 100000)
""",
    "a large body": """
from waterspout._json_text.reader import LargeText
import json
def call():
    text = LargeText(u"[" * 1100 + u" " * 100000, json.JSONDecoder())
    for _ in text.steps():
        pass
""",
    "a value to be sent": """
from waterspout._json_text.encoder import encoder
encode = encoder()
value = {}
for _ in range(100000):
    value = {"a": value}
def call():
    encode(value)
""",
}

#: Containers that are made before the limit is near, where they are not one for each level.
CONTAINERS = {"a value to be sent": 2850}


@pytest.mark.parametrize("what", sorted(CALLS))
def test_a_finalizer_near_the_recursion_limit_does_not_end_the_process(what):
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM % {
            "call": CALLS[what], "first": CONTAINERS.get(what, 860)}], stderr=subprocess.PIPE)
    errors = program.communicate()[1].decode("utf-8", "replace")
    assert program.returncode == 0, errors[-2000:]
