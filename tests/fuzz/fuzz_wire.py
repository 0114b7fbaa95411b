"""Feeds the response reader with whatever a fuzzer thinks of.

    python tests/fuzz/fuzz_wire.py [libFuzzer options] [corpus folder]

needs atheris, which guides the inputs by what they reach; ``-max_total_time=300`` stops it
after five minutes. A corpus folder that is empty is given a few responses to begin with.
What is found belongs into the tables of ``tests/conformance``.
"""

from __future__ import absolute_import, division, print_function

import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if __name__ == "__main__":
    sys.path[:0] = [os.path.join(TESTS, "support"), os.path.join(TESTS, os.pardir, "src")]

from atheris_runs import run  # noqa: E402
from wire_feeding import feed  # noqa: E402
from wire_fragments import SEEDS  # noqa: E402

from waterspout._wire import MessageLimits  # noqa: E402

#: Every kind of request that has a say in how its response is framed.
METHODS = (b"GET", b"HEAD", b"CONNECT")

#: Within reach of a few bytes.
SMALL = MessageLimits(start_line_bytes=20, head_bytes=60, field_count=3, informational_responses=2,
               chunk_line_bytes=12, trailer_bytes=20, body_bytes=8)


def check(choices, data):
    """Read ``data`` whole and in slices; raise AssertionError if the promise is broken.

    Args:
        choices (int): its bits choose method, offer, close, limits and slicing.
    """
    options = {
        "method": METHODS[choices % len(METHODS)],
        "offer": bool(choices & 0x10),
        "closed": bool(choices & 0x20),
        "limits": SMALL if choices & 0x40 else MessageLimits(),
    }
    size = 1 + (choices >> 8) % 7
    whole = feed([data], **options)
    sliced = feed([data[i:i + size] for i in range(0, len(data), size)], **options)
    if whole.leftover is not None:
        assert sliced.head == whole.head
    else:
        assert sliced.result() == whole.result()
    if whole.error is not None:
        assert not whole.connection.reusable
        assert len(str(whole.error)) < 300
    for head in whole.informational + [whole.head]:
        if head is not None:
            assert len(head.pairs()) == head.raw.count(b"\r\n")


if __name__ == "__main__":
    run(check, SEEDS)
