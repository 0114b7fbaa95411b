"""Where we differ from requests on purpose, and where one transport cannot do what others can.

Both tables are what docs/compatibility.md tells users. tests/differential holds every line of
the first to be true on both sides; a test that meets a line of the second skips, and says so.
"""

from __future__ import absolute_import, division, print_function

import pytest

#: name: (what requests does, what we do and why). Each has its test of this name.
FROM_REQUESTS = {
    "default_port": (
        "keeps ':80' in response.url",
        "dropped: one origin, one spelling; the Host header is the same",
    ),
    "userinfo_in_url": (
        "keeps user and password in response.url",
        "stripped: URLs are logged; the Authorization header is the same",
    ),
    "userinfo_charset": (
        "sends user and password as Latin-1, or fails where that is not enough",
        "UTF-8, as RFC 7617 recommends",
    ),
    "tilde_on_27": (
        "escapes '~' in forms and params on 2.7, not on 3",
        "never escaped (RFC 3986 section 2.3): the same bytes from every Python",
    ),
    "nested_text_on_27": (
        "cannot encode text beyond ASCII in a list in a list on 2.7",
        "encoded as on 3",
    ),
    "text_body_on_27": (
        "cannot send text beyond ASCII as a body on 2.7",
        "sent as UTF-8, as on 3",
    ),
    "params_type": (
        "cannot take text params= beyond ASCII on 2.7, nor such bytes on 3",
        "both are taken, as UTF-8",
    ),
    "empty_form": (
        "sends a form of which nothing is left as chunks without end or beginning",
        "Content-Length: 0",
    ),
    "double_slash": (
        "takes leading slashes for one in some of its versions",
        "left alone: //a is another path than /a",
    ),
    "trailing_space": (
        "keeps white space behind a header's value, sent or received",
        "left out: it is no part of the value (RFC 9110 section 5.5)",
    ),
    "stray_percent": (
        "escapes the escapes of the whole query again when params= is text with a stray '%'",
        "each character is escaped once",
    ),
    "idna": (
        "encodes host names by IDNA 2008 (package idna)",
        "by IDNA 2003, which the standard library has; they differ for a few letters like sharp s",
    ),
    "host_characters": (
        "accepts escapes in a host, and white space where urllib3 is old",
        "refused: no resolver knows such a name",
    ),
    "url_objects": (
        "calls str() on what it is given as a URL",
        "refused unless it is text or bytes: None is not a host",
    ),
    "header_characters": (
        "accepts control characters other than CR and LF in header values, and odd names",
        "refused, as RFC 9110 section 5 has it",
    ),
    "method_characters": (
        "accepts any text as a method",
        "a token, as RFC 9110 section 9 has it",
    ),
    "user_agent": ("sends python-requests/...", "waterspout/..."),
    "connection_header": (
        "asks for keep-alive",
        "up to the transport; keeping it is HTTP/1.1's default",
    ),
    "accept_encoding": (
        "offers br and zstd where those packages are installed",
        "as well, where they can be stopped from filling the memory: brotli from 1.2 on",
    ),
    "multipart_names": (
        "leaves control characters in the names of multipart parts as they are, or before "
        "urllib3 2 escapes all but one of them and doubles backslashes",
        "CR, LF, quotes and all control characters are escaped, as %0D; backslashes are left alone",
    ),
    "multipart_fields": (
        "sends header fields of a multipart part unchecked, a Content-Type in odd case twice",
        "checked like other header fields; the part's own are written once",
    ),
    "text_file": (
        "sends a file opened as text by its size on disk, or in memory as a whole",
        "in chunks, as UTF-8",
    ),
    "changed_file": (
        "sends what a file has become while it is sent, whatever length it announced",
        "BodyChanged, before the request is whole",
    ),
    "unknown_coding": (
        "hands out a body in a coding it does not know as it is",
        "ContentDecodingError: nobody could use it",
    ),
    "text_guess": (
        "guesses the charset of text that declares none, by a package; takes one that nobody "
        "knows for UTF-8 with replacements",
        "UTF-8 if it is that, else Latin-1",
    ),
    "json_charset": (
        "decodes JSON by the charset that is declared, or that its type implies",
        "by JSON's own rule (UTF-8, -16 or -32) before that: text/plain does not garble it",
    ),
    "cross_origin_credentials": (
        "keeps Authorization from http to https on one host, and drops nothing but that",
        "Authorization, Cookie and Proxy-Authorization go nowhere but to their origin",
    ),
    "same_origin_cookie": (
        "drops a Cookie header given by hand on every redirect, and asks its jar",
        "kept on the same origin: there is no jar to ask",
    ),
    "location_spelling": (
        "leaves dot segments and lower-case escapes of an absolute Location as they are",
        "normalized like every other URL",
    ),
    "location_charset": (
        "fails on a Location that is not UTF-8, or on 2.7 sends its bytes",
        "taken for Latin-1, as browsers do",
    ),
}

#: (transport, what): why. The others can.
LIMITS = {
    ("curl", "head_with_body"): "libcurl cannot send a HEAD with a body: LocalProtocolError",
    ("curl", "waiting_bytes"): (
        "libcurl may use a connection again on which bytes are waiting, most of all before 8.1"
    ),
    ("curl", "pause"): (
        "with a pycurl before 7.45, as on 2.7, no stream=True and no body that waits for Futures: "
        "Unsupported"
    ),
    ("threads", "early_answer"): (
        "http.client reads no answer before the whole body is sent: if the server reads no "
        "further, a WriteTimeout"
    ),
    ("threads", "futures_in_body"): (
        "a body is bytes at once, from a file or iterator: one of Futures is Unsupported"
    ),
    ("threads", "late_pieces"): (
        "where urllib3 is old, a body with a length is streamed in pieces of 64 KiB, not as it "
        "comes"
    ),
    ("threads", "cut_head"): (
        "http.client takes the end of the stream for the end of the header fields"
    ),
    ("threads", "informational"): (
        "http.client takes an informational response other than 100 for the answer; refused"
    ),
    ("threads", "hundred_fields"): "http.client reads 100 header fields: ResponseTooLarge",
    ("threads", "handshake"): (
        "as in requests, a TLS handshake that stalls is a ReadTimeout, one cut off a ReadError"
    ),
    ("threads", "stopping"): (
        "a thread cannot be stopped: it is busy until its own timeout, and so is its connection"
    ),
    ("tornado", "trailers"): "the simple client refuses trailer fields and chunk extensions",
    ("tornado", "no_reason"): "the simple client wants a space behind the status: refused",
    ("tornado", "keep_alive"): "the simple client opens a connection for every exchange",
    ("tornado", "early_answer"): (
        "the simple client reads no answer before the whole body is sent: if the server hangs up "
        "before, a WriteError"
    ),
    ("tornado", "field_case"): "Tornado spells names its way: X-Request-Id",
}


def skip_if_limited(transport, what):
    """Skip a test of what this transport is declared not to do."""
    if (transport, what) in LIMITS:
        pytest.skip(LIMITS[transport, what])
