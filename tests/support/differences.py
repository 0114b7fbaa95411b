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
    "auth_charset": (
        "sends text in `auth=` as Latin-1, or fails where that is not enough; an HTTPDigestAuth "
        "hashes UTF-8 and sends Latin-1",
        "UTF-8, as RFC 7617 recommends; bytes are sent as they are",
    ),
    "auth_types": (
        "calls str() on a user name or password that is no text, with a warning",
        "TypeError: 'None' is nobody's password",
    ),
    "digest_fields": (
        "puts quotes around algorithm and qop of a Digest answer, and none into those of a user "
        "name; takes one challenge for all that the header says; leaves out cnonce without qop",
        "as RFC 7616 section 3.4 has it; the first challenge that can be answered is",
    ),
    "digest_redirect": (
        "sends the Digest answer for one target with a redirect to the next, and is asked again",
        "each request is signed for its own target; the challenges that were answered stay in "
        "the history behind redirects",
    ),
    "cross_origin_digest": (
        "answers a Digest challenge of wherever a redirect leads to",
        "of the origin that the call was for, and no other",
    ),
    "cross_origin_auth": (
        "keeps headers other than Authorization that `auth=` has set, wherever a redirect leads",
        "whatever `auth=` has set goes nowhere but to its origin",
    ),
    "digest_of_a_gone_body": (
        "answers a Digest challenge with what is left of a body that cannot be rewound",
        "UnrewindableBodyError",
    ),
    "netrc_and_userinfo": (
        "lets a netrc file count more than a user in the URL since 2.32.4",
        "what the URL says counts, as before that",
    ),
    "sent_request": (
        "hands out the very request given to `Session.send` as `response.request`, changed",
        "a copy: one request may be sent many times at once",
    ),
    "netrc": (
        "reads netrc files unless told not to",
        "only with `Session(trust_env=True)`",
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
        "as UTF-8: with its length up to 1 MiB, in chunks beyond",
    ),
    "untrue_size": (
        "sends a file by a size that is not true, as under /sys, and the request is never whole",
        "as one of unknown size: in chunks, or as part of a form read first up to 1 MiB",
    ),
    "empty_file": (
        "sends an empty file in chunks, of which there are none",
        "Content-Length: 0",
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
        "asks a package for the charset of a body that declares none, about all of it; "
        "without one takes it for UTF-8",
        "UTF-8 if it is that; else such a package is asked, about 4 KiB; without one "
        "Latin-1",
    ),
    "not_a_charset": (
        "takes any codec of Python for a charset, also one that takes quadratic time",
        "codecs that are no charsets are unknown ones, so UTF-8",
    ),
    "streamed_content": (
        "reads a streamed body when its `content` or `text` is looked at",
        "ResponseNotRead: that would block the IOLoop; `read()` it first",
    ),
    "piece_size": (
        "gives one byte at a time from `iter_content()` without a size",
        "pieces as they come",
    ),
    "size_zero": (
        "takes a chunk_size of 0 or less for all of it, or never ends",
        "ValueError",
    ),
    "unknown_charset_in_pieces": (
        "fails with LookupError within iter_content(decode_unicode=True) where nobody "
        "knows the charset",
        "UTF-8 with replacements, as in `text`",
    ),
    "cut_line_ends": (
        "makes two lines of a CRLF that straddles pieces, and loses or adds one at a "
        "delimiter",
        "iter_lines() gives the lines of the whole body, however it comes",
    ),
    "quoted_links": (
        "splits a Link header at commas and '=' in quotes, too",
        "what is quoted is one value",
    ),
    "raw": (
        "has `response.raw`, urllib3's response",
        "there is none: iter_content() gives the body, undecoded it is not kept",
    ),
    "json_charset": (
        "decodes JSON by the charset that is declared, or that its type implies",
        "by JSON's own rule (UTF-8, -16 or -32) before that: text/plain does not garble it",
    ),
    "cross_origin_credentials": (
        "keeps Authorization from http to https on one host",
        "Authorization goes nowhere but to its origin",
    ),
    "cookies_without_domain": (
        "sends cookies of `cookies=` and those set in a jar without a domain to wherever a "
        "redirect leads",
        "sent to the origin of the URL that was called, and no other",
    ),
    "cookie_domains": (
        "lets `10.1.2.3` set cookies for `2.3`, hosts without a dot for each other "
        "(Domain=local), and `shop.co.uk` for `co.uk`",
        "ignored: a Domain is a name above the host's, and no country's second level",
    ),
    "host_only_cookies": (
        "sends a cookie that came without a Domain to the names below its host too",
        "to its host alone (RFC 6265 section 5.4)",
    ),
    "expiring_cookies": (
        "lets every server remove any other's cookies",
        "a server removes what it may set",
    ),
    "cookie_limits": (
        "keeps any number of cookies, however long",
        "a Set-Cookie of more than 4096 bytes is ignored; of more than 180 of a domain or 3000 in "
        "all, the oldest are forgotten",
    ),
    "cookie_characters": (
        "sends names and values of cookies as they are given, `;` and all",
        "InvalidHeader where they would be more than one cookie",
    ),
    "cookie_repr": (
        "shows cookies' values in the repr of a jar",
        "names, domains and paths only",
    ),
    "hooks_uncallable": (
        "leaves out hooks that cannot be called",
        "TypeError",
    ),
    "hooks_history": (
        "fills `history` behind the hooks",
        "before them: a hook sees where it is",
    ),
    "streamed_redirects": (
        "reads the bodies of redirects, however long, also with `stream=True`",
        "closed unread then; their headers are in `history`",
    ),
    "next_location": (
        "has a `response.next` for whatever Location says, and counts it in `max_redirects`",
        "`response.next` raises what following it would, and does not count",
    ),
    "location_spelling": (
        "leaves dot segments and lower-case escapes of an absolute Location as they are",
        "normalized like every other URL",
    ),
    "trust_env": (
        "trusts the environment's proxies and authorities unless session.trust_env is False",
        "trusts them only with trust_env=True: a service says itself whom it calls through whom",
    ),
    "no_proxy_given": (
        "reads no_proxy in proxies= for the environment's proxies only",
        "for those given beside it as well: it can mean nothing else",
    ),
    "no_proxy_suffix": (
        "takes 'example.com' in no_proxy for notexample.com as well, before 2.34",
        "for that name and those under it",
    ),
    "no_proxy_port": (
        "takes 'host:80' in no_proxy for http://host:80/ but not for http://host/",
        "for both: they are one origin",
    ),
    "no_proxy_redirect": (
        "follows a redirect to a host in NO_PROXY through the environment's proxy of the first",
        "asks anew for each URL",
    ),
    "proxy_kinds": (
        "speaks TLS to https:// proxies, and SOCKS where PySocks is installed",
        "Unsupported: a proxy is spoken to in plain HTTP",
    ),
    "proxy_authorization": (
        "sends a Proxy-Authorization header given by hand through the tunnel, to the server",
        "to the proxy alone, with CONNECT",
    ),
    "verify_falsy": (
        "takes None, 0 and '' in session.verify for False",
        "nothing but False switches verification off; a TypeError, or a path that is not there",
    ),
    "missing_certificates": (
        "raises a plain OSError for a CA or certificate file that is not there",
        "an SSLError, which is one as well, with the request it was for",
    ),
    "insecure_warning": (
        "warns of calls with verify=False",
        "does not: whoever switched it off knows",
    ),
    "location_charset": (
        "fails on a Location that is not UTF-8, or on 2.7 sends its bytes",
        "taken for Latin-1, as browsers do",
    ),
    "length_and_chunked": (
        "goes by the chunks of a response with Content-Length and Transfer-Encoding",
        "RemoteProtocolError: that is how responses are split (RFC 9112 section 6.3)",
    ),
    "response_field_names": (
        "takes any text, such as `a/b`, for the name of a response's header field",
        "RemoteProtocolError unless it is a token (RFC 9110 section 5.1)",
    ),
    "field_without_a_colon": (
        "leaves out a line of a response's head without a colon, on 3 all lines from there on",
        "RemoteProtocolError: a field that was left out may be the one that frames the body",
    ),
    "location_without_a_host": (
        "follows `Location: http:/x` to a path of the same host",
        "InvalidURL: RFC 9110 section 4.2.1 has no such URL",
    ),
}

#: (transport, what): why. The others can.
LIMITS = {
    ("curl", "head_with_body"): "libcurl cannot send a HEAD with a body: LocalProtocolError",
    ("curl", "waiting_bytes"): (
        "libcurl may use a connection again on which bytes are waiting, most of all before 8.1"
    ),
    ("curl", "fresh_connection"): (
        "a body that is read while it is sent goes over a new connection: on a kept one that the "
        "server has closed libcurl would want it again"
    ),
    ("curl", "log"): "Tornado logs URLs with their queries at DEBUG; credentials it does not",
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
    ("curl", "odd_chunk_lines"): (
        "libcurl ends chunk lines and trailer fields with a bare LF as well, and does not tell of "
        "blanks behind a chunk size: the connection may be used again"
    ),
    ("threads", "odd_chunk_lines"): (
        "urllib3 takes what `int()` takes for a chunk size, and a bare LF for the end of its line; "
        "the connection may be used again"
    ),
    ("threads", "two_lengths"): (
        "urllib3 refuses lengths that contradict each other also where there is no body"
    ),
    ("threads", "odd_heads"): (
        "http.client does not tell of bare LFs in a head, nor of a 100 that announces a body: the "
        "connection may be used again"
    ),
    ("threads", "handshake"): (
        "as in requests, a TLS handshake that stalls is a ReadTimeout, one cut off a ReadError"
    ),
    ("threads", "log"): (
        "urllib3 logs paths and queries at DEBUG, as under requests; credentials it does not"
    ),
    ("threads", "stopping"): (
        "a thread cannot be stopped: it is busy until its own timeout, and so is its connection"
    ),
    ("pooled", "addresses"): "2.7's ssl verifies no certificate for an IP address: SSLError",
    ("tornado", "addresses"): "2.7's ssl verifies no certificate for an IP address: SSLError",
    ("threads", "addresses"): "2.7's ssl verifies no certificate for an IP address: SSLError",
    ("tornado", "trailers"): "the simple client refuses trailer fields and chunk extensions",
    ("tornado", "no_reason"): "the simple client wants a space behind the status: refused",
    ("tornado", "keep_alive"): "the simple client opens a connection for every exchange",
    ("tornado", "early_answer"): (
        "the simple client reads no answer before the whole body is sent: if the server hangs up "
        "before, a WriteError"
    ),
    ("tornado", "folds"): "newer simple clients refuse a header field on two lines",
    ("tornado", "field_case"): "Tornado spells names its way: X-Request-Id",
}


def skip_if_limited(transport, what):
    """Skip a test of what this transport is declared not to do."""
    if (transport, what) in LIMITS:
        pytest.skip(LIMITS[transport, what])


def skip_unless_streaming(transport):
    """Skip a test of ``stream=True`` where pycurl is too old for it."""
    if transport == "curl":
        from waterspout.transports.curl.upload import CAN_PAUSE

        if not CAN_PAUSE:
            pytest.skip(LIMITS["curl", "pause"])
