"""What a plain server logs and answers when it refuses a request: the words of Tornado's server."""

from __future__ import absolute_import, division, print_function

from tornado import httputil

#: For a kind of refusal, and a part of its text, the words that Tornado has for it.
_WORDS = (
    ("request line", "", "Malformed HTTP request line"),
    ("field", "without a colon", "no colon in header line"),
    ("host", "", "Invalid Host header"),
    ("content-length", ",", "Multiple unequal Content-Lengths"),
    ("content-length", "", "Only integer Content-Length is allowed"),
    ("transfer-encoding", "both", "Message with both Transfer-Encoding and Content-Length"),
    ("transfer-encoding", "", "Unsupported Transfer-Encoding"),
    ("unsupported coding", "", "Unsupported Transfer-Encoding"),
    ("chunk", "", "invalid chunk size"),
)

#: Kinds that Tornado takes for a buffer that is too small.
_SIZES = frozenset(["head size", "target size", "field count"])


#: Reason phrases that Python 2.7 does not have.
_REASONS = {431: "Request Header Fields Too Large"}


def reason(status_code):
    # type: (int) -> str
    """Return the reason phrase of a refusal's status."""
    return _REASONS.get(status_code) or httputil.responses[status_code]


def log_message(refused):
    # type: (RequestRefused) -> Tuple[str, Optional[int]]
    """Return a format of the client's name and the refusal, and the status to answer with.

    The status is None if Tornado closes the connection without an answer.
    """
    kind = refused.kind
    if kind == "body time":
        return "Timeout reading body from %s: %s", None
    if kind in _SIZES:
        return "Unsatisfiable read, closing connection from %s: %s", refused.status_code
    text = str(refused)
    status_code = 400 if kind == "body size" else refused.status_code
    for each, part, words in _WORDS:
        if each == kind and part in text:
            return "Malformed HTTP message from %s: " + words + ": %s", status_code
    return "Malformed HTTP message from %s: %s", status_code
