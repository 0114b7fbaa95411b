from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st
from request_feeding import feed
from request_fragments import FRAGMENTS, SEEDS

pytest.importorskip("h11")

from h11_requests import summary_by_h11, summary_of  # noqa: E402

#: What we refuse and h11 reads: a part of our reason, and why.
WE_ARE_STRICTER = {
    "bare LF": "h11 ends lines with LF, in heads and in trailers",
    "bare CR": "h11 waits for more before it looks",
    "control character": "h11 keeps what RFC 9110 section 5.5 calls invalid",
    "folded field line": "h11 unfolds, as RFC 9112 section 5.2 allows",
    "both Transfer-Encoding and": "h11 goes by chunked, as RFC 9112 section 6.3 allows",
    "Transfer-Encoding in HTTP/1.0": "h11 reads it; RFC 9112 section 6.1 calls it faulty",
    "Content-Length": "h11 reads equal ones and lists of them, as RFC 9110 section 8.6 allows",
    "is not supported": "h11 reads HTTP/2.0",
    "empty lines before": "h11 skips any number",
    "is not a method": "h11 waits for a whole head",
    "request line": "h11 waits for a whole head",
    "is not an HTTP version": "h11 waits for a whole head",
    "is not a host and port": "h11 does not look into Host",
    "Host is not the host": "h11 does not compare, and RFC 9112 section 3.2.2 ignores Host",
    "the target": "h11 does not look into targets",
    "in Connection": "h11 ignores such options",
    "chunk size": "h11 skips BWS, and waits for CRLF",
    "chunk data is not followed": "h11 waits for both bytes",
    "chunk extension": "h11 keeps control characters",
    "the connection was closed": "h11 drops the beginning of a head",
}

#: What h11 refuses and we read.
H11_IS_STRICTER = {
    "no request line": "RFC 9112 section 2.2 has a server skip an empty line",
    "illegal request line": "clients send raw UTF-8 in targets",
    "Transfer-Encoding": "we do not look at it in trailers (RFC 9110 section 6.5.1)",
    "Content-Length": "nor at this",
}

CHUNKED = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

messages = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join)


def compare(data, closed):
    """Assert that h11 reads the same, or that we have a reason to refuse it."""
    ours, theirs = summary_of(feed([data], closed=closed)), summary_by_h11(data, closed)
    if type(ours) is type(theirs) is str:
        return
    if type(ours) is str:
        assert [reason for reason in WE_ARE_STRICTER if reason in ours], (ours, theirs)
    elif type(theirs) is str:
        assert [reason for reason in H11_IS_STRICTER if reason in theirs], (ours, theirs)
    else:
        assert ours == theirs


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_whole_requests_are_read_alike(seed, closed):
    """Cut off anywhere, too."""
    for stop in range(len(seed) + 1):
        compare(seed[:stop], closed)


@given(messages, st.booleans())
def test_fragments_of_requests_are_read_alike(data, closed):
    """What we refuse is refused with a reason."""
    compare(data, closed)


@given(st.sampled_from(SEEDS), messages, st.data(), st.booleans())
def test_damaged_requests_are_read_alike(seed, piece, data, closed):
    """What we refuse is refused with a reason."""
    start = data.draw(st.integers(0, len(seed)))
    stop = data.draw(st.integers(start, min(len(seed), start + 5)))
    compare(seed[:start] + piece + seed[stop:], closed)


@pytest.mark.parametrize("data, why", [
    (b"GET / HTTP/1.1\nHost: a\n\n", "bare LF"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", "folded field line"),
    (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "is not a host and port"),
    (b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "Host is not the host of the target"),
    (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", "the target is neither"),
    (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "is not supported"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", "is not a Content-Length"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", "more than"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
     "both"),
    (b"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "in HTTP/1.0"),
])
def test_h11_reads_requests_that_we_refuse(data, why):
    """The differences that are listed above are there: h11 reads these."""
    assert type(summary_by_h11(data)) is list
    assert why in str(feed([data]).error)


@pytest.mark.parametrize("data", [
    b"\r\nGET / HTTP/1.0\r\n\r\n", b"GET /caf\xc3\xa9 HTTP/1.0\r\n\r\n",
    CHUNKED + b"0\r\nContent-Length: x\r\n\r\n",
    CHUNKED + b"0\r\nTransfer-Encoding: x\r\n\r\n",
])
def test_we_read_requests_that_h11_refuses(data):
    """The other differences are there as well."""
    assert [why for why in H11_IS_STRICTER if why in summary_by_h11(data)]
    assert feed([data]).complete
