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
    ("chunk", "", "invalid chunk size"),
)

#: Kinds that Tornado answers with 400, although there is a better status.
_STATUS_400 = frozenset(["body size", "unsupported coding"])

#: Kinds that Tornado takes for a buffer that is too small.
_SIZES = frozenset(["head size", "target size", "field count"])


#: Reason phrases that Python 2.7 does not have.
_REASONS = {431: "Request Header Fields Too Large"}


def reason(status_code):
    # type: (int) -> str
    """Return the reason phrase of a refusal's status."""
    return _REASONS.get(status_code) or httputil.responses[status_code]


def status_of(refused):
    # type: (RequestRefused) -> Optional[int]
    """Return the status to answer with; None to close the connection without an answer."""
    if refused.kind == "body time":
        return None
    return 400 if refused.kind in _STATUS_400 else refused.status_code


def log_line(refused, client):
    # type: (RequestRefused, object) -> str
    """Return what to log, with a ``client`` whose ``str()`` names it."""
    kind, text = refused.kind, str(refused)
    if kind == "body time":
        return "Timeout reading body from %s" % client
    if kind in _SIZES:
        return "Unsatisfiable read, closing connection from %s: %s" % (client, text)
    for each, part, words in _WORDS:
        if each == kind and part in text:
            if text in words:
                return "Malformed HTTP message from %s: %s" % (client, words)
            return "Malformed HTTP message from %s: %s: %s" % (client, words, text)
    return "Malformed HTTP message from %s: %s" % (client, text)
