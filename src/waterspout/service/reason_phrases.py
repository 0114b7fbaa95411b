"""Reason phrases of statuses, the same on every Python.

Some Pythons lack these phrases or have them from an older RFC. Source: the IANA HTTP Status Code
Registry; 499 is nginx's.
"""

from __future__ import absolute_import, division, print_function

from tornado import httputil

#: nginx's status for a request whose client did not wait for the response. It is logged, never
#: sent.
CLIENT_CLOSED_REQUEST = 499

_PHRASES = {
    102: "Processing",
    103: "Early Hints",
    207: "Multi-Status",
    208: "Already Reported",
    226: "IM Used",
    308: "Permanent Redirect",
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    418: "I'm a Teapot",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    423: "Locked",
    424: "Failed Dependency",
    425: "Too Early",
    426: "Upgrade Required",
    428: "Precondition Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
    CLIENT_CLOSED_REQUEST: "Client Closed Request",
    506: "Variant Also Negotiates",
    507: "Insufficient Storage",
    508: "Loop Detected",
    510: "Not Extended",
    511: "Network Authentication Required",
}


def reason_phrase(status_code):
    # type: (int) -> str
    """Return the reason phrase of a status, "Unknown" if it has none."""
    return _PHRASES.get(status_code) or httputil.responses.get(status_code, "Unknown")
