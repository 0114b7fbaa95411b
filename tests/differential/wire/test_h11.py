from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_feeding import feed
from wire_fragments import FRAGMENTS, SEEDS

pytest.importorskip("h11")

from h11_feeding import summary_by_h11, summary_of  # noqa: E402

#: What we refuse and h11 reads: a part of our reason, and why.
WE_ARE_STRICTER = {
    "not an HTTP/1 response": "h11 waits for a whole head, and reads HTTP/0.9 and HTTP/2.0",
    "malformed status line": "h11 keeps control characters in the reason",
    "bare LF": "h11 ends lines of a trailer section with LF; RFC 9112 section 2.2 leaves it open",
    "control character": "h11 keeps what RFC 9110 section 5.5 calls invalid",
    "both Transfer-Encoding and": "h11 goes by chunked, as RFC 9112 section 6.3 allows",
    "chunk size line": "h11 reads LF in extensions, and waits for CRLF",
    "chunk data is not followed": "h11 waits for both bytes",
    "more than 10 informational": "h11 counts none",
}

methods = st.sampled_from([b"GET", b"HEAD", b"CONNECT"])
messages = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join)


def compare(data, **options):
    """Assert that h11 reads the same, or that we have a reason to refuse it."""
    reading = feed([data], **options)
    ours, theirs = summary_of(reading), summary_by_h11(data, **options)
    if ours is None and theirs is not None:
        why = str(reading.error)
        assert [reason for reason in WE_ARE_STRICTER if reason in why], (why, theirs)
    elif ours is not None and theirs is None:
        # RFC 9112 section 6.3: these end with their heads, whatever the framing fields say.
        assert any(ends_with_head(head, options["method"])
                   for head in reading.informational + [reading.head])
    else:
        assert ours == theirs


def ends_with_head(head, method):
    status = head.status_code
    return status < 200 or status in (204, 304) or method == b"CONNECT" and status < 300


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("offer", [False, True])
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"CONNECT"])
@pytest.mark.parametrize("seed", SEEDS)
def test_whole_responses_are_read_alike(seed, method, offer, closed):
    """Cut off anywhere, too."""
    for stop in range(len(seed) + 1):
        compare(seed[:stop], method=method, offer=offer, closed=closed)


@given(messages, methods, st.booleans(), st.booleans())
def test_fragments_are_read_alike(data, method, offer, closed):
    """What we refuse is refused with a reason."""
    compare(data, method=method, offer=offer, closed=closed)


@given(st.sampled_from(SEEDS), messages, st.data(), methods, st.booleans(), st.booleans())
def test_damaged_responses_are_read_alike(seed, piece, data, method, offer, closed):
    """What we refuse is refused with a reason."""
    start = data.draw(st.integers(0, len(seed)))
    stop = data.draw(st.integers(start, min(len(seed), start + 5)))
    compare(seed[:start] + piece + seed[stop:], method=method, offer=offer, closed=closed)


@pytest.mark.parametrize("data, why", [
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\n", "bare LF"),
    (b"HTTP/1.1 200 O\x01K\r\n\r\n", "malformed status line"),
    (b"HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", "control character"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "both"),
    (b"HTTP/2.0 200 OK\r\n\r\n", "not an HTTP/1 response"),
])
def test_h11_accepts_what_we_refuse(data, why):
    """The differences that are listed above are there: h11 reads these."""
    assert summary_by_h11(data) is not None
    assert why in str(feed([data]).error)
