"""Feeds the request reader with whatever a fuzzer thinks of.

    python tests/fuzz/fuzz_requests.py [libFuzzer options] [corpus folder]

As ``fuzz_wire``, for the server's side.
"""

from __future__ import absolute_import, division, print_function

import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if __name__ == "__main__":
    sys.path[:0] = [os.path.join(TESTS, "support"), os.path.join(TESTS, os.pardir, "src")]

from atheris_runs import run  # noqa: E402
from request_feeding import feed  # noqa: E402
from request_fragments import SEEDS  # noqa: E402

from waterspout._wire import MessageLimits  # noqa: E402

#: Within reach of a few bytes.
SMALL = MessageLimits(start_line_bytes=20, head_bytes=60, field_count=3, chunk_line_bytes=12,
                      trailer_bytes=20, body_bytes=8)


def check(choices, data):
    """Read ``data`` whole and in slices; raise AssertionError if the promise is broken.

    Args:
        choices (int): its bits choose close, limits, Host, slicing and the size of pieces.
    """
    options = {
        "requires_host": bool(choices & 0x10),
        "closed": bool(choices & 0x20),
        "limits": SMALL if choices & 0x40 else MessageLimits(),
    }
    size = 1 + (choices >> 8) % 7
    whole = feed([data], **options)
    sliced = feed([data[i:i + size] for i in range(0, len(data), size)],
                  max_bytes=1 + choices % 5, **options)
    assert sliced.result() == whole.result()
    if whole.error is not None:
        assert whole.error.status_code in (400, 413, 414, 431, 501, 505)
        assert len(str(whole.error)) < 300
        assert whole.connection.why_not_next() is not None
    for head, body, _, complete in whole.requests:
        check_request(head, body, complete)


def check_request(head, body, complete):
    """Assert what must be true of every request that was not refused."""
    assert len(head.pairs()) == head.raw.count(b"\r\n")
    names = [name.lower() for name, _ in head.pairs()]
    for name in (b"host", b"content-length", b"transfer-encoding"):
        assert names.count(name) <= 1
    assert not (b"content-length" in names and b"transfer-encoding" in names)
    assert head.chunked == (b"transfer-encoding" in names)
    if complete and not head.chunked:
        assert len(body) == (head.content_length or 0)


if __name__ == "__main__":
    run(check, SEEDS)
